"""Reminders: rows that fall due, one per occasion; kept in the database, so they survive."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chassis import clock
from contracts.events import states
from services.notifications.model.known import Books, KnownEvent
from services.notifications.model.rules.gatherings import brief, reached
from services.notifications.model.telling import Telling

DAY_SECONDS = 24 * 3600.0
BEFORE_SECONDS = (("7d", 7 * DAY_SECONDS), ("1d", DAY_SECONDS), ("2h", 2 * 3600.0))
OFFER_SECONDS = 6 * 3600.0


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """Something to say at `due_at`, of no use from `until` on; `subject` is whom it waits for."""

    id: str
    subject: str
    kind: str
    event_id: str
    due_at: str
    until: str
    registration_id: str | None = None


def of_event(event: states.Event, now: str) -> Iterator[Reminder]:
    """Seven days, one day and two hours before a published event; those still to come."""
    if event.state != "published":
        return
    dues = [clock.later(event.starts_at, -seconds) for _, seconds in BEFORE_SECONDS]
    ends = [*dues[1:], event.starts_at]
    for (name, _), due, until in zip(BEFORE_SECONDS, dues, ends, strict=True):
        if due > now:
            yield Reminder(
                id=f"event:{event.id}:{name}:{event.date_changed}",
                subject=f"event:{event.id}",
                kind=f"event_reminder_{name}",
                event_id=event.id,
                due_at=due,
                until=until,
            )


def of_offer(registration: states.Registration, now: str) -> Iterator[Reminder]:
    """Six hours before an offered seat lapses, or half-way if there is less time."""
    expires = registration.offer_expires_at
    if registration.state != "offered" or expires is None or reached(registration) is None:
        return
    left = clock.seconds_between(now, expires)
    if left > 0:
        yield Reminder(
            id=f"offer:{registration.id}:{registration.version}",
            subject=f"offer:{registration.id}",
            kind="seat_offer_reminder",
            event_id=registration.event_id,
            due_at=clock.later(expires, -min(OFFER_SECONDS, left / 2)),
            until=expires,
            registration_id=registration.id,
        )


def telling(reminder: Reminder, books: Books) -> Telling | None:
    """Who is reminded of what; None when it is too late or nobody waits any more."""
    event = books.events.get(reminder.event_id)
    if event is None or event.state != "published" or books.now >= reminder.until:
        return None
    members, params = _whom(reminder, event, books)
    return Telling(
        id=reminder.id,
        kind=reminder.kind,
        fact_id=reminder.id,
        once=reminder.id,
        members=members,
        due_at=books.now,
        params={"event": brief(event), **params},
        urgent=reminder.kind in ("event_reminder_2h", "seat_offer_reminder"),
        about_id=event.id,
        area=event.area,
    )


def _whom(
    reminder: Reminder, event: KnownEvent, books: Books
) -> tuple[tuple[str, ...], dict[str, Any]]:
    if reminder.registration_id is not None:
        found = books.registrations.get(reminder.registration_id)
        told = reached(found) if found and found.state == "offered" else None
        if found is None or told is None:
            return (), {}
        about = {"offer_expires_at": found.offer_expires_at, "guest": found.member_id is None}
        return (told,), {"registration": about}
    seated = books.registrations.of_event(event.id, "confirmed")
    people = [registration.member_id for registration in seated if registration.member_id]
    speakers = [s.member_id for s in event.speakers if s.member_id and s.state == "confirmed"]
    return tuple(dict.fromkeys([*people, *speakers])), {}
