"""Who is told about places at events of other regions, and what is said."""

from collections.abc import Iterator
from typing import Any

from contracts.catalogue import REFUSALS
from contracts.events import facts, states
from services.notifications.model.known import Books
from services.notifications.model.rules.registrations import HELD
from services.notifications.model.telling import To

LAPSED = "offer_lapsed"
KINDS = {
    "confirmed": "registration_confirmed",
    "waiting": "registration_waiting",
    "offered": "seat_offered",
    "cancelled": "registration_cancelled",
    "refused": "registration_refused",
}


def registrant(fact: facts.AwayRegistrationAnswered, _: Books) -> Iterator[To]:
    """The member; in the words that he knows from events of his own region."""
    state = fact.away_registration
    kind = _kind(state)
    if state.member_id and kind and state.cancelled_reason != HELD:
        yield To((state.member_id,), kind=kind)


def place(fact: facts.AwayRegistrationAnswered, _: Books) -> dict[str, Any]:
    """`event` and his place there; what was before is not known here."""
    state = fact.away_registration
    occasion, refusal = state.occasion, REFUSALS.get(state.refused or "")
    return {
        "event": {
            "title": occasion.title,
            "starts_at": occasion.starts_at,
            "ends_at": occasion.ends_at,
            "timezone": occasion.timezone,
            "place": occasion.place,
            "reason": None,
        },
        "before": None,
        "reconfirm": True,
        "registration": {
            "position": state.position,
            "offer_expires_at": state.offer_expires_at,
            "reason": state.cancelled_reason,
            "refused": {"id": refusal.id, "en": refusal.en} if refusal else None,
            "guest": False,
        },
    }


def _kind(state: states.AwayRegistration) -> str | None:
    if state.needs_reconfirm:
        return "event_rescheduled"
    if state.state == "cancelled" and state.cancelled_reason == LAPSED:
        return "seat_offer_lapsed"
    return KINDS.get(state.state)
