"""What attackers try with events: seats, roles and times are not theirs to write."""

from typing import Any

import pytest

from tests.e2e.gatherings import announced, path, planned, register, registration, workshop
from tests.support.client import KABUPATEN, KOTA, Body, Community, Person, problem, told

INSTANT = "2020-01-01T00:00:00Z"
PLANNING = (
    {"state": "published"},
    {"seats_left": 500},
    {"confirmed": 1},
    {"created_by": "somebody"},
    {"published_at": INSTANT},
    {"host": {"state": "confirmed"}},
    {"speakers": [{"name": "Saya", "state": "confirmed"}]},
    {"request_id": "x"},
    {"series_id": "x"},
    {"minutes": "Sudah"},
    {"date_changed": 7},
)
WITHIN = {"speakers": "/speakers/0/state"}  # who speaks is asked, and answers himself
REGISTERING = (
    {"state": "confirmed"},
    {"position": 1},
    {"ticket": "eyJ.saya.sendiri"},
    {"attended_at": INSTANT},
    {"registered_by": "somebody"},
    {"area": KABUPATEN},
    {"event_id": "another"},
    {"name": "Orang lain"},
)


@pytest.fixture(scope="module")
def event(community: Community) -> Body:
    """One that everybody sees."""
    return announced(community.officer(KOTA), capacity=1)


@pytest.mark.parametrize("extra", PLANNING, ids=str)
def test_an_event_is_planned_with_its_details_only(kota: Person, extra: Body) -> None:
    (name,) = extra
    refused = problem(kota.command("POST", "/v1/events", {**workshop(), **extra}), 422)
    assert [error["pointer"] for error in refused["errors"]] == [WITHIN.get(name, f"/{name}")]
    draft = planned(kota)
    problem(kota.command("PATCH", path(draft), extra), 422, "request.invalid")
    assert told(kota.get(path(draft)), 200) == draft


@pytest.mark.parametrize("extra", REGISTERING, ids=str)
def test_nobody_writes_himself_a_seat(crowd: list[Person], event: Body, extra: Body) -> None:
    where = path(event, "registrations")
    problem(crowd[0].command("POST", where, extra), 422, "request.invalid")


def test_nobody_changes_what_his_registration_says_of_him(crowd: list[Person], event: Body) -> None:
    mine = register(crowd[1], event)
    one = path(event, "registrations", mine["id"])
    for extra in REGISTERING:
        problem(crowd[1].command("PATCH", one, extra), 422, "request.invalid")
    assert registration(crowd[1], mine) == mine


@pytest.mark.parametrize(
    ("where", "extra"),
    [
        ("/v1/announcements", {"sent_by": "x"}),
        ("/v1/announcements", {"recipients": 9}),
        ("/v1/venues", {"active": True}),
        ("/v1/equipment", {"reservations": []}),
        ("/v1/event-requests", {"backers": ["x"]}),
        ("/v1/event-requests", {"requested_by": "x"}),
        ("/v1/event-requests", {"state": "accepted"}),
        ("/v1/event-series", {"event_ids": []}),
        ("/v1/calendar-feeds", {"member_id": "x"}),
        ("/v1/calendar-feeds", {"token_digest": "0" * 64}),
    ],
    ids=str,
)
def test_what_the_service_writes_is_not_taken_from_a_body(
    kota: Person, where: str, extra: Body
) -> None:
    (name,) = extra
    refused = problem(kota.command("POST", where, extra), 422, "request.invalid")
    assert f"/{name}" in {error["pointer"] for error in refused["errors"]}


def test_another_area_s_things_are_not_there_or_not_ones_own(
    community: Community, kota: Person, kabupaten: Person, crowd: list[Person]
) -> None:
    ayu, event, draft = crowd[0], announced(kota), planned(kota)
    mine = register(ayu, event)
    venue = kota.do("POST", "/v1/venues", {"name": "Aula", "area": KOTA}, 201)["id"]
    thing = ayu.do("POST", "/v1/equipment", {"name": "Pemindai", "area": KOTA}, 201)["id"]
    wish = ayu.do("POST", "/v1/event-requests", {"topic": "x", "area": KOTA}, 201)["id"]
    feed = ayu.do("POST", "/v1/calendar-feeds", {"scope": "member"}, 201)["id"]
    reason: dict[str, Any] = {"reason": "Kami saja"}
    attempts: list[tuple[str, str, Body | None]] = [
        ("PATCH", path(event), {"title": "Dibajak"}),
        ("PATCH", path(draft), {"title": "Dibajak"}),
        ("POST", path(draft, "publish"), {"no_speaker_reason": "Kami"}),
        ("POST", path(event, "reschedule"), {**reason, "venue": {"name": "Kami"}}),
        ("POST", path(event, "cancel"), reason),
        ("POST", path(event, "close"), {"minutes_waiver": "Kami"}),
        ("POST", path(event, "host"), {"agrees": True}),
        ("POST", path(event, "cohosts"), {"area": KABUPATEN}),
        ("POST", path(event, "minutes"), {"text": "Kami"}),
        ("POST", path(event, "check-ins"), {"member_id": ayu.id}),
        ("POST", path(event, "check-in-codes"), None),
        ("POST", path(event, "certificates"), {}),
        ("GET", path(event, "registrations"), None),
        ("GET", path(event, "feedback"), None),
        ("GET", path(event, "registrations", mine["id"]), None),
        ("DELETE", path(event, "registrations", mine["id"]), None),
        ("POST", path(event, "registrations"), {"member_id": crowd[1].id}),
        ("PATCH", f"/v1/venues/{venue}", {"name": "Kami"}),
        ("PATCH", f"/v1/equipment/{thing}", {"name": "Kami"}),
        ("POST", f"/v1/equipment/{thing}/reservations", {"event_id": event["id"]}),
        ("POST", f"/v1/event-requests/{wish}/decline", reason),
        ("DELETE", f"/v1/calendar-feeds/{feed}", None),
        ("POST", "/v1/announcements", {"title": "x", "body": "x", "event_id": event["id"]}),
        ("POST", "/v1/announcements", {"title": "x", "body": "x", "area": KOTA}),
        ("POST", "/v1/announcements", {"title": "x", "body": "x", "role": "mentor"}),
    ]
    done = []
    for method, where, body in attempts:
        answer = kabupaten.command(method, where, body)
        if answer.status_code not in (403, 404):
            done.append((method, where, answer.status_code))
    assert done == []
    assert told(kota.get(path(event)), 200)["title"] == event["title"]
    assert registration(ayu, mine) == mine
