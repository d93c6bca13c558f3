"""Asking: deadlines, returns, lost connections, the circuit, and what replies mean."""

import asyncio
import contextlib
from types import SimpleNamespace

import orjson
import pytest

from chassis.errors import Outage
from chassis.work import Actor
from contracts.members.commands import ApproveMember
from gateway import backend as backends
from gateway.backend import Backend
from gateway.circuit import Circuit
from gateway.problems import Problem
from gateway.question import Bug, Question, read, written

QUESTION = Question(
    command=ApproveMember(member_id="ayu"),
    actor=Actor(member_id="koko", session_id="s", address="127.0.0.1"),
    request_id="r",
    traceparent="t",
)


class Channel:
    """Publishes into a list and answers as told."""

    def __init__(self, backend, reply=None, *, returned=False, error=None):
        self.backend, self.reply, self.returned, self.error = backend, reply, returned, error
        self.published = []

    async def basic_publish(self, body, *, routing_key, properties, mandatory, wait):
        if self.error:
            raise self.error
        self.published.append((routing_key, orjson.loads(body), properties, mandatory))
        message = SimpleNamespace(
            header=SimpleNamespace(properties=properties), body=orjson.dumps(self.reply)
        )
        if self.reply is not None or self.returned:
            self.backend._settle(message, returned=self.returned)
            self.backend._settle(message, returned=self.returned)


def connected(**told):
    backend = Backend("amqp://x/", "kediri-raya", 0.2)
    backend._channel = Channel(backend, **told)
    return backend


def ask(backend, **more):
    return asyncio.run(backend.ask(QUESTION, **more))


def test_a_question_travels_with_its_deadline_to_the_service_queue():
    backend = connected(reply={"result": {"id": "ayu"}, "facts": [], "replayed": True})
    reply = ask(backend)
    ((key, body, properties, mandatory),) = backend._channel.published

    assert (reply.result, reply.replayed) == ({"id": "ayu"}, True)
    assert key == "ask.kediri-raya.members"
    assert body["verb"] == "members.approve_member"
    assert body["actor"] == {"member_id": "koko", "session_id": "s", "address": "127.0.0.1"}
    assert properties.reply_to == "amq.rabbitmq.reply-to"
    assert 0 < int(properties.expiration) <= 200
    assert mandatory is True
    assert not backend._waiting


def test_the_body_on_the_wire():
    assert written(QUESTION, 5.0) == {
        "verb": "members.approve_member",
        "command": {"member_id": "ayu"},
        "actor": {"member_id": "koko", "session_id": "s", "address": "127.0.0.1"},
        "request_id": "r",
        "traceparent": "t",
        "key": None,
        "fingerprint": None,
        "if_match": None,
        "deadline": 5.0,
    }


def test_nobody_waits_past_the_deadline():
    with pytest.raises(Outage, match=r"0\.2 s"):
        ask(connected())


def test_a_returned_command_is_an_outage_at_once():
    with pytest.raises(Outage, match="not there"):
        ask(connected(returned=True), deadline_seconds=60)


def test_a_broken_connection_is_an_outage():
    with pytest.raises(Outage, match="broker"):
        ask(connected(error=OSError("gone")))


def test_without_a_connection_one_waits_only_a_moment():
    with pytest.raises(Outage, match="away"):
        ask(Backend("amqp://x/?a=b", "r", 0.02))


def test_a_lost_connection_fails_all_who_wait():
    async def story():
        backend = connected()
        asking = asyncio.create_task(backend.ask(QUESTION, 60))
        await asyncio.sleep(0.01)
        backend._lost()
        with pytest.raises(Outage, match="lost"):
            await asking
        assert not backend.connected

    asyncio.run(story())


def test_too_many_in_flight_is_busy():
    backend = connected()
    backend._waiting = dict.fromkeys(map(str, range(backends.MOST_IN_FLIGHT)))
    with pytest.raises(Problem) as caught:
        ask(backend)

    assert caught.value.code.code == "service.busy"


def test_after_failures_in_a_row_the_circuit_opens_and_a_probe_closes_it():
    backend = connected()
    for _ in range(5):
        with pytest.raises(Outage):
            ask(backend, deadline_seconds=0.001)
    with pytest.raises(Outage, match="lately"):
        ask(backend, deadline_seconds=60)

    circuit = backend.circuits["members"]
    circuit.open_seconds = 0
    backend._channel.reply = {"result": None}
    assert ask(backend).result is None
    assert not circuit.is_open


def test_only_one_probe_at_a_time():
    circuit = Circuit(failures_to_open=1, open_seconds=0)
    circuit.failed()
    circuit.enter()
    with pytest.raises(Outage):
        circuit.enter()
    circuit.left()
    circuit.enter()


def test_a_refusal_is_an_answer_not_a_failure():
    backend = connected(reply={"refusal": {"code": "members.not_yours", "detail": "no"}})
    for _ in range(6):
        with pytest.raises(Problem):
            ask(backend)

    assert backend.circuits["members"].failures == 0


@pytest.mark.parametrize(
    ("reply", "raised"),
    [
        ({"outage": "database", "retry_after_seconds": 7}, Outage),
        ({"bug": "r1"}, Bug),
        ({}, Bug),
    ],
)
def test_other_replies_raise(reply, raised):
    with pytest.raises(raised):
        read(reply)


class Closing:
    """Something of the broker's that can end."""

    def __init__(self):
        self.closing = asyncio.get_running_loop().create_future()

    async def close(self):
        raise OSError("closed already")


class Broker:
    """Refuses the first connection and takes the others."""

    def __init__(self):
        self.attempts, self.channels = 0, []

    async def connect(self, uri):
        self.attempts += 1
        if self.attempts == 1:
            raise OSError("refused")
        connection = Closing()
        connection.channel = self.channel
        return connection

    async def channel(self, publisher_confirms):
        channel = Closing()
        channel.basic_consume, channel._get_frame = self.consume, self.header
        channel._read_content = self.content
        self.channels.append(channel)
        return channel

    async def consume(self, queue, callback, no_ack):
        await callback(None)

    async def header(self):
        return "header"

    async def content(self, frame, header):
        properties = SimpleNamespace(correlation_id=frame)
        return SimpleNamespace(header=SimpleNamespace(properties=properties), body=b"body")


@pytest.fixture
def broker(monkeypatch):
    found = Broker()
    monkeypatch.setattr(backends.aiormq, "connect", found.connect)
    monkeypatch.setattr(backends, "BACKOFF_SECONDS", (0.0,))
    return found


@contextlib.asynccontextmanager
async def running():
    backend = Backend("amqp://x/", "r")
    task = asyncio.create_task(backend.run())
    await asyncio.wait_for(backend._ready.wait(), 1)
    yield backend
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def test_the_connection_is_made_again_when_it_ends(broker):
    async def story():
        async with running() as backend:
            assert backend.connected
            broker.channels[0].closing.set_result(None)
            await asyncio.sleep(0.01)
            assert len(broker.channels) == 2

    asyncio.run(story())


def test_frames_are_handed_straight_to_who_waits(broker):
    async def story():
        async with running() as backend:
            loop, channel = asyncio.get_running_loop(), broker.channels[0]
            answered, unroutable = loop.create_future(), loop.create_future()
            backend._waiting = {"1": answered, "2": unroutable}
            await channel._on_deliver_frame("1")
            await channel._on_return_frame("2")
            await channel._on_deliver_frame("nobody's")
            assert answered.result() == b"body"
            assert isinstance(unroutable.exception(), Outage)

    asyncio.run(story())
