"""Events from a wish to the day: who may plan, announce, move and call off, and who sees it."""

import pytest

from tests.e2e.gatherings import (
    TOGETHER,
    announced,
    at,
    change,
    path,
    planned,
    publish,
    register,
    registration,
    workshop,
)
from tests.support.client import KABUPATEN, KOTA, Community, Person, Phone, problem, told
from tests.support.infrastructure import until

REASON = {"reason": "Aula dipakai ujian"}


def test_each_step_is_refused_where_the_state_forbids_it_and_says_what_it_allows(
    kota: Person,
) -> None:
    event = planned(kota)
    refused = problem(kota.command("POST", path(event, "close"), {}), 409)
    assert refused["code"] == "events.event_state_forbids"
    assert "publish" in refused["allowed"] and "close" not in refused["allowed"]
    assert publish(kota, event)["state"] == "published"
    again = problem(kota.command("POST", path(event, "publish"), {}), 409)
    assert {"reschedule", "close", "cancel"} <= set(again["allowed"])
    assert "publish" not in again["allowed"]
    moving = problem(kota.command("PATCH", path(event), {"starts_at": at(days=40)}), 409)
    assert moving["allowed"] == ["reschedule"]
    early = problem(kota.command("POST", path(event, "close"), {"minutes_waiver": "Tidak"}), 409)
    assert "cancel" in early["allowed"], "it has not begun"
    assert kota.do("POST", path(event, "cancel"), REASON)["state"] == "cancelled"
    for step in ("publish", "reschedule", "cancel", "close"):
        body = {"cancel": REASON, "reschedule": {**REASON, "starts_at": at(days=9)}}.get(step, {})
        answer = problem(kota.command("POST", path(event, step), body), 409)
        assert answer.get("allowed", []) == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"topics": ["Barcode"], "fee": 5000}, "/fee"),
        ({"topics": []}, "/topics"),
        ({"topics": ["Barcode", "Katalog"]}, "/topics"),
        ({"topics": ["Barcode"], "ends_at": at(days=29)}, "/ends_at"),
        ({"topics": ["Barcode"], "timezone": "Asia/Kediri"}, "/timezone"),
    ],
)
def test_a_gathering_is_free_and_about_one_thing(
    kota: Person, fields: dict[str, object], pointer: str
) -> None:
    body = workshop(kind="gathering", **fields)
    refused = problem(kota.command("POST", "/v1/events", body), 422, "events.event_invalid")
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


def test_a_gathering_that_fits_is_planned_and_what_was_seen_is_what_is_changed(
    kota: Person,
) -> None:
    event = planned(kota, kind="gathering", topics=["Barcode"])
    assert (event["fee"], event["topics"], event["seats_left"]) == (0, ["Barcode"], None)
    changed = kota.do("PATCH", path(event), {"title": "Barcode bersama"})
    stale = kota.command("PATCH", path(event), {"title": "Lain"}, **{"If-Match": '"1"'})
    problem(stale, 412, "request.stale")
    assert told(kota.get(path(event)), 200) == changed


def test_without_a_speaker_or_a_reason_nothing_is_announced(
    community: Community, kota: Person
) -> None:
    event, ayu = planned(kota), community.member()
    problem(kota.command("POST", path(event, "publish"), {}), 422, "events.speaker_missing")
    asked = {"kind": "practitioner", "subject": "SLiMS", "answer_by": at(days=20)[:10]}
    body = {**asked, "member_id": ayu.id}
    speaker = kota.do("POST", path(event, "speakers"), body, 201)["speakers"][0]
    problem(kota.command("POST", path(event, "publish"), {}), 422, "events.speaker_missing")
    answer = path(event, "speakers", speaker["id"], "answer")
    stranger = community.member()
    refused = stranger.command("POST", answer, {"confirms": True})
    assert refused.status_code in (403, 404), "nobody answers for her"
    assert ayu.do("POST", answer, {"confirms": True})["speakers"][0]["state"] == "confirmed"
    assert kota.do("POST", path(event, "publish"), {})["no_speaker_reason"] is None


