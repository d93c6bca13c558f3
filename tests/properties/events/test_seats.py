"""Seats, whatever is asked of them in whatever order: nobody is lost, nobody sits on a lap."""

from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.events.errors import CapacityBelow
from services.events.model.registration import Registration
from tests.support.events import NOW
from tests.unit.events.test_seats import House


class AnySequence(RuleBasedStateMachine):
    """Whatever people, managers and clocks do, seats stay true."""

    def __init__(self) -> None:
        super().__init__()
        self.house = House(2)
        self.arrived: list[str] = []

    def some(self, data: Any, *states: str) -> str:
        return str(
            data.draw(
                st.sampled_from([r.id for r in self.house.people.values() if r.state in states])
            )
        )

    def any_in(*states: str) -> Any:
        return precondition(lambda self: any(r.state in states for r in self.house.people.values()))

    @rule(reconfirm=st.booleans())
    def register(self, reconfirm: bool) -> None:
        name = f"p{len(self.arrived):03d}"
        self.arrived.append(name)
        self.house.admit(name)
        if reconfirm and self.house.people[name].state == "waiting":
            self.house.people[name] = replace(self.house.people[name], needs_reconfirm=True)

    @any_in("confirmed", "waiting", "offered")
    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        self.house.cancel(self.some(data, "confirmed", "waiting", "offered"))

    @any_in("offered")
    @rule(data=st.data())
    def lapse(self, data: Any) -> None:
        self.house.lapse(self.some(data, "offered"))

    @any_in("offered")
    @rule(data=st.data())
    def accept(self, data: Any) -> None:
        room = self.house.room()
        room.accept(self.house.people[self.some(data, "offered")])
        self.house.keep(room)

    @any_in("confirmed", "waiting", "offered")
    @rule(data=st.data())
    def come(self, data: Any) -> None:
        state = self.house.people[self.some(data, "confirmed", "waiting", "offered")]
        room = self.house.room()
        room.note(state, Registration(state).attend(NOW, NOW, "scan", "rudi"))
        self.house.keep(room)

    @rule(capacity=st.one_of(st.none(), st.integers(1, 6)))
    def resize(self, capacity: int | None) -> None:
        try:
            self.house.resize(capacity)
        except CapacityBelow:
            assert capacity is not None
            assert capacity < self.house.room().taken

    @invariant()
    def no_seat_is_given_twice(self) -> None:
        seats = self.house.seats
        if seats.capacity is not None:
            assert seats.confirmed + seats.offered <= seats.capacity

    @invariant()
    def the_numbers_are_the_people(self) -> None:
        for state in ("confirmed", "offered", "waiting", "attended"):
            assert getattr(self.house.seats, state) == len(self.house.only(state))

    @invariant()
    def positions_have_no_holes_and_the_oldest_is_first(self) -> None:
        line = self.house.line()
        assert [r.position for r in line] == list(range(1, len(line) + 1))
        assert [r.id for r in line] == sorted(r.id for r in line)

    @invariant()
    def nobody_waits_before_an_empty_seat(self) -> None:
        assert not (self.house.room().has_seat and self.house.only("waiting"))

    @invariant()
    def nobody_is_lost(self) -> None:
        assert sorted(self.house.people) == self.arrived
        assert all(r.ticket for r in self.house.only("confirmed"))


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(stateful_step_count=40)
