"""Visitors from other regions: the same seats, counted once, whatever comes twice (source: I3).

A wish carries all that is known of it, so only the newest counts, and once.
"""

from typing import Any

from contracts.events import facts, states
from services.events.errors import Refusal
from services.events.handlers.certificates import forget_visitor
from services.events.handlers.rooms import keep, room_of
from services.events.model import questions
from services.events.model import visitor as visitors
from services.events.model.ports import Work
from services.events.model.registration import OPEN, Registration, applied, must_be_open

CANCELLED = "visitor_cancelled"


def welcome(work: Work, fact: facts.AwayRegistrationFact) -> None:
    """Do what a visitor wishes, as far as the rules allow, and tell his region."""
    away = fact.away_registration
    before, found = work.visitors.get(away.id), work.registrations.get(away.id)
    visitors.must_be_of(away.region, before, away.id)
    visitors.must_be_of(away.region, found, away.id)
    visitors.must_be_of(away.region, work.away_registrations.get(away.id), away.id)
    if before is not None and before.away_version >= away.version:
        return
    if away.wish == "forget":
        _forget(work, away, found)
    else:
        _try(work, away, found)


def _try(work: Work, away: states.AwayRegistration, found: states.Registration | None) -> None:
    try:
        _granted(work, away, found)
    except Refusal as refusal:
        code = refusal.refusal.code
        before = work.visitors.get(away.id)
        work.record(visitors.refused(before, away, work.region, work.now, code))


def _granted(work: Work, away: states.AwayRegistration, found: states.Registration | None) -> None:
    """Take, change or give back a place; raises what anybody else would be refused with."""
    event = work.events.get(away.event_id)
    if found is None or event is None:
        event = visitors.must_be_open_abroad(event, away.event_id)
    if found is None and away.wish == "cancel":
        work.record(visitors.refused(None, away, work.region, work.now, CANCELLED))
        return
    if away.wish != "cancel":
        must_be_open(event, work.now)
    room = room_of(work, event)
    if found is None:
        state = room.admit(_applied(work, event, away))
    else:
        state = _moved(work, room, event, away, found)
    keep(work, room, wish=away, state=state)


def _applied(work: Work, event: states.Event, away: states.AwayRegistration) -> states.Registration:
    said = questions.answered(event.questions, away.answers)
    person = {"name": away.name, "guest": visitors.guest_of(away), "home_region": away.region}
    return applied(away.id, work.region, work.now, event, answers=said, **person)


def _moved(
    work: Work,
    room: Any,
    event: states.Event,
    away: states.AwayRegistration,
    found: states.Registration,
) -> states.Registration:
    """The registration after the wish; raises RegistrationStateForbids and OfferLapsed."""
    registration = Registration(found)
    if away.wish == "cancel":
        if found.state not in OPEN:
            return found
        state = room.note(found, registration.cancel(work.now, away.cancelled_reason or CANCELLED))
        room.fill()
        return state  # type: ignore[no-any-return]
    answers = questions.answered(event.questions, away.answers)
    said = {"answers": answers, "questions_version": event.questions_version}
    if away.wish == "accept_offer" and found.state == "offered":
        registration.must_hold_offer(work.now)
        return room.accept(registration.answered(said))  # type: ignore[no-any-return]
    again = registration.reconfirm(work.now, said) if away.wish == "reconfirm" else None
    fact = again or registration.change(work.now, said)
    return room.note(found, fact) if fact else found


def _forget(work: Work, away: states.AwayRegistration, found: states.Registration | None) -> None:
    """He left his community, or consents no more: the place is free, the name is gone."""
    event = work.events.get(away.event_id)
    if found is not None and event is not None and found.state in OPEN:
        room = room_of(work, event)
        room.note(found, Registration(found).leave(work.now))
        room.fill()
        keep(work, room)
    elif found is not None and found.name is not None:
        work.record(Registration(found).erase(work.now))
    forget_visitor(work, away.event_id, away.id)
    work.record(visitors.erased(work.visitors.get(away.id), away, work.region, work.now))
    work.forget_answers(away.id)
