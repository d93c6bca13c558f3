"""Who is told about wishes and topics, and what is said."""

from collections.abc import Iterator
from typing import Any

from contracts.events import facts
from services.notifications.model.known import Books
from services.notifications.model.rules.people import in_charge, officers_now
from services.notifications.model.telling import To


def topic(fact: facts.EventRequestFact, _: Books) -> dict[str, Any]:
    """`request`: topic, reason of a no, how many back it."""
    state = fact.event_request
    return {
        "request": {
            "topic": state.topic,
            "reason": state.decline_reason,
            "backers": len(state.backers),
            "asked_at": state.created_at,
        }
    }


def backers(fact: facts.EventRequestFact, _: Books) -> Iterator[To]:
    """Who asked and who backs it."""
    state = fact.event_request
    asker = (state.requested_by,) if state.requested_by else ()
    yield To((*asker, *state.backers))


def coordinators(fact: facts.EventRequestWaits, books: Books) -> Iterator[To]:
    """Those in charge of its area."""
    yield To(in_charge(books, fact.event_request.area), audience=True)


def officers(_: facts.EventRequestEscalated, books: Books) -> Iterator[To]:
    """The region's coordinator and secretary."""
    yield To(officers_now(books), audience=True)
