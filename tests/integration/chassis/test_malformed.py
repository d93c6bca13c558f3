"""Nonsense from the broker ends no process, makes no loop and stops nothing well-formed."""

import struct
import time
from contextlib import closing
from copy import copy

import amqp
import orjson
import pytest

from chassis import topology
from chassis.asking import question
from chassis.call import Actor
from contracts.codec import encode
from contracts.envelope import seal
from contracts.members.commands import CreateArea
from contracts.members.facts import AreaCreated
from contracts.members.states import Area
from tests.support.asker import REPLY_TO, Asker
from tests.support.infrastructure import Stage, until

pytestmark = pytest.mark.cell

LEDGER, LISTENER, BATCHER = (f"tests.support.{name}" for name in ("ledger", "listener", "batcher"))
A_TIME = "2026-11-21T02:00:00.123Z"


def a_fact(number: int = 0, **changes) -> dict:
    area = Area(
        id=f"a{number}",
        version=1,
        region="uji",
        created_at=A_TIME,
        updated_at=A_TIME,
        name=f"Wilayah {number}",
        codes=(),
    )
    envelope = seal(AreaCreated(area=area), id=f"e{number}", region="uji", time=A_TIME)
    return {**encode(envelope), **changes}


LASTING_SECONDS = 24 * 3600.0  # made when the module is read, sent minutes later


def a_command(**changes) -> dict:
    command = CreateArea(id="x", name="Wilayah X", codes=())
    return {**question(command, Actor(), LASTING_SECONDS), **changes}


class Badly(amqp.Message):
    """A message whose properties are written byte by byte, as no honest client does."""

    raw = b""

    def _serialize_properties(self) -> bytes:
        return self.raw


def badly(body: bytes, raw: bytes) -> amqp.Message:
    message = Badly(body)
    message.raw = raw
    return message


def a_table(key: bytes, kind: bytes, value: bytes) -> bytes:
    """Properties with one header, encoded by hand."""
    entry = bytes([len(key)]) + key + kind + value
    return struct.pack(">HI", 0x2000, len(entry)) + entry


def a_nest(depth: int) -> bytes:
    """Arrays in arrays in arrays."""
    inside = struct.pack(">I", 0)
    for _ in range(depth):
        inside = struct.pack(">I", len(inside) + 1) + b"A" + inside
    return inside


GOOD = orjson.dumps(a_fact(99))
DEEP = b"[" * 100_000 + b"]" * 100_000
DEEP_DATA = orjson.dumps(a_fact(data={"area": 1})).replace(
    b"1}", b'{"a":' * 400 + b"1" + b"}" * 401
)

FACTS = {
    "bad JSON": amqp.Message(b'{"id": '),
    "empty": amqp.Message(b""),
    "not UTF-8": amqp.Message(b'{"id": "\xff\xfe"}'),
    "binary": amqp.Message(bytes(range(256)) * 10),
    "a list": amqp.Message(b"[1, 2]"),
    "a number": amqp.Message(b"7"),
    "null": amqp.Message(b"null"),
    "NaN": amqp.Message(b'{"sequence": NaN}'),
    "deep JSON": amqp.Message(DEEP),
    "deep data": amqp.Message(DEEP_DATA),
    "a huge number": amqp.Message(
        orjson.dumps(a_fact()).replace(b'"sequence":1', b'"sequence":1' + b"0" * 400)
    ),
    "wrong types": amqp.Message(orjson.dumps(a_fact(id=7))),
    "no data": amqp.Message(orjson.dumps({k: v for k, v in a_fact().items() if k != "data"})),
    "unknown fact": amqp.Message(orjson.dumps(a_fact(type="jejaring.members.area_painted.v1"))),
    "future specversion": amqp.Message(orjson.dumps(a_fact(specversion="2.0"))),
    "forged source": amqp.Message(orjson.dumps(a_fact(source="evil"))),
    "another speaker's source": amqp.Message(orjson.dumps(a_fact(source="/regions/uji/events"))),
    "forged subject": amqp.Message(orjson.dumps(a_fact(subject="area/other"))),
    "wrong sequence": amqp.Message(orjson.dumps(a_fact(sequence=2))),
    "a pulse that is none": amqp.Message(b'{"x": 1}', application_headers={"kind": "pulse"}),
    "a pulse of nothing": amqp.Message(b"[]", application_headers={"kind": "pulse"}),
    "half a character": amqp.Message(orjson.dumps(a_fact()).replace(b"Wilayah", b"\\ud800")),
    "from half a character": amqp.Message(b"{", application_headers={"x-origin": "\ud800"}),
    "from a peer that is none": amqp.Message(
        GOOD, application_headers={"x-origin": f"{topology.FROM}\ud800"}
    ),
    "unknown after very many attempts": amqp.Message(
        orjson.dumps(a_fact(type="jejaring.members.area_painted.v1")),
        application_headers={"x-attempt": 2**63 - 1},
    ),
    "gzip of nothing": amqp.Message(b"\x1f\x8b", content_encoding="gzip"),
}

