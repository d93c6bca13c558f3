"""Registrations: people take, confirm and give back places; lapsed offers pass on (D7, D8)."""

from typing import Any

from chassis import clock
from contracts.events import commands, states
from services.events.errors import (
    AlreadyRegistered,
    AnswersInvalid,
    Forbidden,
    Full,
    RegistrationInvalid,
    RegistrationUnknown,
)
from services.events.handlers import who
from services.events.handlers.rooms import (
    called_off,
    capacity_changed,
    date_moved,
    held,
    keep,
    room_of,
)
from services.events.model import questions
from services.events.model.ports import Work
from services.events.model.registration import OPEN, Registration, applied, must_be_open

__all__ = ["called_off", "capacity_changed", "date_moved", "held"]

BATCH = 50


def register(work: Work, command: commands.Register) -> states.Registration:
    """A seat and a ticket, or a place in line; of a series, one for each date to come.

    Raises RegistrationInvalid, RegistrationClosed, AlreadyRegistered, AnswersInvalid, Full and
    Forbidden. Dates of the series that are full, or taken already, are left out.
    """
    event = who.event(work, command.event_id)
    person = _person(work, event, command)
    state = _place(work, event, person, command.answers)
    if command.series and event.series_id:
        for date in work.events.of_series(event.series_id, work.now):
            if date.id != event.id and date.state == "published":
                _place_if_possible(work, date, person, command.answers)
    return state


def change_registration(work: Work, command: commands.ChangeRegistration) -> states.Registration:
    """Accept an offered seat, come at the new date too, or answer the questions again."""
    event, before = _own(work, command.event_id, command.registration_id)
    must_be_open(event, work.now)
    said = _answers(event, command.answers)
    room = room_of(work, event)
    if command.accept_offer:
        Registration(before).must_hold_offer(work.now)
        answered = Registration(before).answered(said)
        state = room.accept(answered)
    else:
        fact = _changed(before, work.now, command.reconfirm, said)
        state = room.note(before, fact) if fact else before
    keep(work, room)
    return state


def cancel_registration(work: Work, command: commands.CancelRegistration) -> states.Registration:
    """Give a place back; the next in line gets it in the same transaction."""
    event, before = _own(work, command.event_id, command.registration_id)
    room = room_of(work, event)
    state = room.note(before, Registration(before).cancel(work.now, command.reason))
    room.fill()
    keep(work, room)
    return state


# -- what nobody asks for ---------------------------------------------------------------------


def lapsed(work: Work) -> list[str]:
    """Ids of events with offers that expired."""
    return list(dict.fromkeys(r.event_id for r in work.registrations.lapsed(work.now, BATCH)))


def pass_on(work: Work, id: str) -> None:
    """Offers of an event that nobody answered in time go to the next in line."""
    event = who.event(work, id)
    room = room_of(work, event)
    for state in work.registrations.of_event(id, "offered"):
        if str(state.offer_expires_at) <= work.now:
            room.note(state, Registration(state).lapse(work.now))
    room.fill()
    keep(work, room)


def forget_member(work: Work, member_id: str) -> None:
    """He left: what is to come is cancelled, and his name is gone from what was (UU PDP)."""
    for state in work.registrations.of_member(member_id):
        if state.state in OPEN:
            room = room_of(work, who.event(work, state.event_id))
            room.note(state, Registration(state).leave(work.now))
            room.fill()
            keep(work, room)
        elif state.name is not None:
            work.record(Registration(state).erase(work.now))


# -- who, where, with which answers -----------------------------------------------------------


def _person(work: Work, event: states.Event, command: commands.Register) -> dict[str, Any]:
    """Who is registered, and by whom; others by who manages the event (source: D7)."""
    me = who.actor(work)
    if command.member_id and command.guest:
        raise RegistrationInvalid("a member or a guest, not both", pointer="/guest")
    if command.guest:
        who.authority(work).must_manage(event)
        return {"name": command.guest.name, "guest": command.guest, "registered_by": me.id}
    if command.member_id in (None, me.id):
        _must_be_invited(work, event)
        return {"name": me.name, "member_id": me.id, "registered_by": me.id}
    who.authority(work).must_manage(event)
    other = who.member(work, str(command.member_id))
    return {"name": other.name, "member_id": other.id, "registered_by": me.id}


def _must_be_invited(work: Work, event: states.Event) -> None:
    """Raise Forbidden when the event is for officers and coordinators, and he is neither."""
    if event.audience == "officers":
        offices = ("coordinator", "secretary", "treasurer", "area_coordinator")
        if not any(a.role in offices for a in who.authority(work).appointments):
            raise Forbidden("the event is for officers")


def _place(
    work: Work, event: states.Event, person: dict[str, Any], answers: dict[str, Any] | None
) -> states.Registration:
    must_be_open(event, work.now)
    member_id = person.get("member_id")
    if member_id and work.registrations.open_of(event.id, member_id):
        raise AlreadyRegistered("this person has a place or waits for one")
    said = questions.answered(event.questions, answers)
    new = applied(clock.new_id(), work.region, work.now, event, answers=said, **person)
    room = room_of(work, event)
    state = room.admit(new)
    keep(work, room)
    return state


def _place_if_possible(
    work: Work, event: states.Event, person: dict[str, Any], answers: dict[str, Any] | None
) -> None:
    member_id = person.get("member_id")
    taken = member_id and work.registrations.open_of(event.id, member_id)
    if taken or event.starts_at <= work.now:
        return
    try:
        _place(work, event, person, answers)
    except (Full, AnswersInvalid):
        return


def _own(work: Work, event_id: str, id: str) -> tuple[states.Event, states.Registration]:
    """A registration of the actor, or of an event that he manages; raises RegistrationUnknown."""
    me = who.actor(work)
    event = who.event(work, event_id)
    found = work.registrations.get(id)
    if found is None or found.event_id != event_id:
        raise RegistrationUnknown(f"there is no registration {id} for this event")
    if found.member_id != me.id:
        who.authority(work).must_manage(event)
    return event, work.to_change(found)


def _answers(event: states.Event, answers: dict[str, Any] | None) -> dict[str, Any]:
    """What new answers change; nothing without any."""
    if answers is None:
        return {}
    said = questions.answered(event.questions, answers)
    return {"answers": said, "questions_version": event.questions_version}


def _changed(before: states.Registration, now: str, reconfirm: bool, said: dict[str, Any]) -> Any:
    registration = Registration(before)
    fact = registration.reconfirm(now, said) if reconfirm else None
    return fact or registration.change(now, said)
