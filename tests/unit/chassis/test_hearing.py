"""Deliveries are read, settled, retried or parked; each exactly once."""

from dataclasses import replace
from types import SimpleNamespace

import eventlet
import orjson
import pytest
from pymongo.errors import AutoReconnect

from chassis import hearing, ladder
from chassis.errors import Busy, NotToBeHeard, Outage
from chassis.heard import ATTEMPT, Crossing, Heard
from chassis.hearing import Hearing, Hears, Pulse
from contracts.codec import encode
from contracts.envelope import seal
from contracts.members.facts import AreaChanged, AreaCreated
from contracts.members.states import Area
from tests.support.plain import Deaf, MemoryDesk, a_delivery, some_settings

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


CHANGED = AreaChanged(area=replace(FACT.area, version=2))
OTHER = orjson.dumps(encode(seal(CHANGED, id="e2", region="kediri-raya", time=A_TIME)))


class Container:
    """Runs the method at once and hands over what it came to."""

    service_name = "listener"

    def __init__(self, desk: MemoryDesk, entrypoints: list[Hears], *errors: Exception | None):
        self.dependencies = [SimpleNamespace(attr_name="other"), desk]
        self.entrypoints = [SimpleNamespace(), *entrypoints]
        self.config = {"settings": desk.settings}
        self.errors, self.given = list(errors), []

    def spawn_worker(self, entrypoint, args, kwargs, handle_result):
        self.given.append(args)
        error = self.errors.pop(0) if self.errors else None
        handle_result(None, None, (type(error), error, None) if error else None)

    def spawn_managed_thread(self, fn, identifier=None):
        fn()


@pytest.fixture
def desk():
    return MemoryDesk(some_settings(retry_ladder_seconds=(0.1, 5.0)))


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(hearing, "OUTAGE_PAUSE_SECONDS", 0)
    monkeypatch.setattr(ladder, "KEPT_PAUSE_SECONDS", 0)


def a_service(desk, *methods, errors=()):
    """The hearing of a service with these methods, and a publisher to nobody."""
    shared = Hearing()
    shared.container = Container(desk, list(methods), *errors)
    shared.setup()
    shared.ladder.publisher = Deaf()
    for method in methods:
        method.container, method.hearing = shared.container, shared
    return shared


def a_hearer(desk, *errors, batch=1):
    return a_service(desk, Hears(AreaCreated, batch=batch, pulses=True), errors=errors)


def heard(shared, *deliveries):
    """Take these deliveries, each method all of its own at once."""
    for delivery in deliveries:
        shared.receive(delivery)
    for method in set(shared.methods.values()):
        if taken := list(method._waiting):
            method._waiting.clear()
            method.hear(taken)
    return [delivery.channel.settled for delivery in deliveries]


def test_a_fact_is_heard_and_acknowledged(desk):
    hears = a_hearer(desk)

    assert heard(hears, a_delivery(GOOD)) == [[("ack", 1)]]
    assert hears.container.given == [(ENVELOPE, FACT)]


def test_a_batch_is_heard_at_once(desk):
    hears = a_hearer(desk, batch=10)

    heard(hears, a_delivery(GOOD, 1), a_delivery(GOOD, 2))

    assert hears.container.given == [([(ENVELOPE, FACT), (ENVELOPE, FACT)],)]


def test_a_pulse_is_no_fact(desk):
    pulse = a_delivery(
        b'{"speaker": "members", "upto": "x"}', application_headers={"kind": "pulse"}
    )
    hears = a_hearer(desk)

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
        (GOOD.replace(b'"sequence":1', b'"sequence":"1"'), {}),
        (GOOD.replace(b'"subject":"area', b'"subject":"member'), {}),
    ],
)
def test_what_cannot_be_read_is_parked_and_acknowledged(desk, body, headers):
    hears = a_hearer(desk)

    assert heard(hears, a_delivery(body, application_headers=headers)) == [[("ack", 1)]]

    (row,) = desk.database["parked"].rows.values()
    assert row["parked"]["reason"].startswith("unreadable: ")
    assert row["parked"]["attempts"] == 0
    assert hears.container.given == []


def test_a_fact_that_fails_comes_back_after_the_next_delay(desk):
    hears = a_hearer(desk, ValueError("no"), ValueError("no"))

    first, again = a_delivery(GOOD), a_delivery(GOOD, application_headers={ATTEMPT: 1})
    assert heard(hears, first) == heard(hears, again) == [[("ack", 1)]]

    queues = [message.routing_key for message in hears.ladder.publisher.delivered]
    assert queues == [f"retry.{ms}ms.hear.kediri-raya.listener" for ms in (100, 5000)]
    assert [message.headers[ATTEMPT] for message in hears.ladder.publisher.delivered] == [1, 2]
    assert all(message.body == GOOD for message in hears.ladder.publisher.delivered)


