"""Events, registrations and what belongs to them, for tests of the gateway."""

from typing import Any

from contracts.events import states
from tests.unit.gateway.house import BASE, House, an_appointment, peopled


def an_event(id: str = "e1", **more: Any) -> states.Event:
    given = {
        "title": "Lokakarya barcode",
        "kind": "workshop",
        "area": "35.71",
        "state": "published",
        "starts_at": "2026-12-10T02:00:00.000Z",
        "ends_at": "2026-12-10T05:00:00.000Z",
        "timezone": "Asia/Jakarta",
        "topics": ("Mencetak barcode",),
        "venue": states.Place(name="Aula", address="Jl. Mawar 1", latitude=-7.8, longitude=112.0),
        "published_at": "2026-11-21T02:00:00.000Z",
    }
    return states.Event(**{**BASE, "id": id, **given, **more})


def seats_of(event_id: str = "e1", **more: Any) -> states.Seats:
    given = {"area": "35.71", "capacity": 20, "confirmed": 18, "waiting": 3}
    return states.Seats(**{**BASE, "id": event_id, **given, **more})


def a_registration(id: str, member_id: str | None = "ayu", **more: Any) -> states.Registration:
    given = {
        "event_id": "e1",
        "area": "35.71",
        "name": (member_id or "tamu").title(),
        "state": "confirmed",
        "registered_by": member_id,
        "ticket": f"ticket-of-{id}",
    }
    return states.Registration(**{**BASE, "id": id, "member_id": member_id, **given, **more})


def a_topic(id: str = "t1", **more: Any) -> states.EventRequest:
    given = {"topic": "Mencetak barcode", "area": "35.71", "state": "new"}
    return states.EventRequest(
        **{**BASE, "id": id, "requested_by": "ayu", "backers": ("ayu",), **given, **more}
    )


def a_certificate(serial: str = "JJR-2026-7K3F9QXA", **more: Any) -> states.Certificate:
    given = {
        "event_id": "e1",
        "registration_id": "r1",
        "area": "35.71",
        "member_id": "ayu",
        "name": "Ayu – Lestari",
        "title": "Lokakarya barcode",
        "kind": "workshop",
        "held_on": "2026-12-10",
        "hours": 4,
        "awards": (states.Award(area="ICT", level=2),),
        "language": "id",
        "state": "valid",
        "issued_at": "2026-12-11T02:00:00.000Z",
        "signed": "a.b.c",
    }
    return states.Certificate(**{**BASE, "id": serial, **given, **more})


def a_feed(token_digest: str, **more: Any) -> states.CalendarFeed:
    given = {"id": "f1", "scope": "region", "member_id": "ayu", "token_digest": token_digest}
    return states.CalendarFeed(**{**BASE, **given, **more})


def busy(**settings: Any) -> House:
    """A peopled house with an event, its manager (another area's member) and its door."""
    house = peopled(**settings)
    house.put(
        an_event(),
        seats_of(),
        an_appointment("budi", "event_manager", event_id="e1"),
        a_registration("r1"),
        a_registration("r2", "pandu", state="waiting", position=1, ticket=None),
    )
    return house
