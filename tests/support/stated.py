"""States as their services say them, for tests of what the gateway shows."""

from dataclasses import replace
from typing import Any

from chassis import clock
from contracts.catalogue import FACTS
from contracts.codec import encode, field_types
from contracts.envelope import seal
from contracts.events import states as events
from contracts.fact import Fact
from contracts.federation.facts import EventWithdrawn
from contracts.federation.states import HiddenItem, Withdrawal
from contracts.members import facts, states
from contracts.mentoring import states as mentoring
from contracts.operations import Act, Deed, Parked

REGION = "kediri-raya"
NOW = "2026-11-21T02:00:00.000Z"
BASE: dict[str, Any] = {"version": 1, "region": REGION, "created_at": NOW, "updated_at": NOW}


def an_area(id: str = "35.71", **more: Any) -> states.Area:
    return states.Area(**{**BASE, "id": id, "name": f"Area {id}", "codes": (id,), **more})


def an_institution(id: str = "i1", **more: Any) -> states.Institution:
    return states.Institution(
        **{**BASE, "id": id, "name": "SMAN 1 Kediri", "kind": "school", "area": "35.71", **more}
    )


def a_member(id: str = "ayu", **more: Any) -> states.Member:
    given = {"name": id.title(), "state": "active", "area": "35.71", "email": f"{id}@example.org"}
    return states.Member(**{**BASE, "id": id, **given, **more})


def an_appointment(member_id: str, role: str, **more: Any) -> states.Appointment:
    given = {"id": f"{member_id}-{role}", "state": "accepted", "starts_on": "2020-01-01"}
    return states.Appointment(**{**BASE, **given, "member_id": member_id, "role": role, **more})


def competencies_of(member_id: str, level: int, **more: Any) -> states.Competencies:
    rating = states.Rating(area="ICT", level=level, source="self", rated_on="2026-11-21")
    return states.Competencies(
        **{
            **BASE,
            "id": member_id,
            "member_id": member_id,
            "framework_version": 1,
            "ratings": (rating,),
            **more,
        }
    )


def consenting(id: str = "ayu", granted: bool = True, **more: Any) -> states.Member:
    answer = states.Consent(purpose="directory", granted=granted, text_version="1", decided_at=NOW)
    return a_member(id, consents=(answer,), **more)


def a_parked(id: str, **more: Any) -> Parked:
    given = {"hearer": id.rpartition(".")[2], "fact": "jejaring.members.x.v1", "reason": "r"}
    return Parked(**{**BASE, **given, "id": id, "subject": "member/ayu", "attempts": 6, **more})


RESTATED: dict[Any, type[Fact]] = {
    field_types(cls)[cls.kind]: cls for cls in FACTS.values() if cls.name.endswith("_restated.v1")
} | {states.Session: facts.SessionEnded, Withdrawal: EventWithdrawn}


def fact_of(state: Any) -> Fact:
    cls = RESTATED[type(state)]
    return cls(**{cls.kind: state})


def sealed(state: Any) -> dict[str, Any]:
    return encode(seal(fact_of(state), id=clock.new_id(), region=REGION, time=NOW))


def later(before: Any, **more: Any) -> Any:
    return replace(before, version=before.version + 1, **more)


def an_innovation(id: str = "i1", **more: Any) -> states.Innovation:
    given = {
        "title": "Plug-in label",
        "summary": "Mencetak label punggung buku",
        "kind": "plugin",
        "origin": "individual",
        "area": "35.71",
        "status": "shared",
        "scope": "cell",
        "authors": (states.Author(name="Siti", member_id="ayu"),),
        "slims_versions": ("9.6.1",),
        "created_by": "ayu",
    }
    return states.Innovation(**{**BASE, "id": id, **given, **more})


def a_deed(subject: str = "member/pandu", **more: Any) -> Deed:
    given = {
        "fact": "members.member_approved.v1",
        "subject": subject,
        "sequence": 2,
        "fields": ("state",),
        "before": {"state": "pending", "name": "Pandu"},
        "after": {"state": "active", "name": "Pandu"},
    }
    return Deed(**{**given, **more})


def an_act(id: str = "a1", at: str = NOW, deeds: tuple[Deed, ...] = (), **more: Any) -> Act:
    given = {"actor": "koko", "roles": ("area_coordinator",), "verb": "members.approve_member"}
    told = {**given, "request_id": f"r-{id}", **more}
    return Act(**{**BASE, "id": id, "created_at": at, **told, "deeds": deeds or (a_deed(),)})


ABROAD: dict[str, Any] = {
    "region": "semarang",
    "home": "Semarang",
    "area": "33.74",
    "scope": "network",
    "authors": (states.Author(name="Siti"),),
    "created_by": None,
}