def test_a_house_is_asked_and_nothing_is_announced_before_it_agrees(
    community: Community, kota: Person, kabupaten: Person
) -> None:
    school = community.institution()
    host = community.member(institution_id=school["id"])
    event = planned(kota, venue={"name": school["name"], "institution_id": school["id"]})
    assert event["host"]["state"] == "asked"
    waits = kota.command("POST", path(event, "publish"), {"no_speaker_reason": TOGETHER})
    problem(waits, 409, "events.host_unconfirmed")
    problem(kabupaten.command("POST", path(event, "host"), {"agrees": True}), 403)
    assert told(host.get(path(event)), 200)["state"] == "draft", "its people see what is asked"
    assert host.do("POST", path(event, "host"), {"agrees": True})["host"]["decided_by"] == host.id
    assert publish(kota, event)["state"] == "published"
    moved = {"starts_at": at(days=31), **REASON}
    after = kota.do("POST", path(event, "reschedule"), moved)
    assert after["host"]["state"] == "asked", "what was agreed was for another day"


def test_a_draft_is_not_there_for_whom_it_does_not_concern(
    community: Community, visitor: Person, kota: Person, kabupaten: Person, coordinator: Person
) -> None:
    member, event = community.member(), planned(kota)
    phone = Phone(member)
    for person in (visitor, member, kabupaten):
        problem(person.get(path(event)), 404)
        problem(person.get(path(event, "speakers")), 404)
        assert person.all("/v1/events", q=event["title"]) == []
    phone.settle(0.2)
    assert ("event", event["id"]) not in phone.held
    for person in (kota, coordinator):
        assert [one["id"] for one in person.all("/v1/events", q=event["title"])] == [event["id"]]
    publish(kota, event)
    assert told(visitor.get(path(event)), 200)["state"] == "published"
    until(lambda: phone.sync() and ("event", event["id"]) in phone.held)


@pytest.mark.parametrize(("audience", "seen"), [("public", 3), ("members", 2), ("officers", 1)])
def test_an_event_is_shown_to_whom_it_is_for(
    community: Community, visitor: Person, kota: Person, kabupaten: Person, audience: str, seen: int
) -> None:
    event, member = announced(kota, audience=audience), community.member()
    people = (kabupaten, member, visitor)
    found = [person.get(path(event)).status_code for person in people]
    assert found == [200] * seen + [404] * (3 - seen)
    if audience == "officers":
        refused = member.command("POST", path(event, "registrations"), {})
        assert refused.status_code in (403, 404)


def test_a_moved_date_keeps_registrations_and_asks_again_and_another_place_does_not(
    community: Community, kota: Person
) -> None:
    event, ayu = announced(kota, capacity=5), community.member()
    mine = register(ayu, event)
    kota.do("POST", path(event, "reschedule"), {"venue": {"name": "Aula lain"}, **REASON})
    assert registration(ayu, mine) == mine
    times = {"starts_at": at(days=35), "ends_at": at(days=35, hours=2)}
    moved = kota.do("POST", path(event, "reschedule"), {**times, **REASON})
    assert (moved["date_changed"], moved["change_reason"]) == (1, REASON["reason"])
    asked = registration(ayu, mine)
    assert (asked["state"], asked["needs_reconfirm"]) == ("confirmed", True)
    assert asked["ticket"] not in (None, mine["ticket"])
    assert change(ayu, mine, reconfirm=True)["needs_reconfirm"] is False
    problem(kota.command("POST", path(event, "reschedule"), {**times, "reason": "x"}), 422)


