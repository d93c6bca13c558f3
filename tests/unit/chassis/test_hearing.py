"""Deliveries are read, settled, retried or parked; each exactly once."""

from collections import deque
from types import SimpleNamespace

import eventlet
import orjson
import pytest
from eventlet.semaphore import Semaphore
from pymongo.errors import AutoReconnect

from chassis import hearing
from chassis.errors import Outage
from chassis.hearing import ATTEMPT, Heard, Hears, Pulse
from chassis.intake import Intake
from contracts.codec import encode
from contracts.envelope import seal
from contracts.members.facts import AreaCreated
from contracts.members.states import Area
from tests.support.plain import Deaf, MemoryDatabase, a_delivery, some_settings

A_TIME = "2026-11-21T02:00:00.123Z"
FACT = AreaCreated(
    area=Area(
        id="35.71",
        version=1,
        region="kediri-raya",
        created_at=A_TIME,
        updated_at=A_TIME,
        name="Kota Kediri",
        codes=("35.71",),
    )
)
ENVELOPE = seal(FACT, id="e1", region="kediri-raya", time=A_TIME)
GOOD = orjson.dumps(encode(ENVELOPE))


class Container:
    """Runs the method at once and hands over what it came to."""

    service_name = "listener"

    def __init__(self, database: MemoryDatabase, *errors: Exception | None) -> None:
        desk = SimpleNamespace(attr_name="desk", database=database)
        self.dependencies = [SimpleNamespace(attr_name="other"), desk]
        self.errors, self.given = list(errors), []

    def spawn_worker(self, entrypoint, args, kwargs, handle_result):
        self.given.append(args)
        error = self.errors.pop(0) if self.errors else None
        handle_result(None, None, (type(error), error, None) if error else None)


@pytest.fixture
def database():
    return MemoryDatabase()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(hearing, "OUTAGE_PAUSE_SECONDS", 0)


def a_hearer(database, *errors, batch=1):
    hears = Hears(AreaCreated, batch=batch)
    hears.settings = some_settings(retry_ladder_seconds=(0.1, 5.0))
    hears.queue = "hear.kediri-raya.listener"
    hears.container = Container(database, *errors)
    hears.publisher = Deaf()
    hears.intake = Intake("", hears.queue, prefetch=1, receive=print, declare=print)
    return hears


def heard(hears, *deliveries):
    """Take these deliveries as one batch."""
    entries = [entry for delivery in deliveries if (entry := hears._read(delivery))]
    if entries:
        hears._hear(entries)
    return [delivery.channel.settled for delivery in deliveries]


def test_a_fact_is_heard_and_acknowledged(database):
    hears = a_hearer(database)

    assert heard(hears, a_delivery(GOOD)) == [[("ack", 1)]]
    assert hears.container.given == [(ENVELOPE, FACT)]


def test_a_batch_is_heard_at_once(database):
    hears = a_hearer(database, batch=10)

    heard(hears, a_delivery(GOOD, 1), a_delivery(GOOD, 2))

    assert hears.container.given == [([(ENVELOPE, FACT), (ENVELOPE, FACT)],)]


def test_a_pulse_is_no_fact(database):
    pulse = a_delivery(
        b'{"speaker": "members", "upto": "x"}', application_headers={"kind": "pulse"}
    )
    hears = a_hearer(database)

    assert heard(hears, pulse) == [[("ack", 1)]]
    assert hears.container.given == [(Pulse(speaker="members", upto="x"),)]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"{", {}),
        (b"\xff\xfe", {}),
        (b"[]", {}),
        (b"7", {}),
        (b"null", {}),
        (b"[" * 2000 + b"]" * 2000, {}),
        (b"{}", {}),
        (b"{}", {"kind": "pulse"}),
        (b"[]", {"kind": "pulse"}),
        (b'"x"', {"kind": "pulse"}),
        (GOOD.replace(b"area_created", b"area_painted"), {}),
        (GOOD.replace(b'"sequence":1', b'"sequence":"1"'), {}),
        (GOOD.replace(b'"subject":"area', b'"subject":"member'), {}),
    ],
)
def test_what_cannot_be_read_is_parked_and_acknowledged(database, body, headers):
    hears = a_hearer(database)

    assert heard(hears, a_delivery(body, application_headers=headers)) == [[("ack", 1)]]

    (row,) = database["parked"].rows.values()
    assert row["reason"].startswith("unreadable: ")
    assert row["attempts"] == 0
    assert hears.container.given == []


