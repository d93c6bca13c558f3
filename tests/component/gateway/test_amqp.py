"""The gateway's AMQP connection: signing in, frames, heartbeats, and every way it can end."""

import asyncio
import contextlib
import datetime
import ipaddress
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pamqp import commands, frame, header

from gateway import amqp
from gateway.amqp import Address, Connection, Lost
from tests.support.plain_broker import DELIVER, HEARTBEAT, PlainBroker, content, until

REPLY = content(DELIVER, "1", b"pong")


class Told:
    """What a connection told."""

    def __init__(self):
        self.settled, self.flows = [], []

    def settle(self, number, body):
        self.settled.append((number, body))

    @property
    def free(self):
        return bool(self.flows) and self.flows[-1]


@contextlib.asynccontextmanager
async def opened(prepare=lambda broker: None, tail="", tls=None):
    """An open connection to a broker, and what it tells."""
    broker, told = PlainBroker(), Told()
    prepare(broker)
    await broker.start(tls)
    connection = Connection(told.settle, told.flows.append)
    try:
        uri = broker.uri("amqps" if tls else "amqp", tail)
        async with asyncio.timeout(5):
            await connection.open(Address.of(uri))
        yield connection, broker, told
    finally:
        await connection.close()
        await broker.stop()


async def end_of(connection):
    """The reason why it ended."""
    async with asyncio.timeout(5):
        return str(await connection.ended)


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("amqp://", ("localhost", 5672, "guest", "guest", "/", False)),
        ("amqp://h/", ("h", 5672, "guest", "guest", "/", False)),
        ("amqps://h/%2F", ("h", 5671, "guest", "guest", "/", True)),
        ("amqp://u%40:p%2F@h:1/kediri-raya?x=y", ("h", 1, "u@", "p/", "kediri-raya", False)),
        ("pyamqp://u:p@[::1]:5/%2Fdeep", ("::1", 5, "u", "p", "/deep", False)),
    ],
)
def test_a_uri_names_host_credentials_and_vhost(uri, address):
    assert tuple(vars(Address.of(uri)).values()) == address


@pytest.mark.parametrize("uri", ["http://h", "amqp://h:port/", ""])
def test_another_uri_is_refused_at_once(uri):
    with pytest.raises(ValueError, match=r"scheme|port|Port"):
        Address.of(uri)


def test_a_password_is_never_shown():
    assert "secret" not in repr(Address.of("amqp://koko:secret@h/"))


def test_it_signs_in_with_what_it_needs_and_says_goodbye():
    async def story():
        async with opened(tail="%2Fhouse") as (connection, broker, told):
            assert broker.sign_in.response == "\0koko\0p@ss"
            assert broker.sign_in.mechanism == "PLAIN"
            assert broker.sign_in.client_properties["capabilities"] == {
                "authentication_failure_close": True,
                "connection.blocked": True,
            }
            assert told.free
            await connection.close()
            assert not told.free
        assert broker.said == [
            [
                "ProtocolHeader",
                "Connection.StartOk",
                "Connection.TuneOk",
                "Connection.Open",
                "Channel.Open",
                "Basic.Consume",
                "Connection.Close",
            ]
        ]

    asyncio.run(story())


def test_a_refused_sign_in_says_why():
    def refuse(broker):
        broker.answers["Connection.StartOk"] = commands.Connection.Close(403, "REFUSED", 0, 0)

    async def story():
        with pytest.raises(Lost, match="403 REFUSED"):
            async with opened(refuse):
                pass

    asyncio.run(story())


def test_another_protocol_is_refused():
    def greet(broker):
        broker.answers["ProtocolHeader"] = commands.Channel.OpenOk()

    async def story():
        with pytest.raises(Lost, match="not expected"):
            async with opened(greet):
                pass

    asyncio.run(story())


