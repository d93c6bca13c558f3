"""Seats: first come, first served; the line moves up; nobody is lost and nobody sits on a lap."""

from dataclasses import replace
from typing import Any

import pytest

from chassis import clock
from contracts.events import facts
from services.events.errors import CapacityBelow, Full
from services.events.model.registration import LAPSED, Registration, applied
from services.events.model.seats import WAITING_LIMIT, Room
from tests.support.events import DAY, HOUR, NOW, REGION, STARTS, an_event, seats_of


class House:
    """An event with its seats and registrations, in memory: what rooms are opened from."""

    def __init__(self, capacity: int | None = 2, **fields: Any) -> None:
        self.event = an_event(state="published", capacity=capacity, **fields)
        self.seats = seats_of(self.event)
        self.people: dict[str, Any] = {}
        self.said: list[Any] = []
        self.now = NOW

    def room(self) -> Room:
        return Room(
            self.event, self.seats, self.now, line=self.line, ticket=lambda one: f"ticket of {one}"
        )

    def line(self) -> list[Any]:
        return sorted(self.only("waiting"), key=lambda r: r.position)

    def only(self, state: str) -> list[Any]:
        return [r for r in self.people.values() if r.state == state]

    def names(self, state: str) -> list[str]:
        return [r.id for r in self.only(state)]

    def keep(self, room: Room) -> None:
        self.said = room.said()
        for fact in self.said:
            if isinstance(fact, facts.SeatsChanged):
                assert fact.seats.version == self.seats.version + 1
                self.seats = fact.seats
            else:
                before = self.people.get(fact.state.id)
                assert fact.state.version == (before.version if before else 0) + 1
                self.people[fact.state.id] = fact.state

    def admit(self, *names: str) -> None:
        for name in names:
            room = self.room()
            room.admit(applied(name, REGION, self.now, self.event, name=name))
            self.keep(room)

    def cancel(self, name: str) -> None:
        room = self.room()
        room.note(self.people[name], Registration(self.people[name]).cancel(self.now, None))
        room.fill()
        self.keep(room)

    def lapse(self, name: str) -> None:
        room = self.room()
        room.note(self.people[name], Registration(self.people[name]).lapse(self.now))
        room.fill()
        self.keep(room)

    def resize(self, capacity: int | None) -> None:
        room = self.room()
        room.resize(capacity)
        self.keep(room)

    def told(self) -> list[tuple[str, str]]:
        return [(type(fact).__name__, fact.state.id) for fact in self.said]


def test_the_first_get_seats_and_tickets_the_others_stand_in_line():
    house = House(2)

    house.admit("ayu", "budi", "citra", "dian")

    assert house.names("confirmed") == ["ayu", "budi"]
    assert house.people["ayu"].ticket == "ticket of ayu"
    assert [(r.id, r.position) for r in house.line()] == [("citra", 1), ("dian", 2)]
    assert (house.seats.confirmed, house.seats.waiting, house.seats.left) == (2, 2, 0)


def test_without_a_limit_everybody_has_a_seat():
    house = House(None)

    house.admit(*"abcdefgh")

    assert len(house.names("confirmed")) == 8
    assert house.seats.left is None


def test_a_seat_that_comes_free_goes_to_the_oldest_at_once_and_the_others_move_up():
    house = House(1)
    house.admit("ayu", "budi", "citra", "dian")

    house.cancel("ayu")

    assert house.told() == [
        ("RegistrationCancelled", "ayu"),
        ("RegistrationConfirmed", "budi"),
        ("RegistrationMovedUp", "citra"),
        ("RegistrationMovedUp", "dian"),
        ("SeatsChanged", "e1"),
    ]
    assert [(r.id, r.position) for r in house.line()] == [("citra", 1), ("dian", 2)]


def test_who_leaves_the_line_makes_only_those_behind_him_move():
    house = House(1)
    house.admit("ayu", "budi", "citra", "dian")

    house.cancel("citra")

    assert [name for name, _ in house.told()] == [
        "RegistrationCancelled",
        "RegistrationMovedUp",
        "SeatsChanged",
    ]
    assert house.people["dian"].position == 2


def test_who_got_in_line_before_the_date_moved_is_asked_first():
    house = House(1)
    house.admit("ayu", "budi")
    house.people["budi"] = replace(house.people["budi"], needs_reconfirm=True)

    house.cancel("ayu")

    budi = house.people["budi"]
    assert (budi.state, budi.position, budi.ticket) == ("offered", None, None)
    assert budi.offer_expires_at == clock.later(NOW, DAY)
    assert (house.seats.offered, house.seats.left) == (1, 0)


@pytest.mark.parametrize(
    ("before_start", "lasts"),
    [(DAY, 22 * HOUR), (5 * HOUR, 3 * HOUR), (HOUR, HOUR / 4), (300, 300)],
)
def test_shortly_before_the_start_a_seat_is_offered_for_a_time_that_helps(before_start, lasts):
    house = House(1)
    house.admit("ayu", "budi")
    house.now = clock.later(STARTS, -before_start)

    house.cancel("ayu")

    assert house.people["budi"].offer_expires_at == clock.later(house.now, lasts)


def test_an_offer_nobody_answered_passes_on_in_the_same_breath():
    house = House(1)
    house.admit("ayu", "budi", "citra")
    house.now = clock.later(STARTS, -5 * HOUR)
    house.cancel("ayu")

    house.lapse("budi")

    assert house.told() == [
        ("SeatOfferLapsed", "budi"),
        ("SeatOffered", "citra"),
        ("SeatsChanged", "e1"),
    ]
    assert house.people["budi"].cancelled_reason == LAPSED


@pytest.mark.parametrize("fields", [{"state": "cancelled"}, {"starts_at": NOW}])
def test_nobody_is_promoted_to_what_has_begun_or_will_not_be(fields):
    house = House(1)
    house.admit("ayu", "budi")
    house.event = replace(house.event, **fields)

    house.cancel("ayu")

    assert house.names("waiting") == ["budi"]


def test_more_seats_promote_the_oldest():
    house = House(1)
    house.admit("ayu", "budi", "citra", "dian")

    house.resize(3)

    assert house.names("confirmed") == ["ayu", "budi", "citra"]
    assert house.people["dian"].position == 1
    house.resize(None)
    assert house.names("waiting") == []


def test_fewer_seats_than_people_on_them_are_refused():
    house = House(3)
    house.admit("ayu", "budi")

    house.resize(2)
    with pytest.raises(CapacityBelow) as refused:
        house.resize(1)

    assert refused.value.pointer == "/capacity"


def test_the_line_ends_somewhere():
    house = House(1)
    house.admit("ayu")
    house.seats = replace(house.seats, waiting=WAITING_LIMIT)

    with pytest.raises(Full):
        house.admit("budi")


def test_who_came_without_a_seat_makes_none_free():
    house = House(1)
    house.admit("ayu", "budi", "citra")
    room = house.room()
    room.note(
        house.people["budi"], Registration(house.people["budi"]).attend(NOW, NOW, "manual", "rudi")
    )
    house.keep(room)
    assert (house.seats.attended, house.seats.left, house.people["citra"].position) == (1, 0, 1)

    house.cancel("ayu")

    assert house.names("waiting") == ["citra"]


def test_what_changes_nothing_says_nothing_unless_it_must():
    house = House(1)

    assert house.room().said() == []
    assert [type(fact) for fact in house.room().said(always=True)] == [facts.SeatsChanged]
