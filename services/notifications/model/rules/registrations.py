"""Who is told about places at events, and what is said."""

from collections.abc import Iterator
from typing import Any

from contracts.events import facts, states
from services.notifications.errors import NotYetKnown
from services.notifications.model.known import Books, KnownEvent
from services.notifications.model.rules.gatherings import brief, closing, reached
from services.notifications.model.telling import To

DOUBT_SECONDS = 5.0
HELD = "event_held"
LATE = "reconfirm:"


def known_event(books: Books, id: str) -> KnownEvent:
    """An event that was heard of; raises NotYetKnown."""
    event = books.events.get(id)
    if event is None:
        raise NotYetKnown(f"event {id} was not heard of")
    return event


def called_off(event_id: str) -> str:
    """What nobody hears of twice when an event falls through, speaker and participant in one."""
    return f"cancelled:{event_id}"


def place(fact: facts.RegistrationFact, books: Books) -> dict[str, Any]:
    """`event` and the person's place there."""
    state = fact.registration
    return {
        "event": brief(known_event(books, state.event_id)),
        "registration": {
            "position": state.position,
            "offer_expires_at": state.offer_expires_at,
            "reason": state.cancelled_reason,
            "guest": state.member_id is None,
        },
    }


def moved_place(fact: facts.RegistrationToReconfirm, books: Books) -> dict[str, Any]:
    """The same as for those who were told when the event moved; what was before is not known."""
    return {**place(fact, books), "before": None, "reconfirm": True}


def registrant(fact: facts.RegistrationFact, books: Books) -> Iterator[To]:
    """The member himself, or who registered the guest."""
    known_event(books, fact.registration.event_id)
    if member := reached(fact.registration):
        yield To((member,))


def cancelled(fact: facts.RegistrationCancelled, books: Books) -> Iterator[To]:
    """Who is reached; when the event fell through he hears that instead.

    With a reason it may be the event's, whose own fact can be a moment behind. A line that ends
    because the event was held is no news to anybody.
    """
    state: states.Registration = fact.registration
    event, member = known_event(books, state.event_id), reached(state)
    if member is None or state.cancelled_reason == HELD:
        return
    if event.state == "cancelled":
        yield To((member,), kind="event_cancelled", once=called_off(event.id))
        return
    doubtful = state.cancelled_reason is not None
    yield To((member,), after_seconds=DOUBT_SECONDS if doubtful else 0)


def to_reconfirm(fact: facts.RegistrationToReconfirm, books: Books) -> Iterator[To]:
    """Only who was not told with all others, because his registration was heard of too late.

    The event's own fact, which tells all it finds, gets the time to arrive.
    """
    state = fact.registration
    known_event(books, state.event_id)
    if member := reached(state):
        once = f"{LATE}{state.id}:{state.version}"
        yield To((member,), once=once, after_seconds=DOUBT_SECONDS)


def attended_late(fact: facts.Attended, books: Books) -> Iterator[To]:
    """Who was noted as present after the event's closing was heard of."""
    state = fact.registration
    event = known_event(books, state.event_id)
    if state.member_id and event.state == "closed":
        yield To((state.member_id,), once=closing(event.id))


def certified(fact: facts.CertificateFact, _: Books) -> Iterator[To]:
    """Whose certificate it is."""
    if fact.certificate.member_id:
        yield To((fact.certificate.member_id,))


def certificate(fact: facts.CertificateFact, _: Books) -> dict[str, Any]:
    """`certificate`: serial, title, day, hours and, when revoked, the reason."""
    state = fact.certificate
    return {
        "certificate": {
            "serial": state.id,
            "title": state.title,
            "held_on": state.held_on,
            "hours": state.hours,
            "reason": state.revoked_reason,
        }
    }