def test_after_the_last_delay_it_is_parked(desk):
    hears = a_hearer(desk, ValueError("no"))

    assert heard(hears, a_delivery(GOOD, application_headers={ATTEMPT: 2})) == [[("ack", 1)]]

    (row,) = desk.database["parked"].rows.values()
    assert (row["parked"]["reason"], row["parked"]["attempts"]) == ("ValueError('no')", 3)


@pytest.mark.parametrize("attempt", ["2", -1, 2.0, True, None, {"a": 1}, [2], 2**63 - 1])
def test_a_strange_attempt_counts_as_the_first(desk, attempt):
    hears = a_hearer(desk, ValueError("no"))

    heard(hears, a_delivery(GOOD, application_headers={ATTEMPT: attempt}))

    assert hears.ladder.publisher.delivered[0].headers[ATTEMPT] == 1


def test_the_guilty_one_of_a_batch_is_found(desk):
    hears = a_hearer(desk, ValueError("no"), None, ValueError("no"), None, batch=10)
    deliveries = [a_delivery(GOOD, tag) for tag in (1, 2, 3)]

    assert heard(hears, *deliveries) == [[("ack", 1)], [("ack", 2)], [("ack", 3)]]
    assert len(hears.container.given) == 4
    assert len(hears.ladder.publisher.delivered) == 1


@pytest.mark.parametrize("outage", [Outage("database"), AutoReconnect("away")])
def test_an_outage_is_waited_out_and_is_no_attempt(desk, outage):
    hears = a_hearer(desk, outage, outage, None)

    assert heard(hears, a_delivery(GOOD)) == [[("ack", 1)]]
    assert len(hears.container.given) == 3
    assert hears.ladder.publisher.delivered == []


def test_a_fact_that_cannot_be_moved_goes_back_to_its_queue(desk):
    hears = a_hearer(desk, ValueError("no"))
    hears.ladder.publisher = Deaf(Outage("broker"))
    assert heard(hears, a_delivery(GOOD)) == [[("requeue", 1)]]

    for error in (AutoReconnect("away"), Busy("so many at once")):
        desk.database["parked"].error = error
        assert heard(hears, a_delivery(b"{")) == [[("requeue", 1)]]


def test_a_single_fact_and_a_pulse_are_arguments_each(desk):
    pulse = Pulse(speaker="members", upto="x")
    one = a_delivery(b'{"speaker": "members", "upto": "x"}', application_headers={"kind": "pulse"})
    hears = a_hearer(desk)

    heard(hears, one)
    heard(hears, a_delivery(GOOD))

    assert hears.container.given == [(pulse,), (ENVELOPE, FACT)]
    assert Heard(delivery=one, said=pulse).name == "pulse"


def test_what_was_not_begun_before_the_stop_is_given_back(desk):
    hears = a_hearer(desk)
    delivery = a_delivery(GOOD)
    hears.receive(delivery)
    hears.intake.stop()

    with eventlet.Timeout(0.05, False):
        hears.methods[FACT.name]._work()

    assert delivery.channel.settled == [("requeue", 1)]
    assert hears.container.given == []


def test_an_outage_that_outlasts_the_stop_gives_the_fact_back(desk, monkeypatch):
    hears = a_hearer(desk, Outage("away"))
    monkeypatch.setattr(hearing.eventlet, "sleep", lambda _: hears.intake.stop())

    assert heard(hears, a_delivery(GOOD)) == [[("requeue", 1)]]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (GOOD.replace(b"area_created", b"area_painted"), {}),
        (b'{"speaker": "members", "upto": "x"}', {"kind": "pulse"}),
    ],
)
def test_what_only_another_replica_may_hear_is_offered_again_before_it_parks(desk, body, headers):
    hears = a_service(desk, Hears(AreaCreated))

    heard(hears, a_delivery(body, application_headers=headers))
    heard(hears, a_delivery(body, application_headers={**headers, ATTEMPT: 2}))

    assert len(hears.ladder.publisher.delivered) == 1
    (row,) = desk.database["parked"].rows.values()
    assert "nobody here hears" in row["parked"]["reason"]


def test_methods_side_by_side_get_their_own_facts_and_one_prefetch(desk):
    created, changed = Hears(AreaCreated, workers=3), Hears(AreaChanged, batch=10)
    shared = a_service(desk, created, changed)

    assert (
        heard(shared, a_delivery(GOOD), a_delivery(OTHER), a_delivery(GOOD)) == [[("ack", 1)]] * 3
    )
    assert shared.ear.facts == {AreaCreated.name: AreaCreated, AreaChanged.name: AreaChanged}
    assert shared.methods == {AreaCreated.name: created, AreaChanged.name: changed}
    assert shared.intake._prefetch == 23