def test_calling_off_cancels_what_was_registered_with_its_reason(
    community: Community, kota: Person
) -> None:
    event, ayu, budi = announced(kota, capacity=1), community.member(), community.member()
    places = [(who, register(who, event)) for who in (ayu, budi)]
    kota.do("POST", path(event, "cancel"), {"reason": "Pemateri sakit"})
    for who, place in places:
        now = registration(who, place)
        assert (now["state"], now["cancelled_reason"]) == ("cancelled", "Pemateri sakit")
    refused = community.member().command("POST", path(event, "registrations"), {})
    assert problem(refused, 409, "events.registration_closed")["allowed"] == []
    agenda = told(ayu.get("/v1/me/agenda"), 200)["items"]
    assert [one["event_state"] for one in agenda] == ["cancelled"]


def test_events_of_an_area_are_its_coordinators_and_the_officers_to_plan(
    community: Community, kota: Person, kabupaten: Person, coordinator: Person, visitor: Person
) -> None:
    member, event = community.member(), announced(kota)
    problem(kabupaten.command("POST", "/v1/events", workshop()), 403)
    problem(member.command("POST", "/v1/events", workshop()), 403)
    problem(visitor.command("POST", "/v1/events", workshop()), 401)
    for who in (kabupaten, member):
        problem(who.command("PATCH", path(event), {"title": "Milik kami"}), 403)
        problem(who.command("POST", path(event, "cancel"), REASON), 403)
        problem(who.get(path(event, "registrations")), 403)
    assert coordinator.do("PATCH", path(event), {"title": "Dari region"})["version"] > 1
    unknown = workshop(area="99.99")
    problem(coordinator.command("POST", "/v1/events", unknown), 422, "events.area_invalid")


def test_a_manager_of_one_event_manages_that_one_until_it_is_over(
    community: Community, kota: Person
) -> None:
    event, other, ayu = announced(kota), announced(kota), community.member()
    offer = {"member_id": ayu.id, "role": "event_manager", "event_id": event["id"]}
    body = {**offer, "area": KOTA, "starts_on": "2026-01-01"}
    made = kota.do("POST", "/v1/appointments", body, 201)["id"]
    problem(ayu.command("PATCH", path(event), {"title": "Belum"}), 403)
    ayu.do("POST", f"/v1/appointments/{made}/accept")
    assert ayu.do("PATCH", path(event), {"capacity": 7})["capacity"] == 7
    assert told(ayu.get(path(event, "registrations")), 200)["items"] == []
    problem(ayu.command("PATCH", path(other), {"capacity": 7}), 403)
    problem(ayu.get(path(other, "registrations")), 403)
    kota.do("POST", path(event, "cancel"), REASON)
    problem(ayu.command("POST", path(event, "minutes"), {"text": "Masih saya"}), 403)
    appointment = f"/v1/appointments/{made}"
    until(lambda: told(ayu.get(appointment), 200)["state"] == "ended")


def test_what_would_open_nothing_is_not_granted(
    community: Community, kota: Person, kabupaten: Person
) -> None:
    event, ayu = announced(kota), community.member()
    offer = {"member_id": ayu.id, "role": "checkin_staff", "event_id": event["id"]}
    body = {**offer, "area": KABUPATEN, "starts_on": "2026-01-01"}

    def refused() -> bool:
        return bool(kabupaten.command("POST", "/v1/appointments", body).status_code == 422)

    until(refused)
    answer = kabupaten.command("POST", "/v1/appointments", body)
    told_why = problem(answer, 422, "members.appointment_invalid")
    assert told_why["errors"][0]["pointer"] == "/area"


def test_another_area_hosts_an_event_once_it_agrees(
    kota: Person, kabupaten: Person, visitor: Person
) -> None:
    event = announced(kota)
    kota.do("POST", path(event, "cohosts"), {"area": KABUPATEN})
    assert visitor.all("/v1/events", area=KABUPATEN, q=event["title"]) == []
    answer = path(event, "cohosts", KABUPATEN, "answer")
    problem(kota.command("POST", answer, {"accepts": True}), 403)
    kabupaten.do("POST", answer, {"accepts": True})
    for area in (KOTA, KABUPATEN):
        assert len(visitor.all("/v1/events", area=area, q=event["title"])) == 1
    problem(kabupaten.command("POST", path(event, "cancel"), REASON), 403)