def a_hidden(**more: Any) -> HiddenItem:
    given = {"peer": "semarang", "title": "Plug-in", "starts_at": NOW, "hidden": True}
    return HiddenItem(**{**BASE, "id": "i1", **given, "kind": "innovation", **more})


# -- what events says ------------------------------------------------------------


def an_event(id: str = "e1", **more: Any) -> events.Event:
    given = {
        "title": "Lokakarya barcode",
        "kind": "workshop",
        "area": "35.71",
        "state": "published",
        "starts_at": "2026-12-10T02:00:00.000Z",
        "ends_at": "2026-12-10T05:00:00.000Z",
        "timezone": "Asia/Jakarta",
        "topics": ("Mencetak barcode",),
        "venue": events.Place(name="Aula", address="Jl. Mawar 1", latitude=-7.8, longitude=112.0),
        "published_at": "2026-11-21T02:00:00.000Z",
    }
    return events.Event(**{**BASE, "id": id, **given, **more})


def seats_of(event_id: str = "e1", **more: Any) -> events.Seats:
    given = {"area": "35.71", "capacity": 20, "confirmed": 18, "waiting": 3}
    return events.Seats(**{**BASE, "id": event_id, **given, **more})


def a_registration(id: str, member_id: str | None = "ayu", **more: Any) -> events.Registration:
    given = {
        "event_id": "e1",
        "area": "35.71",
        "name": (member_id or "tamu").title(),
        "state": "confirmed",
        "registered_by": member_id,
        "ticket": f"ticket-of-{id}",
    }
    return events.Registration(**{**BASE, "id": id, "member_id": member_id, **given, **more})


def a_topic(id: str = "t1", **more: Any) -> events.EventRequest:
    given = {"topic": "Mencetak barcode", "area": "35.71", "state": "new"}
    return events.EventRequest(
        **{**BASE, "id": id, "requested_by": "ayu", "backers": ("ayu",), **given, **more}
    )


def a_certificate(serial: str = "JJR-2026-7K3F9QXA", **more: Any) -> events.Certificate:
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
        "awards": (events.Award(area="ICT", level=2),),
        "language": "id",
        "state": "valid",
        "issued_at": "2026-12-11T02:00:00.000Z",
        "signed": "a.b.c",
    }
    return events.Certificate(**{**BASE, "id": serial, **given, **more})


def a_feed(token_digest: str, **more: Any) -> events.CalendarFeed:
    given = {"id": "f1", "scope": "region", "member_id": "ayu", "token_digest": token_digest}
    return events.CalendarFeed(**{**BASE, **given, **more})


# -- what mentoring says ------------------------------------------------------------
PHOTO = mentoring.Photo(
    id="p1", media_type="image/jpeg", size_bytes=10, added_by="ayu", no_identifiable_child=True
)


def a_case(**more: Any) -> mentoring.Mentorship:
    given = {
        "institution_id": "i1",
        "institution_name": "SMAN 4 Kota Kediri",
        "area": "35.71",
        "goal": "Sirkulasi otomatis",
        "state": "in_progress",
        "stage": "installation",
        "mentor_id": "ayu",
    }
    return mentoring.Mentorship(**{**BASE, "id": "m1", **given, **more})


def a_visit(**more: Any) -> mentoring.Visit:
    given = {
        "mentorship_id": "m1",
        "area": "35.71",
        "client_id": "hp-1",
        "started_at": "2026-12-10T02:00:00.000Z",
        "ended_at": "2026-12-10T04:00:00.000Z",
        "logged_by": "ayu",
    }
    return mentoring.Visit(**{**BASE, "id": "v1", **given, **more})


def a_mentor(id: str, **more: Any) -> mentoring.Mentor:
    given = {"area": "35.71", "background": "it", "skills": ("network", "slims")}
    return mentoring.Mentor(**{**BASE, "id": id, **given, **more})


def an_offer(id: str = "o1", **more: Any) -> mentoring.Offer:
    given = {
        "mentorship_id": "m1",
        "area": "35.71",
        "mentor_id": "dedi",
        "state": "offered",
        "expires_at": "2026-12-10T02:00:00.000Z",
    }
    return mentoring.Offer(**{**BASE, "id": id, **given, **more})


def an_issue(id: str = "f1", **more: Any) -> mentoring.Issue:
    given = {
        "mentorship_id": "m1",
        "area": "35.71",
        "code": "SESSION_DIR",
        "description": "Kembali ke login",
        "state": "open",
        "level": "mentor",
        "reported_by": "ayu",
    }
    return mentoring.Issue(**{**BASE, "id": id, **given, **more})
