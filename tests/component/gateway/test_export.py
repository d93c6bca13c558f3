"""The member's copy of everything that is held about him, and of nobody else."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts.events import states as events
from contracts.mentoring import states as mentoring
from gateway.api import held
from tests.component.gateway.test_notifications import (
    a_delivery,
    a_notice,
    an_announcement,
    preferences_of,
)
from tests.component.gateway.test_reports import a_follow_up
from tests.support.gateway import House, peopled
from tests.support.stated import (
    BASE,
    NOW,
    a_case,
    a_certificate,
    a_feed,
    a_member,
    a_mentor,
    a_registration,
    a_topic,
    a_visit,
    an_appointment,
    an_event,
    an_innovation,
    an_issue,
    an_offer,
    competencies_of,
)

PHONE, OTHER = "+6281234567890", "rahasia orang lain"


def an_act(id: str, actor: str, subject: str) -> dict[str, Any]:
    told = {"at": NOW, "roles": ["area_coordinator"], "act": "members.approve_member"}
    return {
        **told,
        "_id": id,
        "actor": actor,
        "subject": subject,
        "fact": "members.member_approved.v1",
        "sequence": 2,
        "fields": ["state"],
        "request_id": "q",
    }


def a_reservation(id: str, by: str, **more: Any) -> events.Reservation:
    given = {"event_id": "e1", "starts_at": NOW, "ends_at": NOW, "state": "reserved"}
    return events.Reservation(**{**given, "id": id, "reserved_by": by, **more})


def a_speaker(member_id: str) -> events.Speaker:
    given = {"kind": "academic", "subject": "x", "state": "confirmed", "answer_by": "2026-12-01"}
    return events.Speaker(**{**given, "id": "s", "name": "S", "member_id": member_id})


def a_fault(me: str, other: str) -> mentoring.Issue:
    """Reported by one, solved by another, in a case that is neither's any more."""
    others = mentoring.Hop(level="area", at=NOW, by=other, note=OTHER)
    hops = (mentoring.Hop(level="mentor", at=NOW, by=me), others)
    told = {"reported_by": me, "solved_by": other, "remedy": OTHER}
    return an_issue(f"u-{me}", mentorship_id="gone", hops=hops, **told)


def things(me: str, other: str) -> list[Any]:
    """One thing of every section that is `me`'s."""
    guest = events.Guest(name="Tamu", phone=PHONE)
    strange = a_reservation("r2", other, condition_out=OTHER)
    return [
        competencies_of(me, 2),
        an_appointment(me, "mentor", area="35.71"),
        an_innovation(f"i-{me}", created_by=me, authors=()),
        a_registration(f"r-{me}", me),
        a_registration(f"g-{me}", None, registered_by=me, guest=guest),
        an_event(f"e-{me}", state="draft", published_at=None, speakers=(a_speaker(me),)),
        a_topic(f"t-{me}", requested_by=me, backers=(me, other)),
        a_certificate(f"JJR-2026-{me.upper()}", member_id=me),
        events.Equipment(
            **BASE,
            id=f"q-{me}",
            name="Pemindai",
            area="35.71",
            reservations=(a_reservation("r1", me), strange),
        ),
        a_feed("a" * 64, id=f"f-{me}", member_id=me),
        a_case(id=f"m-{me}", mentor_id=me),
        an_offer(f"o-{me}", mentor_id=other, partner_id=me),
        a_mentor(me),
        a_visit(id=f"v-{me}", mentorship_id="gone", logged_by=me),
        a_fault(me, other),
        a_follow_up(f"w-{me}", mentorship_id="gone", state="done", running=True, answered_by=me),
        a_notice(f"n-{me}", me),
        a_delivery(f"d-{me}", me, sender_id="koko"),
        an_announcement(f"a-{me}", sent_by=me),
        preferences_of(me, digest="weekly"),
    ]


@pytest.fixture
def house() -> House:
    made = peopled()
    made.put(a_member("citra"), *things("ayu", "citra"), *things("budi", "citra"))
    for id, actor, subject in (
        ("a1", "koko", "member/ayu"),
        ("a2", "ayu", "event/e1"),
        ("a3", "koko", "member/budi"),
    ):
        made.store.views["acts"][id] = an_act(id, actor, subject)
    before_after = {"before": {"state": "pending"}, "after": {"state": "active"}}
    for id, subject in (("a1", "member/ayu"), ("a2", "event/e1")):
        made.store.views["values"][id] = {"_id": id, "subject": subject, **before_after}
    return made


