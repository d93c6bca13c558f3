"""The border: ways are made and closed, facts are said, and who was not reached is known."""

from types import SimpleNamespace

import pytest

from chassis import border as module
from chassis.border import Border
from chassis.errors import Outage
from contracts.codec import decode
from contracts.envelope import Envelope
from contracts.events.facts import EventRestated
from contracts.publish.released import sample
from tests.support.plain import Deaf, some_settings

FACT = decode(Envelope, sample("events.event_restated.v1"))


@pytest.fixture
def border():
    made = Border(EventRestated)
    made.container = SimpleNamespace(
        config={"settings": some_settings()},
        service_name="federation",
        spawn_managed_thread=lambda run: run,
    )
    made.setup()
    made._publisher = Deaf()
    return made


def test_what_is_said_to_a_peer_goes_to_its_exchange(border):
    assert border.say("semarang", {"f1": b"a.b.c"}, 60)
    assert border.say("semarang", {"f2": b"d.e.f"})

    first, second = border._publisher.delivered
    assert (first.exchange, first.body, first.message_id, first.expiration_ms) == (
        "jejaring.to.semarang",
        b"a.b.c",
        "f1",
        60_000,
    )
    assert second.expiration_ms is None


def test_who_has_no_link_is_not_told_and_nothing_goes_through_silently(border, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 1)
    border._publisher = Deaf(unrouted={"f1"})

    assert border.say("semarang", {"f1": b"", "f2": b""}) is False
    assert len(border._publisher.delivered) == 2


def test_what_is_let_in_goes_to_those_who_hear_of_other_regions(border):
    border.let_in([("network", FACT)])

    (message,) = border._publisher.delivered
    assert message.exchange == "jejaring.abroad"
    assert message.routing_key == f"{FACT.region}.network.events.event_restated.v1"
    border._publisher = Deaf(unrouted={FACT.id})
    with pytest.raises(Outage):
        border.let_in([("network", FACT)])


def test_ways_are_made_on_a_connection_of_their_own(border, monkeypatch):
    made, closed = [], []
    monkeypatch.setattr(module, "connect", lambda uri: uri)
    monkeypatch.setattr(module, "close", closed.append)
    monkeypatch.setattr(module.topology, "open_way", lambda *told: made.append(told))
    monkeypatch.setattr(module.topology, "close_way", lambda *told: made.append(told))

    border.open("semarang")
    border.close("semarang")

    way = ("amqp://x", "kediri-raya", "federation", "semarang")
    assert made == [(*way, ["events.event_restated.v1"]), way]
    assert closed == ["amqp://x"] * 2


def test_a_broker_that_is_away_is_an_outage(border, monkeypatch):
    def away(_):
        raise OSError("away")

    monkeypatch.setattr(module, "connect", away)

    with pytest.raises(Outage):
        border.open("semarang")


def test_it_beats_until_it_is_stopped(border, monkeypatch):
    monkeypatch.setattr(module, "BEAT_SECONDS", 0)
    publisher = border._publisher

    def beat():
        publisher.beats += 1
        if publisher.beats == 2:
            border.stop()

    publisher.beat = beat
    border.start()
    border._beat()

    assert publisher.beats == 2
    assert border.get_dependency(None) is border
