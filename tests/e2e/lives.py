"""A life for every view: something of each kind, with a history, by people who are real."""

from tests.e2e.cases import accompanied
from tests.e2e.gatherings import (
    TOGETHER,
    announced,
    at,
    change,
    close,
    give_back,
    path,
    planned,
    register,
    workshop,
)
from tests.support.client import KABUPATEN, KOTA, Body, Community, Person, consent
from tests.support.infrastructure import until

REASON = {"reason": "Aula dipakai ujian"}
HOUR = {"starts_at": at(days=40), "ends_at": at(days=40, hours=1)}


def live(community: Community) -> None:
    """All of it; what comes by itself (mails, certificates) is waited for."""
    kota, ayu, budi = community.officer(KOTA), community.listed(KOTA), community.member(KOTA)
    held = held_soon(kota, [ayu, budi])
    grow(community, ayu, kota)
    leave(community)
    makes(ayu, kota)
    wishes(kota, ayu, budi)
    seats(kota, ayu, budi)
    places(kota, ayu)
    told_of(kota, ayu)
    afterwards(kota, held, ayu, budi)
    accompanied(community)
    community.officer("coordinator").do("POST", "/v1/mentoring-assignments", {}, 201)


def grow(community: Community, ayu: Person, kota: Person) -> None:
    """Ratings, a role, a school."""
    competencies = f"/v1/members/{ayu.id}/competencies"
    for level in (2, 3):
        ayu.do("PUT", competencies, {"ratings": [{"area": "ICT", "level": level}]})
    offer = {"member_id": ayu.id, "role": "mentor", "area": KOTA, "starts_on": "2026-01-01"}
    made = kota.do("POST", "/v1/appointments", offer, 201)["id"]
    ayu.do("POST", f"/v1/appointments/{made}/accept")
    consent(community.listed(KOTA), "directory", granted=False)
    school = community.institution(KOTA)
    kota.do("PATCH", f"/v1/institutions/{school['id']}", {"name": "Berubah"})


def leave(community: Community) -> None:
    """Somebody who had something of everything is gone."""
    gone, event = community.listed(KOTA), announced(community.officer(KOTA))
    ratings = {"ratings": [{"area": "LIB", "level": 1}]}
    gone.do("PUT", f"/v1/members/{gone.id}/competencies", ratings)
    register(gone, event)
    gone.do("POST", "/v1/event-requests", {"topic": "Katalog", "area": KOTA}, 201)
    gone.do("POST", "/v1/calendar-feeds", {"scope": "member"}, 201)
    gone.do("DELETE", "/v1/me")


def makes(ayu: Person, kota: Person) -> None:
    """A plug-in that became better, and one that was withdrawn."""
    text = {"title": "Cetak label", "summary": "Punggung buku", "kind": "plugin"}
    body = {**text, "origin": "individual", "authors": [{"name": "Ayu", "member_id": ayu.id}]}
    made, other = (ayu.do("POST", "/v1/innovations", body, 201)["id"] for _ in range(2))
    ayu.do("PATCH", f"/v1/innovations/{made}", {"slims_versions": ["9.6.1"], "status": "shared"})
    kota.do("POST", f"/v1/innovations/{other}/withdraw")


def wishes(kota: Person, ayu: Person, budi: Person) -> None:
    """One is backed and accepted, one declined."""
    body = {"topic": "Mencetak barcode", "area": KOTA}
    wish, other = (ayu.do("POST", "/v1/event-requests", body, 201)["id"] for _ in range(2))
    budi.do("POST", f"/v1/event-requests/{wish}/back")
    plan = {name: value for name, value in workshop().items() if name != "area"}
    kota.do("POST", f"/v1/event-requests/{wish}/accept", plan, 201)
    kota.do("POST", f"/v1/event-requests/{other}/decline", REASON)


def seats(kota: Person, ayu: Person, budi: Person) -> None:
    """A draft; one that moved, with a line; one that was called off; a series."""
    planned(kota)
    event = announced(kota, capacity=1)
    first, second = register(ayu, event), register(budi, event)
    give_back(ayu, first)
    kota.do("POST", path(event, "reschedule"), {**HOUR, **REASON})
    change(budi, second, reconfirm=True)
    kota.do("POST", path(event, "cohosts"), {"area": KABUPATEN})
    off = announced(kota)
    register(ayu, off)
    kota.do("POST", path(off, "cancel"), REASON)
    body = {**workshop(), "rule": "FREQ=WEEKLY", "dates": 3}
    series = kota.do("POST", "/v1/event-series", body, 201)
    kota.do("POST", f"/v1/event-series/{series['id']}/end", REASON)


def places(kota: Person, ayu: Person) -> None:
    """A place in use, and a thing that was lent."""
    venue = kota.do("POST", "/v1/venues", {"name": "Aula", "area": KOTA}, 201)
    kota.do("PATCH", f"/v1/venues/{venue['id']}", {"power": True})
    event = announced(kota, venue={"name": "?", "venue_id": venue["id"]})
    thing = ayu.do("POST", "/v1/equipment", {"name": "Pemindai", "area": KOTA}, 201)
    where = f"/v1/equipment/{thing['id']}/reservations"
    one = kota.do("POST", where, {"event_id": event["id"]}, 201)["reservations"][0]
    kota.do("POST", f"{where}/{one['id']}/hand-over", {"condition": "Lengkap"})


def told_of(kota: Person, ayu: Person) -> None:
    """An announcement, wishes about being told, and calendars."""
    body = {"title": "Pindah grup", "body": "Grup kita pindah.", "role": "mentor", "area": KOTA}
    kota.do("POST", "/v1/announcements", body, 201)
    said = {"language": "en", "channels": ["email"], "categories": {"news": {"email": False}}}
    hours = {"from": "01:00", "to": "02:00"}
    for digest in ("daily", "none"):
        whole = {**said, "quiet_hours": hours, "digest": digest}
        ayu.do("PUT", "/v1/notification-preferences", whole)
    ayu.do("POST", "/v1/calendar-feeds", {"scope": "region"}, 201)
    feed = ayu.do("POST", "/v1/calendar-feeds", {"scope": "member"}, 201)
    ayu.do("DELETE", f"/v1/calendar-feeds/{feed['id']}")
    notice = until(lambda: ayu.all("/v1/notifications"))[0]
    ayu.do("POST", f"/v1/notifications/{notice['id']}/read")


def held_soon(kota: Person, people: list[Person]) -> Body:
    """An event that begins in a moment, and all are there."""
    near = {"starts_at": at(seconds=4), "ends_at": at(hours=1)}
    event = announced(kota, **near, certificates=True, hours=4)
    for person in people:
        ticket = register(person, event)["ticket"]
        kota.do("POST", path(event, "check-ins"), {"ticket": ticket})
    return event


def afterwards(kota: Person, held: Body, ayu: Person, budi: Person) -> None:
    """It is over: feedback, a topic of it, certificates, one of them revoked."""
    close(kota, held)
    said = ayu.do("POST", path(held, "feedback"), {"score": 4, "problems": [TOGETHER]}, 201)
    kota.do("POST", path(held, "feedback", said["id"], "topic"), {"number": 1}, 201)
    for person in (ayu, budi):
        until(lambda who=person: who.all("/v1/me/certificates"))
    serial = budi.all("/v1/me/certificates")[0]["id"]
    kota.do("POST", f"/v1/certificates/{serial}/revoke", REASON)