def export(house: House, by: str) -> Any:
    answer = house.get("/v1/me/export", by=by)
    assert answer.status_code == 200
    return answer.json


def test_each_section_has_what_is_his_and_nothing_of_others(house: House) -> None:
    told = export(house, "ayu")
    ids = {
        "appointments": "ayu-mentor",
        "innovations": "i-ayu",
        "registrations": "r-ayu",
        "guests": "g-ayu",
        "events": "e-ayu",
        "event_requests": "t-ayu",
        "certificates": "JJR-2026-AYU",
        "equipment": "q-ayu",
        "calendar_feeds": "f-ayu",
        "mentorships": "m-ayu",
        "offers": "o-ayu",
        "visits": "v-ayu",
        "issues": "u-ayu",
        "follow_ups": "w-ayu",
        "notifications": "n-ayu",
        "deliveries": "d-ayu",
        "announcements": "a-ayu",
        "acts": "a2",
        "acts_about": "a1",
    }

    assert {name: [one["id"] for one in told[name]] for name in ids} == {
        name: [id] for name, id in ids.items()
    }
    assert (told["mentor"]["id"], told["notification_preferences"]["digest"]) == ("ayu", "weekly")
    assert set(told) == set(held.SCHEMA["required"])


def test_what_others_said_beside_him_is_left_out(house: House) -> None:
    raw = house.get("/v1/me/export", by="ayu").text
    told = export(house, "ayu")

    assert OTHER not in raw
    assert "citra" not in str(told["event_requests"])
    assert [hop["by"] for hop in told["issues"][0]["hops"]] == ["ayu"]
    assert told["issues"][0]["description"] == "Kembali ke login"
    assert "sender_id" not in told["deliveries"][0]
    assert "actor" not in told["acts_about"][0]
    assert told["acts_about"][0]["before"] == {"state": "pending"}
    assert told["acts"][0]["before"] is None
    assert told["calendar_feeds"][0].keys() & {"token", "token_digest"} == set()


def test_his_own_is_whole(house: House) -> None:
    told = export(house, "ayu")

    assert told["registrations"][0]["ticket"] == "ticket-of-r-ayu"
    assert told["guests"][0]["guest"]["phone"] == PHONE
    assert told["events"][0]["speaking"][0]["member_id"] == "ayu"
    assert told["events"][0]["planned"] is False


def test_who_never_did_anything_has_every_name_all_the_same(house: House) -> None:
    told = export(house, "pandu")

    assert set(told) == set(held.SCHEMA["required"])
    assert [name for name, value in told.items() if value] == ["member"]


def test_a_long_list_of_acts_is_whole(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "ACTS_AT_ONCE", 1)
    for number in range(3):
        house.store.views["acts"][f"b{number}"] = an_act(f"b{number}", "ayu", "event/e2")

    assert [one["id"] for one in export(house, "ayu")["acts"]] == ["a2", "b0", "b1", "b2"]


def test_an_event_hidden_here_is_told_of_to_nobody(house: House) -> None:
    house.store.views["calendar"]["e-ayu"]["hidden"] = True

    assert export(house, "ayu")["events"] == []


def test_what_one_lends_is_told_with_all_reservations(house: House) -> None:
    for one in house.store.views["equipment"].values():
        one["equipment"]["owner_member_id"] = "ayu"

    assert len(export(house, "ayu")["equipment"][0]["reservations"]) == 2


def test_it_is_as_the_document_promises(house: House) -> None:
    document = house.get("/openapi.json").json
    answer = document["paths"]["/v1/me/export"]["get"]["responses"]["200"]
    schema = {
        **answer["content"]["application/json"]["schema"],
        "components": document["components"],
    }

    wrong = [
        f"{by}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for by in ("ayu", "pandu")
        for error in Draft202012Validator(schema).iter_errors(export(house, by))
    ]
    assert wrong == []