def test_a_fact_that_fails_comes_back_after_the_next_delay(database):
    hears = a_hearer(database, ValueError("no"), ValueError("no"))

    first, again = a_delivery(GOOD), a_delivery(GOOD, application_headers={ATTEMPT: 1})
    assert heard(hears, first) == heard(hears, again) == [[("ack", 1)]]

    queues = [message.routing_key for message in hears.publisher.delivered]
    assert queues == [f"retry.{ms}ms.hear.kediri-raya.listener" for ms in (100, 5000)]
    assert [message.headers[ATTEMPT] for message in hears.publisher.delivered] == [1, 2]
    assert all(message.body == GOOD for message in hears.publisher.delivered)


def test_after_the_last_delay_it_is_parked(database):
    hears = a_hearer(database, ValueError("no"))

    assert heard(hears, a_delivery(GOOD, application_headers={ATTEMPT: 2})) == [[("ack", 1)]]

    (row,) = database["parked"].rows.values()
    assert (row["reason"], row["attempts"]) == ("ValueError('no')", 3)


@pytest.mark.parametrize("attempt", ["2", -1, 2.0, True, None, {"a": 1}, [2]])
def test_a_strange_attempt_counts_as_the_first(database, attempt):
    hears = a_hearer(database, ValueError("no"))

    heard(hears, a_delivery(GOOD, application_headers={ATTEMPT: attempt}))

    assert hears.publisher.delivered[0].headers[ATTEMPT] == 1


def test_the_guilty_one_of_a_batch_is_found(database):
    hears = a_hearer(database, ValueError("no"), None, ValueError("no"), None, batch=10)
    deliveries = [a_delivery(GOOD, tag) for tag in (1, 2, 3)]

    assert heard(hears, *deliveries) == [[("ack", 1)], [("ack", 2)], [("ack", 3)]]
    assert len(hears.container.given) == 4
    assert len(hears.publisher.delivered) == 1


@pytest.mark.parametrize("outage", [Outage("database"), AutoReconnect("away")])
def test_an_outage_is_waited_out_and_is_no_attempt(database, outage):
    hears = a_hearer(database, outage, outage, None)

    assert heard(hears, a_delivery(GOOD)) == [[("ack", 1)]]
    assert len(hears.container.given) == 3
    assert hears.publisher.delivered == []


def test_a_fact_that_cannot_be_moved_goes_back_to_its_queue(database):
    hears = a_hearer(database, ValueError("no"))
    hears.publisher = Deaf(Outage("broker"))
    assert heard(hears, a_delivery(GOOD)) == [[("requeue", 1)]]

    database["parked"].error = AutoReconnect("away")
    assert heard(hears, a_delivery(b"{")) == [[("requeue", 1)]]


def test_a_single_fact_and_a_pulse_are_arguments_each():
    assert hearing._arguments((ENVELOPE, FACT)) == (ENVELOPE, FACT)
    pulse = Pulse(speaker="members", upto="x")
    assert hearing._arguments(pulse) == (pulse,)
    assert Heard(delivery=a_delivery(), said=pulse).said is pulse


def test_what_was_not_begun_before_the_stop_is_given_back(database):
    hears = a_hearer(database)
    hears._waiting, hears._arrived = deque(), Semaphore(0)
    hears.intake.stop()
    delivery = a_delivery(GOOD)
    hears._receive(delivery)

    with eventlet.Timeout(0.05, False):
        hears._work()

    assert delivery.channel.settled == [("requeue", 1)]
    assert hears.container.given == []
