"""The day itself: tickets verified without a network, batches that come twice, walk-ins."""

import base64
import json
import time
from collections import Counter

import pytest

from tests.e2e.gatherings import (
    announced,
    at,
    give_back,
    path,
    register,
    registration,
    together,
)
from tests.support.client import KOTA, Body, Community, Person, Phone, problem, told
from tests.support.infrastructure import until
from tests.support.verify_ticket import verify_ticket

CAME = 6


@pytest.fixture
def today(kota: Person) -> Body:
    """An event whose door is open."""
    return announced(kota, starts_at=at(hours=1), ends_at=at(hours=3), capacity=CAME)


def public_keys(visitor: Person) -> dict[str, dict[str, str]]:
    """The keys as any device downloads them, by id."""
    keys = told(visitor.get("/.well-known/jwks.json"), 200)["keys"]
    return {key["kid"]: key for key in keys}


def part(ticket: str, number: int) -> Body:
    """Header or claims of a ticket."""
    text = ticket.split(".")[number]
    told: Body = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return told


def forged(ticket: str, **claims: object) -> str:
    """The ticket with other claims under the old signature."""
    head, _, signature = ticket.split(".")
    said = json.dumps({**part(ticket, 1), **claims}).encode()
    return f"{head}.{base64.urlsafe_b64encode(said).decode().rstrip('=')}.{signature}"


def check_in(who: Person, event: Body, **body: object) -> list[Body]:
    """One result per scan."""
    results: list[Body] = who.do("POST", path(event, "check-ins"), dict(body))["results"]
    return results


def attended(kota: Person, event: Body) -> int:
    """How many were there, by the list and by the page, which agree."""
    listed = len(kota.all(path(event, "registrations"), state="attended"))
    assert told(kota.get(path(event)), 200)["attended"] == listed
    return listed


def test_a_ticket_is_verified_offline_by_the_public_key_alone(
    crowd: list[Person], visitor: Person, today: Body
) -> None:
    mine = register(crowd[0], today)
    ticket, now = mine["ticket"], int(time.time())
    head, claims = part(ticket, 0), part(ticket, 1)
    assert (head["alg"], head["typ"]) == ("Ed25519", "ticket+jwt") or head["alg"] == "EdDSA"
    assert not {"name", "email", "phone"} & claims.keys()
    key = public_keys(visitor)[head["kid"]]
    assert verify_ticket(ticket, key, today["id"], now) == mine["id"]
    assert verify_ticket(ticket, key, "another", now) is None
    assert verify_ticket(ticket, key, today["id"], claims["exp"]) is None
    assert verify_ticket(forged(ticket, sub="x"), key, today["id"], now) is None
    other = public_keys(visitor)[crowd_key(visitor, head["kid"])]
    assert verify_ticket(ticket, other, today["id"], now) is None


def crowd_key(visitor: Person, kid: str) -> str:
    """A public key that did not sign it."""
    return next(other for other in public_keys(visitor) if other != kid)


def test_a_ticket_is_in_its_holders_sync_and_in_nobody_elses(
    crowd: list[Person], kota: Person, today: Body
) -> None:
    ayu, budi = crowd[:2]
    phones = {person.id: Phone(person) for person in (ayu, budi, kota)}
    for phone in phones.values():
        phone.settle(0.2)
    mine = register(ayu, today)
    key = ("registration", mine["id"])
    for person in (ayu, kota):
        until(lambda who=person: phones[who.id].sync() is not None and key in phones[who.id].held)
    phones[budi.id].settle(0.3)
    assert phones[ayu.id].held[key]["ticket"] == mine["ticket"]
    assert phones[kota.id].held[key]["ticket"] is None
    assert key not in phones[budi.id].held
    assert all(mine["ticket"] not in json.dumps(one) for one in phones[budi.id].held.values())


def test_a_batch_that_comes_twice_and_from_two_devices_counts_each_once(
    crowd: list[Person], kota: Person, today: Body
) -> None:
    tickets = [one["ticket"] for one in together(lambda who: register(who, today), crowd[:CAME])]
    scans = [{"ticket": one, "scanned_at": at(minutes=-1), "device": "pintu-1"} for one in tickets]
    other = [{**scan, "device": "pintu-2"} for scan in scans[:3]]
    both = together(lambda batch: check_in(kota, today, scans=batch), [scans, other])
    outcomes = Counter(result["outcome"] for results in both for result in results)
    assert outcomes == {"accepted": CAME, "duplicate": 3}
    assert attended(kota, today) == CAME
    before = kota.all(path(today, "registrations"))
    again = check_in(kota, today, scans=scans)
    assert {result["outcome"] for result in again} == {"duplicate"}
    assert kota.all(path(today, "registrations")) == before
    assert {one["checked_in"] for one in before} == {"scan"}


def test_what_is_not_a_ticket_of_this_event_is_refused_and_stops_nobody(
    crowd: list[Person], kota: Person, today: Body
) -> None:
    ayu, budi, chandra = crowd[:3]
    mine, gone = register(ayu, today), register(budi, today)
    elsewhere = register(chandra, announced(kota))
    give_back(budi, gone)
    scans = [
        forged(mine["ticket"], sub=elsewhere["id"]),
        elsewhere["ticket"],
        gone["ticket"],
        "eyJ.bukan.tiket",
        "",
        mine["ticket"],
        mine["ticket"],
    ]
    results = check_in(kota, today, scans=[{"ticket": one} for one in scans])
    assert [(one["outcome"], one["code"]) for one in results] == [
        ("refused", "events.ticket_invalid"),
        ("refused", "events.ticket_other_event"),
        ("refused", "events.ticket_cancelled"),
        ("refused", "events.ticket_invalid"),
        ("refused", "events.ticket_invalid"),
        ("accepted", None),
        ("duplicate", "events.duplicate_scan"),
    ]
    assert attended(kota, today) == 1


