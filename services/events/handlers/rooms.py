"""The room of an event, opened and written back; and what moves many of its seats at once."""

from collections.abc import Iterable, Iterator
from functools import partial

from contracts.events import facts, states
from contracts.fact import Fact
from services.events.errors import EventUnknown
from services.events.handlers.keys import ticketing
from services.events.model import visitor as visitors
from services.events.model.ports import Work
from services.events.model.registration import HELD, OPEN, Registration
from services.events.model.seats import Room


def room_of(work: Work, event: states.Event) -> Room:
    """The event's seats and line; raises EventUnknown."""
    seats = work.seats.get(event.id)
    if seats is None:
        raise EventUnknown(f"event {event.id} has no seats")
    line = partial(work.registrations.line, event.id)
    return Room(event, seats, work.now, line=line, ticket=ticketing(work, event))


def keep(
    work: Work,
    room: Room,
    *,
    always: bool = False,
    wish: states.AwayRegistration | None = None,
    state: states.Registration | None = None,
) -> None:
    """Write everything that happened in the room, and what visitors' regions are told of it.

    A visitor's `wish` is answered with his registration's `state` even if that did not change.
    """
    said = room.said(always=always)
    visiting = {one.id: one for one in _visiting(said)}
    if wish is not None and state is not None:
        visiting[wish.id] = state
    known = {one.id: one for one in work.visitors.many(visiting)} if visiting else {}
    told = (
        visitors.told(known.get(one.id), one, room.event, work.now, _version(wish, one))
        for one in visiting.values()
    )
    work.record_many([*said, *told])


def _version(wish: states.AwayRegistration | None, about: states.Registration) -> int | None:
    return wish.version if wish is not None and wish.id == about.id else None


def _visiting(said: Iterable[Fact]) -> Iterator[states.Registration]:
    """The registrations of visitors among those that something happened to."""
    for fact in said:
        registration = fact.registration if isinstance(fact, facts.RegistrationFact) else None
        if registration is not None and isinstance(registration.home_region, str):
            yield registration


def capacity_changed(work: Work, event: states.Event) -> None:
    """The event has room for more or fewer; raises CapacityBelow."""
    room = room_of(work, event)
    room.resize(event.capacity)
    keep(work, room, always=True)


def date_moved(work: Work, event: states.Event) -> None:
    """Who has a place keeps it and is asked again; tickets are for the new date (source: D9)."""
    room = room_of(work, event)
    signed = ticketing(work, event)
    for state in work.registrations.of_event(event.id, *OPEN):
        ticket = signed(state.id) if state.state == "confirmed" else None
        room.note(state, Registration(state).ask_again(work.now, ticket))
    keep(work, room, always=True)


def called_off(work: Work, event: states.Event, reason: str) -> None:
    """It will not take place: nobody has a place any more."""
    room = room_of(work, event)
    for state in work.registrations.of_event(event.id, *OPEN):
        room.note(state, Registration(state).cancel(work.now, reason))
    keep(work, room, always=True)


def held(work: Work, event: states.Event) -> None:
    """It was held: who had a seat and did not come is a no-show, the line is over."""
    room = room_of(work, event)
    for state in work.registrations.of_event(event.id, *OPEN):
        registration = Registration(state)
        missed = state.state == "confirmed"
        fact = registration.miss(work.now) if missed else registration.cancel(work.now, HELD)
        room.note(state, fact)
    keep(work, room, always=True)
    if event.certificates:
        work.certificate_batches.begin(event.id, "id")
