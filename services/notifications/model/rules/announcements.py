"""Who hears an announcement."""

from collections.abc import Iterator
from typing import Any

from contracts.notifications import facts
from services.notifications.model.known import Books
from services.notifications.model.telling import To

STAYING = ("confirmed", "waiting", "offered", "attended")


def said(fact: facts.AnnouncementMade, _: Books) -> dict[str, Any]:
    """`announcement`: title, body and whose words they are."""
    state = fact.announcement
    return {"announcement": {"title": state.title, "body": state.body, "sender": state.sender_name}}


def audience(fact: facts.AnnouncementMade, books: Books) -> Iterator[To]:
    """Those it is for, but for who wrote it."""
    state = fact.announcement
    told = recipients(books, state.audience, state.area, state.role, state.event_id)
    others = tuple(member for member in told if member != state.sent_by)
    yield To(others, kind=f"announcement_{state.audience}", audience=True)


def recipients(
    books: Books, audience: str, area: str | None, role: str | None, event_id: str | None
) -> list[str]:
    """The members of an area, the holders of a role (in an area), or an event's participants."""
    if audience == "event":
        found = books.registrations.of_event(str(event_id), *STAYING)
        told = [registration.member_id for registration in found if registration.member_id]
    elif audience == "role":
        held = books.appointments.accepted([str(role)])
        fitting = [a for a in held if a.in_force(books.today) and area in (None, a.area)]
        told = [appointment.member_id for appointment in fitting]
    else:
        told = books.members.active_in([str(area)])
    return list(dict.fromkeys(told))