def test_the_door_is_its_staffs_for_the_day(
    community: Community, crowd: list[Person], kota: Person, kabupaten: Person, today: Body
) -> None:
    ayu, staff = crowd[0], community.member()
    mine = register(ayu, today)
    body = {"ticket": mine["ticket"]}
    for person in (ayu, kabupaten, staff):
        problem(person.command("POST", path(today, "check-ins"), body), 403)
    offer = {"member_id": staff.id, "role": "checkin_staff", "event_id": today["id"]}
    made = kota.do(
        "POST", "/v1/appointments", {**offer, "area": KOTA, "starts_on": "2026-01-01"}, 201
    )
    staff.do("POST", f"/v1/appointments/{made['id']}/accept")
    assert check_in(staff, today, **body)[0]["outcome"] == "accepted"
    problem(staff.command("PATCH", path(today), {"capacity": 9}), 403)
    later = announced(kota)
    early = kota.command("POST", path(later, "check-ins"), {"member_id": ayu.id})
    problem(early, 409, "events.check_in_closed")
    for wrong in ({}, {**body, "member_id": ayu.id}):
        refused = kota.command("POST", path(today, "check-ins"), wrong)
        problem(refused, 422, "events.check_in_invalid")


def test_who_walks_in_is_noted_with_consent_even_when_all_seats_are_taken(
    crowd: list[Person], kota: Person
) -> None:
    event = announced(kota, starts_at=at(hours=1), ends_at=at(hours=3), capacity=1)
    ayu, budi = crowd[:2]
    register(ayu, event)
    guest = {"walk_in": {"name": "Pak Lewat", "phone": "0812 7777 0000"}}
    refused = kota.command("POST", path(event, "check-ins"), guest)
    problem(refused, 422, "events.consent_needed")
    id = check_in(kota, event, **guest, consent=True)[0]["registration_id"]
    assert check_in(kota, event, member_id=budi.id)[0]["outcome"] == "accepted"
    assert check_in(kota, event, member_id=budi.id)[0]["outcome"] == "duplicate"
    noted = {one["id"]: one for one in kota.all(path(event, "registrations"), state="attended")}
    assert (noted[id]["name"], noted[id]["checked_in"]) == ("Pak Lewat", "walk_in")
    assert attended(kota, event) == 2
    assert told(kota.get(path(event)), 200)["seats_left"] == 0


def test_who_reads_the_rotating_code_at_the_door_checks_himself_in(
    crowd: list[Person], kota: Person, today: Body
) -> None:
    ayu, budi = crowd[:2]
    register(ayu, today)
    problem(ayu.post(path(today, "check-in-codes")), 403)
    shown = told(kota.post(path(today, "check-in-codes")), 200)
    seconds = part(shown["code"], 1)["exp"] - time.time()
    assert 0 < seconds <= 60
    assert check_in(ayu, today, code=shown["code"])[0]["outcome"] == "accepted"
    assert check_in(ayu, today, code=shown["code"])[0]["outcome"] == "duplicate"
    ticket = register(budi, today)["ticket"]
    for code in (ticket, forged(shown["code"], exp=2**31), "x"):
        refused = budi.command("POST", path(today, "check-ins"), {"code": code})
        problem(refused, 422, "events.code_invalid")
    other = announced(kota, starts_at=at(hours=1), ends_at=at(hours=2))
    wrong = budi.command("POST", path(other, "check-ins"), {"code": shown["code"]})
    problem(wrong, 422, "events.code_invalid")


def test_a_list_on_paper_is_tried_and_then_taken_line_by_line(
    crowd: list[Person], kota: Person, kabupaten: Person
) -> None:
    event = announced(kota, starts_at=at(hours=1), ends_at=at(hours=3))
    ayu, budi = crowd[:2]
    mine = register(ayu, event)
    email = told(budi.get("/v1/me"), 200)["email"]
    rows = f"registration_id,email\n{mine['id']},\n,{email.upper()}\n,nobody@uji.example\n,bukan\n"

    def sent(who: Person, query: str = "") -> Body:
        answer = who.client.post(
            f"{path(event, 'attendance', 'imports')}{query}",
            content=rows.encode(),
            headers={"Content-Type": "text/csv"},
        )
        return problem(answer, 403) if who is kabupaten else told(answer, 200)

    sent(kabupaten)
    early = problem_of_early(kota, rows)
    assert early["code"] == "events.check_in_closed"
    wanted = {"created": 1, "updated": 1, "unchanged": 0, "refused": 2}
    tried = sent(kota, "?dry_run=true")
    assert (tried["dry_run"], tried["counts"]) == (True, wanted)
    assert registration(ayu, mine)["state"] == "confirmed"
    taken = sent(kota)
    assert taken["counts"] == wanted and attended(kota, event) == 2
    refused = {one["line"]: one["column"] for one in taken["lines"] if one["outcome"] == "refused"}
    assert refused.keys() == {4, 5}
    assert sent(kota)["counts"] == {"created": 0, "updated": 0, "unchanged": 2, "refused": 2}


def problem_of_early(kota: Person, rows: str) -> Body:
    """What is said of a list for an event that is still to come."""
    where = path(announced(kota), "attendance", "imports")
    headers = {"Content-Type": "text/csv"}
    return problem(kota.client.post(where, content=rows.encode(), headers=headers), 409)
