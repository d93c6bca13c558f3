"""Made-up events and people of a region: planned through the API, known as if heard of."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.ground import AREAS, Ground
from cell.demo.person import Person
from chassis import clock

AREA = AREAS[0]
EVENTS = "/v1/events"
KNOWING = ("jejaring_events", "jejaring_notifications")


def coordinator(ground: Ground) -> Person:
    """The coordinator of the region, signed in already."""
    person = Person(ground.url, timeout=30)
    person.client.headers["Authorization"] = f"Bearer {ground.token}"
    return person


def announced(who: Person, number: int, area: str = AREA, **fields: Any) -> dict[str, Any]:
    """An event that can be registered for, some weeks away."""
    starts = datetime.now(UTC) + timedelta(days=30, hours=number)
    plan = {
        "title": f"Pertemuan {number}",
        "kind": "discussion",
        "area": area,
        "starts_at": written(starts),
        "ends_at": written(starts + timedelta(hours=3)),
    }
    event = who.do("POST", EVENTS, {**plan, **fields}, 201)
    return who.do("POST", f"{EVENTS}/{event['id']}/publish", {"no_speaker_reason": "Bersama"})


def written(moment: datetime) -> str:
    """An instant as the API takes it."""
    return clock.instant(moment)


def people(ground: Ground, names: Iterable[str], area: str, email: bool) -> None:
    """Active members whom events and notifications have heard of, and nobody else."""
    plain = {"version": 1, "state": "active", "area": area, "language": "id"}
    rows = [
        {
            "_id": n,
            "id": n,
            "name": n,
            **plain,
            **({"email": f"{n}@bench.example"} if email else {}),
        }
        for n in names
    ]
    for database in KNOWING:
        known = ground.mongo[database]["known_member"]
        for first in range(0, len(rows), 1000):
            known.insert_many(rows[first : first + 1000])
