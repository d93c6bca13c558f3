"""After an event: minutes, anonymous feedback, certificates that verify, evidence exactly once."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import httpx
import pypdfium2
import pytest
import zxingcpp

from tests.e2e.gatherings import (
    at,
    path,
    planned,
    publish,
    register,
    registration,
    together,
    wait_for_start,
)
from tests.support.client import KOTA, Body, Community, Person, Phone, problem, told
from tests.support.infrastructure import until

CAME = 3
SECRET_WORDS = "Pemindai di pojok itu lambat sekali"


@dataclass
class Held:
    """An event that was held: who came, who did not, and the wish that it answered."""

    event: Body
    came: list[Person]
    missed: Person
    wish: str
    bare: httpx.Response
    places: dict[str, Body]


@pytest.fixture(scope="module")
def held(community: Community, crowd: list[Person]) -> Held:
    """It began a few seconds after it was announced, and is closed; closed once without minutes."""
    kota, came, missed = community.officer(KOTA), crowd[:CAME], crowd[CAME]
    wish = crowd[4].do(
        "POST", "/v1/event-requests", {"topic": "Mencetak barcode", "area": KOTA}, 201
    )["id"]
    body = {
        "title": "Lokakarya mencetak barcode",
        "kind": "workshop",
        "starts_at": at(seconds=4),
        "ends_at": at(seconds=3600),
        "hours": 4,
        "awards": [{"area": "ICT", "level": 2}],
        "certificates": True,
    }
    event = publish(kota, kota.do("POST", f"/v1/event-requests/{wish}/accept", body, 201))
    people = [*came, missed]
    given = together(lambda who: register(who, event), people)
    places = {who.id: one for who, one in zip(people, given, strict=True)}
    scans = [{"ticket": places[who.id]["ticket"]} for who in came]
    kota.do("POST", path(event, "check-ins"), {"scans": scans})
    wait_for_start(event)
    bare = kota.command("POST", path(event, "close"), {})
    kota.do("POST", path(event, "minutes"), {"text": "Hadir tiga orang."})
    event = kota.do("POST", path(event, "close"), {})
    return Held(event=event, came=came, missed=missed, wish=wish, bare=bare, places=places)


def certificate_of(person: Person, event: Body) -> Body:
    """His certificate of the event, once it was issued."""

    def mine() -> list[Body]:
        return [c for c in person.all("/v1/me/certificates") if c["event_id"] == event["id"]]

    (one,) = until(mine)
    found: Body = one
    return found


def evidence_of(person: Person, serial: str) -> list[Body]:
    """What stands in his profile because of the certificate."""
    answer = person.get(f"/v1/members/{person.id}/competencies")
    known = answer.json()["evidence"] if answer.status_code == 200 else []
    return [one for one in known if serial in json.dumps(one)]


def test_closing_needs_minutes_and_tells_who_did_not_come(
    held: Held, kota: Person, visitor: Person
) -> None:
    refused = problem(held.bare, 422, "events.minutes_missing")
    assert refused["errors"][0]["pointer"] == "/minutes_waiver"
    assert (held.event["state"], held.event["minutes"]) == ("closed", "Hadir tiga orang.")
    states = Counter(one["state"] for one in kota.all(path(held.event, "registrations")))
    assert states == {"attended": CAME, "no_show": 1}
    wish = told(kota.get(f"/v1/event-requests/{held.wish}"), 200)
    assert (wish["state"], wish["event_id"]) == ("answered", held.event["id"])
    assert told(visitor.get(path(held.event, "minutes")), 200)["text"] == "Hadir tiga orang."
    again = problem(kota.command("POST", path(held.event, "close"), {}), 409)
    assert set(again["allowed"]) == {"material", "minutes"}


def test_a_waiver_says_why_there_are_no_minutes(kota: Person) -> None:
    event = publish(kota, planned(kota, starts_at=at(seconds=1.5), ends_at=at(hours=1)))
    wait_for_start(event)
    closed = kota.do("POST", path(event, "close"), {"minutes_waiver": "Tidak ada yang datang"})
    assert (closed["minutes"], closed["minutes_waiver"]) == (None, "Tidak ada yang datang")


def test_feedback_is_given_once_by_who_was_there_and_leads_back_to_nobody(
    held: Held, kota: Person, kabupaten: Person, databases: dict[str, Any]
) -> None:
    where, ayu = path(held.event, "feedback"), held.came[0]
    phone = Phone(kota)
    phone.settle(0.2)
    body = {"score": 4, "better": SECRET_WORDS, "problems": ["Barcode tidak terbaca"]}
    problem(held.missed.command("POST", where, body), 403)
    said = ayu.do("POST", where, body, 201)
    again = problem(ayu.command("POST", where, {"score": 1}), 409, "events.feedback_given")
    assert SECRET_WORDS not in json.dumps(again)
    together(lambda who: who.do("POST", where, {"score": 5}, 201), held.came[1:])
    listed = kota.all(where)
    assert sorted(one["score"] for one in listed) == [4, 5, 5]
    kept = next(one for one in listed if one["score"] == 4)
    names = {ayu.id, held.places[ayu.id]["id"], said.get("request_id", "?")}
    assert not any(name in json.dumps(kept) for name in names)
    assert kept["created_at"].endswith("T00:00:00.000Z"), "an instant would tell"
    for person in (ayu, kabupaten):
        problem(person.get(where), 403)
    events = databases["events"]
    for name in events.list_collection_names():
        for row in events[name].find({}):
            row = json.dumps(row, default=str)
            assert not (SECRET_WORDS in row and ayu.id in row), name
            assert not (kept["id"] in row and held.places[ayu.id]["id"] in row), name
    until(lambda: phone.sync() is not None and ("feedback", kept["id"]) in phone.held)


def test_a_problem_becomes_a_topic_once_and_others_back_it(held: Held, kota: Person) -> None:
    given = held.came[1]
    kept = next((o for o in kota.all(path(held.event, "feedback")) if o["problems"]), None)
    if kept is None:
        body = {"score": 3, "problems": ["Barcode tidak terbaca"]}
        kept = given.do("POST", path(held.event, "feedback"), body, 201)
    where = path(held.event, "feedback", kept["id"], "topic")
    problem(given.command("POST", where, {"number": 1}), 403)
    problem(kota.command("POST", where, {"number": 9}), 404)
    topic = kota.do("POST", where, {"number": 1}, 201)
    assert (topic["source"], topic["source_event_id"]) == ("feedback", held.event["id"])
    assert (topic["requested_by"], topic["backers"]) == (None, 0)
    problem(kota.command("POST", where, {"number": 1}), 409, "events.problem_taken")
    assert given.do("POST", f"/v1/event-requests/{topic['id']}/back")["backers"] == 1


def test_a_certificate_verifies_for_anybody_on_screen_and_on_paper(
    held: Held, visitor: Person
) -> None:
    ayu = held.came[0]
    mine = certificate_of(ayu, held.event)
    where = f"/v1/certificates/{mine['id']}"
    shown = told(visitor.get(where), 200)
    assert shown == mine
    assert (shown["state"], shown["hours"], shown["name"]) == ("valid", 4, "Warga Baru")
    paper = visitor.get(where, format="pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    page = pypdfium2.PdfDocument(paper.content)[0]
    text = page.get_textpage().get_text_range()
    assert held.event["title"] in text and mine["id"] in text
    codes = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    assert [code.text.removeprefix(str(visitor.client.base_url).rstrip("/")) for code in codes] == [
        where
    ]
    problem(visitor.get("/v1/certificates/JJR-2026-AAAAAAAA"), 404)


def test_each_attendee_has_one_certificate_and_one_piece_of_evidence(
    held: Held, kota: Person
) -> None:
    serials = {who.id: certificate_of(who, held.event)["id"] for who in held.came}
    assert len(set(serials.values())) == CAME
    for _ in range(2):
        issued = kota.do("POST", path(held.event, "certificates"), {})
        assert (issued["issued"], issued["remaining"]) == (0, 0), "all have theirs"
    assert {one["id"] for one in kota.all(path(held.event, "certificates"))} == {*serials.values()}
    for who in held.came:
        (one,) = until(lambda who=who: evidence_of(who, serials[who.id]))
        assert (one["source"], one["area"], one["level"]) == ("event", "ICT", 2)
    assert held.missed.all("/v1/me/certificates") == []
    problem(held.missed.command("POST", path(held.event, "certificates"), {}), 403)


def test_a_revoked_certificate_says_so_and_takes_its_evidence_along(
    held: Held, kota: Person, kabupaten: Person, visitor: Person
) -> None:
    budi = held.came[-1]
    serial = certificate_of(budi, held.event)["id"]
    until(lambda: evidence_of(budi, serial))
    where, body = f"/v1/certificates/{serial}", {"reason": "Salah nama"}
    for person in (budi, kabupaten):
        problem(person.command("POST", f"{where}/revoke", body), 403)
    revoked = kota.do("POST", f"{where}/revoke", body)
    assert (revoked["state"], revoked["revoked_reason"]) == ("revoked", "Salah nama")
    assert told(visitor.get(where), 200)["state"] == "revoked"
    twice = kota.command("POST", f"{where}/revoke", body)
    problem(twice, 409, "events.certificate_state_forbids")
    until(lambda: not [e for e in evidence_of(budi, serial) if not e.get("revoked")])


def test_who_leaves_is_nameless_in_what_was(community: Community, kota: Person) -> None:
    leaving, event = community.member(name="Nama Rahasia"), planned(kota)
    publish(kota, event)
    mine = register(leaving, event)
    leaving.do("DELETE", "/v1/me")

    def gone() -> bool:
        now = registration(kota, mine)
        return now["state"] == "cancelled" and "Nama Rahasia" not in json.dumps(now)

    assert until(gone)