# Their bodies are good facts: what is wrong around them must not matter.
SURVIVED = {
    "no headers": amqp.Message(GOOD),
    "wrong content type": amqp.Message(GOOD, content_type="application/x-python-serialize"),
    "strange encoding": amqp.Message(GOOD, content_encoding="utf-32"),
    "attempt is text": amqp.Message(GOOD, application_headers={"x-attempt": "3"}),
    "attempt is negative": amqp.Message(GOOD, application_headers={"x-attempt": -3}),
    "attempt is a table": amqp.Message(GOOD, application_headers={"x-attempt": {"a": [1]}}),
    "huge headers": amqp.Message(
        GOOD, application_headers={f"h{n}": "x" * 1000 for n in range(100)}
    ),
    "header is not UTF-8": badly(GOOD, a_table(b"k", b"S", b"\0\0\0\2\xff\xfe")),
    "header name is not UTF-8": badly(GOOD, a_table(b"\xff", b"t", b"\1")),
    "header time out of range": badly(GOOD, a_table(b"k", b"T", b"\x7f" * 8)),
    "content type is not UTF-8": badly(GOOD, struct.pack(">HB", 0x8000, 2) + b"\xff\xfe"),
    "message id is not UTF-8": badly(GOOD, struct.pack(">HB", 0x0080, 2) + b"\xff\xfe"),
    "headers thousands deep": badly(GOOD, a_table(b"k", b"A", a_nest(5000))),
    "reply to nowhere": amqp.Message(GOOD, reply_to="nowhere"),
}

COMMANDS = {
    "bad JSON": b'{"verb": ',
    "empty": b"",
    "binary": bytes(range(256)),
    "a list": b"[]",
    "null": b"null",
    "deep JSON": DEEP,
    "no verb": orjson.dumps({"command": {}}),
    "unknown verb": orjson.dumps(a_command(verb="members.paint_area")),
    "verb is half a character": b'{"verb": "\\ud800"}',
    "verb is an object": orjson.dumps(a_command(verb={"$ne": None})),
    "no command": orjson.dumps({k: v for k, v in a_command().items() if k != "command"}),
    "command is a list": orjson.dumps(a_command(command=[])),
    "field of wrong type": orjson.dumps(a_command(command={"id": 7, "name": "X", "codes": []})),
    "no actor": orjson.dumps({k: v for k, v in a_command().items() if k != "actor"}),
    "actor is text": orjson.dumps(a_command(actor="root")),
    "actor is an operator": orjson.dumps(a_command(actor={"member_id": {"$ne": None}})),
    "patience is text": orjson.dumps(a_command(within_seconds="soon")),
    "patience is null": orjson.dumps(a_command(within_seconds=None)),
    "patience is not a number": orjson.dumps(a_command(within_seconds="nan")),
    "patience never ends": orjson.dumps(a_command(within_seconds="inf")),
    "nobody asks": orjson.dumps({k: v for k, v in a_command().items() if k != "asker"}),
    "key is an object": orjson.dumps(a_command(key={"$ne": None})),
    "if_match is text": orjson.dumps(a_command(if_match="*")),
}

