"""Reports, spreadsheets, the map, the timeline and plans of visits, over HTTP and real views."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import vobject
from pymongo import MongoClient

from cell.cell import Cell
from tests.e2e.cases import Case, a_case, accompanied, agree, assess, match, visit
from tests.e2e.gatherings import announced, at, close, path, planned, register
from tests.support.client import KABUPATEN, KOTA, Body, Community, Person, problem, told

NAMES = ("activity", "attendance", "competency", "mentoring", "dashboard")
LISTS = ("/v1/mentorships", "/v1/mentoring-visits", "/v1/mentoring-issues")
SMALL = ("keys", "meta", "sessions", "system.profile")


@pytest.fixture(scope="module")
def case(community: Community) -> Case:
    """A region with something to report, and one case that came to its end."""
    kota = community.officer(KOTA)
    people = [community.member(KOTA, education="library_degree") for _ in range(5)]
    community.member(KOTA, education="other_degree")
    for person in people:
        ratings = {"ratings": [{"area": "LIB", "level": 2}]}
        person.do("PUT", f"/v1/members/{person.id}/competencies", ratings)
    planned(kota)
    event = announced(kota, starts_at=at(seconds=4), ends_at=at(hours=1))
    tickets = [register(person, event)["ticket"] for person in people]
    kota.do("POST", path(event, "check-ins"), {"ticket": tickets[0]})
    close(kota, event)
    return accompanied(community)


def numbers(who: Person, name: str, **query: Any) -> list[Body]:
    """The numbers of a report."""
    found: list[Body] = told(who.get(f"/v1/reports/{name}", **query), 200)["numbers"]
    return found


def counted(who: Person, href: str) -> int:
    """How many items the whole list behind a link has."""
    found, query = 0, ""
    while True:
        page = told(who.client.get(f"{href}&limit=100{query}"), 200)
        found += len(page["items"])
        if page["next"] is None:
            return found
        query = f"&cursor={page['next']}"


@pytest.mark.parametrize("name", NAMES)
def test_every_number_opens_the_list_of_exactly_what_it_counts(
    case: Case, coordinator: Person, kota: Person, name: str
) -> None:
    for who in (coordinator, kota):
        found = numbers(who, name)
        assert found
        for one in found:
            if one["hidden"]:
                assert (one["value"], one["href"]) == (None, None)
                continue
            of = counted(who, one["href"])
            if one["unit"] == "percent":
                of = round(100 * of / counted(who, one["of"]), 1)
            assert one["value"] == of, one


def test_a_report_is_for_who_coordinates_and_about_her_areas(
    case: Case, kota: Person, community: Community
) -> None:
    for name in NAMES:
        assert {one["area"] for one in numbers(kota, name)} <= {KOTA}
        problem(kota.get(f"/v1/reports/{name}", area=KABUPATEN), 403)
        problem(case.mentor.get(f"/v1/reports/{name}"), 403)
        problem(community.visitor().get(f"/v1/reports/{name}"), 401)


def test_no_shows_and_small_groups(case: Case, kota: Person) -> None:
    states = {one["group"]["state"]: one["value"] for one in numbers(kota, "attendance")}
    assert {"attended", "no_show"} <= states.keys()
    levels = [one for one in numbers(kota, "competency") if one["group"]["competency"] == "LIB"]
    assert levels and all(one["value"] is None or one["value"] >= 5 for one in levels)
    quiet = {o["area"] for o in numbers(kota, "dashboard") if o["section"] == "dormant_areas"}
    assert quiet == set()


@pytest.mark.parametrize("where", [*LISTS, "/v1/reports/mentoring"])
def test_a_spreadsheet_has_what_the_json_has(case: Case, kota: Person, where: str) -> None:
    answer = kota.get(where, format="csv", headers={"Accept-Language": "en"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))
    known = told(kota.get(where), 200).get("numbers") or kota.all(where)
    assert len(rows) == 1 + len(known) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_spreadsheet_holds_nothing_of_another_area(
    case: Case, kota: Person, kabupaten: Person, community: Community
) -> None:
    for where in LISTS:
        theirs = kabupaten.get(where, format="csv").text
        assert case.body["id"] not in theirs
        assert case.body["id"] in kota.get(where, format="csv").text
    problem(community.visitor().get("/v1/mentorships", format="csv"), 401)
    problem(case.head.get("/v1/mentoring-visits", format="csv"), 403)
    assert case.body["id"] in case.head.get(f"{case.path}/visits", format="csv").text


def test_a_timeline_tells_the_whole_way_in_order(case: Case) -> None:
    found = case.head.all(f"{case.path}/timeline", limit=7)
    times, kinds = [one["at"] for one in found], [one["kind"] for one in found]
    states = [one["details"]["state"] for one in found if one["kind"] == "state"]
    assert times == sorted(times)
    assert {"visit", "issue_solved", "item_completed", "vote", "signed_off"} <= set(kinds)
    assert list(dict.fromkeys(states))[:5] == [
        "requested",
        "assessed",
        "matched",
        "agreed",
        "in_progress",
    ]
    assert "offer_accepted" not in kinds, "offers are the mentor's and the coordinators'"
    told_to = {one["kind"] for one in case.coordinator.all(f"{case.path}/timeline")}
    assert {"offer_made", "offer_accepted"} <= told_to
    stranger = case.community.member(KABUPATEN)
    assert stranger.get(f"{case.path}/timeline").status_code == 404


def test_the_map_is_geojson_of_what_one_may_know_of(
    case: Case, kota: Person, kabupaten: Person, community: Community
) -> None:
    school = community.institution(KOTA, latitude=-7.8, longitude=112.0)
    head = community.member(KOTA, institution_id=school["id"])
    other = a_case(community, (case.mentor, head, school))
    answer = kota.get("/v1/mentorships/map", institution_id=school["id"])
    assert answer.headers["Content-Type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    assert (feature["id"], feature["geometry"]["coordinates"]) == (other.body["id"], [112.0, -7.8])
    theirs = told(kabupaten.get("/v1/mentorships/map", institution_id=school["id"]), 200)
    assert theirs["features"] == []


def calendar_of(person: Person) -> dict[str, Any]:
    """His own calendar by UID, read by a program that knows nothing of us."""
    feed = person.do("POST", "/v1/calendar-feeds", {"scope": "member"}, 201)
    address = urlsplit(feed["url"])
    answer = person.client.get(f"{address.path}?{address.query}")
    entries = getattr(vobject.readOne(answer.text), "vevent_list", [])
    return {one.uid.value: one for one in entries}


def test_a_plan_of_visits_is_in_the_calendars_of_mentor_and_whom_to_call(
    community: Community,
) -> None:
    school, email = community.institution(KOTA), community.email()
    head = community.member(KOTA, institution_id=school["id"], email=email)
    team = (a_case(community).mentor, head, school)
    case = a_case(community, team, contact={"name": "Bu Rina", "email": email})
    assess(case)
    match(case)
    assert calendar_of(case.mentor) == {}
    agree(case)
    (uid,) = calendar_of(case.mentor)
    before = calendar_of(head)[uid]
    assert before.status.value == "CONFIRMED"
    assert case.school["name"] in before.summary.value

    agreement = case.body["agreement"]
    plan = {name: agreement[name] for name in ("goals", "duties", "consent")}
    moved = {**plan, "visits": [{"planned_at": at(days=9)}]}
    case.do(case.mentor, "agreement", moved, "PUT")
    case.do(case.mentor, "agreement/accept", {"as": "mentor"})
    case.do(case.head, "agreement/accept", {"as": "head"})
    for person in (case.mentor, head):
        after = calendar_of(person)
        assert after[uid].status.value == "CANCELLED"
        assert int(after[uid].sequence.value) > int(before.sequence.value)
        assert [one.status.value for key, one in after.items() if key != uid] == ["CONFIRMED"]
    visit(case, started_at=at(hours=-2), ended_at=at(hours=-1))
    case.do(case.mentor, "unmatch", {"reason": "Pindah tugas"})
    assert calendar_of(case.mentor) == {}


@contextmanager
def profiled(cell: Cell) -> Iterator[list[str]]:
    """Collections of views that were gone through from end to end meanwhile."""
    scans: list[str] = []
    with MongoClient[Any](cell.plan.database.uri("admin")) as client:
        views = client["jejaring_views"]
        views.command("profile", 2)
        try:
            yield scans
        finally:
            views.command("profile", 0)
            found = views["system.profile"].find({"planSummary": {"$regex": "COLLSCAN"}})
            scans += [one["ns"] for one in found if one["ns"].partition(".")[2] not in SMALL]
            views["system.profile"].drop()


def test_nothing_of_this_goes_through_a_whole_collection(
    case: Case, coordinator: Person, kota: Person, cell: Cell
) -> None:
    since = (datetime.now(UTC) - timedelta(days=9)).date().isoformat()
    with profiled(cell) as scans:
        for who in (coordinator, kota, case.mentor):
            read_all(who, case, since)
    assert scans == []


def read_all(who: Person, case: Case, since: str) -> None:
    """Every read of this page, with filters, as JSON and as a sheet."""
    lists = (*LISTS, "/v1/mentoring-follow-ups", "/v1/registrations", "/v1/mentorships/map")
    for where in (*lists, *(f"/v1/reports/{name}" for name in NAMES)):
        for query in ({}, {"from": since}, {"area": KOTA}, {"format": "csv"}):
            assert who.get(where, **query).status_code in (200, 400, 403)
    for part in ("timeline", "visits", "issues", "follow-ups", "offers", "lineage"):
        assert who.get(f"{case.path}/{part}").status_code == 200
    for query in ({"open": "true"}, {"state": "closed"}, {"stage": "agreement"}):
        assert who.get("/v1/mentorships", **query).status_code == 200
    for query in ({"education": "untold"}, {"rated_from": since}):
        assert who.get("/v1/members", **query).status_code == 200
    if who is case.mentor:
        calendar_of(who)