def test_the_prefetch_of_a_service_has_a_bound(desk):
    shared = a_service(desk, Hears(AreaCreated, batch=300), Hears(AreaChanged, batch=300))

    assert shared.intake._prefetch == hearing.MOST_UNSETTLED


def test_a_fact_is_heard_by_one_method_of_a_service(desk):
    with pytest.raises(TypeError, match=r"two methods of listener hear members\.area_created\.v1"):
        a_service(desk, Hears(AreaCreated), Hears(AreaChanged, AreaCreated))


def test_what_one_method_wants_of_the_queue_holds_for_all(desk):
    shared = a_service(desk, Hears(AreaCreated), Hears(AreaChanged, single_active=True))

    assert (shared.single_active, shared.pulses) == (True, False)


FOREIGN = orjson.dumps(encode(replace(ENVELOPE, source="/regions/semarang/members")))
ABROAD = {"exchange": "jejaring.abroad"}


def parked(shared):
    """Reasons of what was parked, and where it came from."""
    rows = shared.ladder._desk.database["parked"].rows.values()
    return [(row["parked"]["reason"], row["origin"]) for row in rows]


def test_facts_of_other_regions_are_heard_only_where_they_are_wanted(desk):
    own, wanting = Hears(AreaCreated), Hears(AreaChanged, abroad=(AreaCreated,))
    shared = a_service(desk, own)
    assert heard(shared, a_delivery(FOREIGN), a_delivery(GOOD, **ABROAD)) == [[("ack", 1)]] * 2
    assert parked(shared) == [
        ("unreadable: semarang does not speak here", ""),
        ("unreadable: kediri-raya does not speak here", "jejaring.abroad"),
    ]
    assert shared.container.given == []

    shared = a_service(desk, wanting)
    assert shared.abroad == [AreaCreated.name]
    heard(shared, a_delivery(FOREIGN, **ABROAD))
    ((envelope, fact),) = shared.container.given
    assert (envelope.region, fact) == ("semarang", FACT)


def test_who_wants_no_facts_from_abroad_offers_them_to_others(desk):
    shared = a_service(desk, Hears(AreaCreated))

    heard(shared, a_delivery(FOREIGN, **ABROAD))

    (message,) = shared.ladder.publisher.delivered
    assert message.headers["x-origin"] == "jejaring.abroad"


def test_what_comes_from_a_peer_is_for_the_border_alone_and_unread(desk):
    shared = a_service(desk, Hears(AreaCreated, bound=False), Hears(border=True))
    assert (shared.bound, shared.ear.border) == ([], True)

    heard(shared, a_delivery(b"a.b.c", exchange="jejaring.from.semarang"))

    assert shared.container.given == [(Crossing(peer="semarang", body=b"a.b.c"),)]
    elsewhere = a_service(desk, Hears(AreaCreated))
    heard(elsewhere, a_delivery(b"a.b.c", exchange="jejaring.from.semarang"))
    assert len(elsewhere.ladder.publisher.delivered) == 1


def test_where_it_came_from_is_believed_only_of_ourselves(desk):
    shared = a_service(desk, Hears(AreaCreated), Hears(border=True))
    told = {"application_headers": {"x-origin": "jejaring.from.semarang"}}

    heard(shared, a_delivery(b"a.b.c", **told), a_delivery(GOOD, exchange="jejaring.facts", **told))

    first, second = shared.container.given
    assert {type(first[0]).__name__, type(second[0]).__name__} == {"Crossing", "Envelope"}


def test_what_is_never_to_be_heard_is_parked_at_once_with_its_reason(desk):
    shared = a_service(desk, Hears(border=True), errors=(NotToBeHeard("forged"),))

    assert heard(shared, a_delivery(b"e30.e30.e30", exchange="jejaring.from.x")) == [[("ack", 1)]]

    assert parked(shared) == [("forged", "jejaring.from.x")]
    assert shared.ladder.publisher.delivered == []


@pytest.mark.parametrize("peer", ["semarang\udcff", "", "Semarang", "a/b", "x" * 41])
def test_what_comes_from_no_region_at_all_is_parked_at_once(desk, peer):
    shared = a_service(desk, Hears(AreaCreated), Hears(border=True))
    origin = {"application_headers": {"x-origin": f"jejaring.from.{peer}"}}

    assert heard(shared, a_delivery(b"e30.e30.e30", **origin)) == [[("ack", 1)]]

    ((reason, _),) = parked(shared)
    assert reason.startswith("unreadable: ")
    assert (shared.container.given, shared.ladder.publisher.delivered) == ([], [])