def test_a_broker_that_hangs_up_while_signing_in_is_lost():
    async def story():
        broker = PlainBroker()
        broker.answers["Channel.Open"] = None
        await broker.start()
        connection = Connection(lambda *_: None, lambda _: None)
        opening = asyncio.create_task(connection.open(Address.of(broker.uri())))
        await until(lambda: broker.said and "Channel.Open" in broker.said[0])
        broker.hang_up()
        with pytest.raises(Lost):
            await opening
        with pytest.raises(Lost):
            await connection._call(commands.Channel.Open(), 1, commands.Channel.OpenOk)
        await broker.stop()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (commands.Connection.Close(320, "CONNECTION_FORCED", 0, 0), "320 CONNECTION_FORCED"),
        (commands.Channel.Close(406, "PRECONDITION_FAILED", 0, 0), "406 PRECONDITION_FAILED"),
        (commands.Basic.Cancel("tag"), "not expected"),
    ],
)
def test_a_broker_that_closes_ends_the_connection(said, why):
    async def story():
        async with opened() as (connection, broker, told):
            broker.say(said, 1 if said.name.startswith("Channel") else 0)
            assert why in await end_of(connection)
            assert not told.free

    asyncio.run(story())


def test_a_closing_broker_is_told_that_it_was_heard():
    async def story():
        async with opened() as (connection, broker, _):
            broker.say(commands.Connection.Close(320, "bye", 0, 0))
            await end_of(connection)
            await until(lambda: broker.said[0][-1] == "Connection.CloseOk")

    asyncio.run(story())


@pytest.mark.parametrize(
    "data",
    {
        "no frame": b"HTTP/1.1 400 Bad Request\r\n\r\n",
        "another version": b"AMQP\0\0\x09\x01",
        "an unknown kind": b"\x04\0\x01\0\0\0\0\xce",
        "no end": REPLY[:-1] + b"\0",
        "too large": b"\x01\0\x01\xff\xff\xff\xff\0",
        "an unknown method": b"\x01\0\x01\0\0\0\x04\xff\xff\xff\xff\xce",
        "a method too short": b"\x01\0\x01\0\0\0\x01\0\xce",
        "a header too short": frame.marshal(DELIVER, 1) + b"\x02\0\x01\0\0\0\x02\0\x3c\xce",
        "a header of nothing": frame.marshal(header.ContentHeader(0, 4, None), 1),
        "a body of nothing": b"\x03\0\x01\0\0\0\x01x\xce",
        "a body too long": content(DELIVER, "1", b"pong").replace(b"\4pong", b"\5pongs"),
    }.items(),
    ids=lambda item: item[0],
)
def test_a_malformed_frame_ends_the_connection(data):
    async def story():
        async with opened() as (connection, broker, told):
            broker.say_raw(data[1])
            assert (await end_of(connection)).startswith("malformed: ")
            assert told.settled == []

    asyncio.run(story())


def feed(reader, data):
    """What a socket does."""
    while data:
        room = reader.room()
        count = min(len(room), len(data))
        room[:count], data = data[:count], data[count:]
        reader.take(count)


def test_a_large_command_is_cut_into_frames_that_the_broker_allows():
    def tuned(broker):
        broker.answers["Connection.StartOk"] = commands.Connection.Tune(0, 4096, 0)

    async def story():
        async with opened(tuned) as (connection, broker, _):
            body = bytes(range(256)) * 64
            connection.publish("ask.r.s", b"1", body, 5000)
            await until(lambda: broker.commands)
            (command,) = broker.commands
            assert (command.queue, command.body) == ("ask.r.s", body)
            assert (command.properties.correlation_id, command.properties.expiration) == (
                "1",
                "5000",
            )
            assert command.frames == 5

    asyncio.run(story())


def test_what_is_published_at_once_arrives_in_order():
    async def story():
        async with opened() as (connection, broker, _):
            for number in range(20):
                connection.publish("q", b"%d" % number, b"{}", 1)
            await until(lambda: len(broker.commands) == 20)
            numbers = [command.properties.correlation_id for command in broker.commands]
            assert numbers == [str(number) for number in range(20)]
            connection.publish("q", b"20", b"{}", 1)
            await until(lambda: len(broker.commands) == 21)

    asyncio.run(story())