UNANSWERABLE = {
    "no reply_to": amqp.Message(b"{"),
    "reply to nowhere": amqp.Message(b"{", reply_to="nowhere"),
    "a garbled direct reply": amqp.Message(b"{", reply_to=f"{REPLY_TO}.garbled"),
    "reply to the command queue itself": None,
    "no correlation": amqp.Message(b"{", reply_to=REPLY_TO),
    "properties not UTF-8": badly(b"{", struct.pack(">HB", 0x0200, 2) + b"\xff\xfe"),
    "header time out of range": badly(b"{", a_table(b"k", b"T", b"\x7f" * 8)),
    "headers not UTF-8": badly(b"{", a_table(b"\xff", b"S", b"\0\0\0\2\xff\xfe")),
    "a good command with bad properties": badly(
        orjson.dumps(a_command(command={"id": "y", "name": "Wilayah Y", "codes": []})),
        a_table(b"k", b"T", b"\x7f" * 8),
    ),
}


@pytest.fixture(scope="module")
def workshop(ground, tmp_path_factory):
    """Speaker and hearers serve the whole module, and must outlive it."""
    with Stage(ground, tmp_path_factory.mktemp("workshop")) as stage:
        stage.declare(LEDGER, LISTENER, BATCHER)
        stage.hearers = ["listener", "batcher"]
        stage.serve(LEDGER, LISTENER, BATCHER)
        yield stage
        assert stage.services[0].runs()
        assert len(stage.services) == 1


@pytest.fixture
def stage(workshop):
    """The workshop, swept."""
    workshop.clear()
    return workshop


def still_hears(stage: Stage, queue: str) -> None:
    """A good fact after the bad one is heard."""
    before = len(stage.effects())
    number = int(time.monotonic() * 1e6)
    stage.publish(queue, orjson.dumps(a_fact(number)))
    until(lambda: len(stage.effects()) > before)
    assert stage.services[0].runs()


@pytest.mark.parametrize("hearer", ["listener", "batcher"])
@pytest.mark.parametrize("kind", FACTS)
def test_a_malformed_fact_is_parked_with_its_reason(stage, kind, hearer):
    queue = stage.hear_queue(hearer)

    message = copy(FACTS[kind])
    message.body = stage.here(message.body)

    stage.channel.basic_publish(message, "", queue)

    (row,) = until(stage.parked)
    assert row["queue"] == queue
    assert row["parked"]["reason"].startswith(("unreadable: ", "Unheard("))
    assert bytes(row["body"]) == message.body
    still_hears(stage, queue)
    until(lambda: stage.depth(queue) == 0)
    assert len(stage.parked()) == 1


@pytest.mark.parametrize("kind", SURVIVED)
def test_what_is_odd_around_a_good_fact_does_not_matter(stage, kind):
    queue = stage.hear_queue()

    message = copy(SURVIVED[kind])
    message.body = stage.here(message.body)

    stage.channel.basic_publish(message, "", queue)

    until(lambda: ("a99", 1) in stage.effects())
    assert stage.parked() == []
    still_hears(stage, queue)


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_malformed_command_is_answered_as_a_bug_or_refused(stage, kind):
    message = amqp.Message(COMMANDS[kind], reply_to=REPLY_TO, correlation_id="odd")

    with closing(Asker(stage)) as asker:
        asker.send_raw(message)
        (answer,) = asker.wait(["odd"], 3)
        works = asker.ask(CreateArea(id="35.71", name="Kota Kediri", codes=()))

    assert answer is not None
    if kind not in ("key is an object", "if_match is text"):
        assert set(answer) == {"bug"}
    assert works["result"]["version"] == 1
    assert stage.services[0].runs()


@pytest.mark.parametrize("kind", UNANSWERABLE)
def test_a_command_that_cannot_be_answered_is_dropped(stage, kind):
    message = UNANSWERABLE[kind] or amqp.Message(b"{", reply_to=stage.ask_queue())

    with closing(Asker(stage)) as asker:
        asker.send_raw(message)
        works = asker.ask(CreateArea(id="35.71", name="Kota Kediri", codes=()))

    assert works["result"]["version"] == 1
    until(lambda: stage.depth(stage.ask_queue()) == 0)
    assert stage.services[0].runs()


def test_the_services_said_a_line_about_each_of_them(stage):
    log = stage.services[0].log.read_text()

    assert '"event": "fact parked"' in log
    assert '"event": "command unreadable"' in log
    assert "service died" not in log
    assert "intake lost" not in log