def test_an_idle_connection_beats_and_a_silent_broker_is_hung_up_on(monkeypatch):
    monkeypatch.setattr(amqp, "HEARTBEAT_SECONDS", 0.05)

    async def story():
        async with opened() as (connection, broker, told):
            broker.answers["Basic.Qos"] = None
            broker.say(HEARTBEAT)
            await until(lambda: "Heartbeat" in broker.said[0])
            assert "fell silent" in await end_of(connection)
            assert broker.said[0].count("Basic.Qos") == amqp.LOOKS - 1
            assert not told.free

    asyncio.run(story())


def test_a_broker_that_only_answers_when_asked_for_a_word_is_not_silent(monkeypatch):
    monkeypatch.setattr(amqp, "HEARTBEAT_SECONDS", 0.05)

    async def story():
        async with opened() as (connection, broker, told):
            await until(lambda: broker.said[0].count("Basic.Qos") > 5, 0.8)
            print(broker.said)
            assert not connection.ended.done()
            assert told.free

    asyncio.run(story())


def test_a_broker_that_blocks_is_not_asked_for_a_word_it_could_not_give(monkeypatch):
    monkeypatch.setattr(amqp, "HEARTBEAT_SECONDS", 0.05)

    async def story():
        async with opened() as (connection, broker, told):
            broker.say(commands.Connection.Blocked("memory"))
            await until(lambda: not told.free)
            asked = broker.said[0].count("Basic.Qos")
            for _ in range(10):
                broker.say(HEARTBEAT)
                await asyncio.sleep(0.02)
            assert broker.said[0].count("Basic.Qos") == asked
            assert not connection.ended.done()

    asyncio.run(story())


def test_a_broker_that_beats_is_not_silent(monkeypatch):
    monkeypatch.setattr(amqp, "HEARTBEAT_SECONDS", 0.05)

    async def story():
        async with opened() as (connection, broker, told):
            broker.answers["Basic.Qos"] = None
            for _ in range(20):
                broker.say(HEARTBEAT)
                await asyncio.sleep(0.01)
            assert not connection.ended.done()
            assert told.free

    asyncio.run(story())


def test_commands_stop_while_the_broker_reads_too_slowly():
    async def story():
        async with opened() as (connection, _, told):
            connection.pause_writing()
            assert not told.free
            connection.resume_writing()
            assert told.free

    asyncio.run(story())


def test_a_broker_that_does_not_say_goodbye_is_left_after_a_moment(monkeypatch):
    monkeypatch.setattr(amqp, "CLOSE_SECONDS", 0.05)

    def rude(broker):
        broker.answers["Connection.Close"] = None

    async def story():
        async with opened(rude) as (connection, _, _):
            async with asyncio.timeout(1):
                await connection.close()
            assert await end_of(connection) == "closed"

    asyncio.run(story())


@pytest.fixture
def tls(tmp_path):
    """A broker's TLS, and trust in its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "broker")])
    now = datetime.datetime.now(datetime.UTC)
    local = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([local]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = tmp_path / "broker.pem", tmp_path / "broker.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return context, pem


def test_commands_travel_over_tls_when_the_certificate_is_trusted(tls, monkeypatch):
    context, pem = tls
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))

    async def story():
        async with opened(lambda broker: setattr(broker, "told", lambda _: REPLY), tls=context) as (
            connection,
            _,
            told,
        ):
            connection.publish("q", b"1", b"{}", 5000)
            await until(lambda: told.settled == [(b"1", b"pong")])

    asyncio.run(story())


def test_a_certificate_that_nobody_trusts_is_refused(tls):
    async def story():
        with pytest.raises(ssl.SSLCertVerificationError):
            async with opened(tls=tls[0]):
                pass

    asyncio.run(story())
