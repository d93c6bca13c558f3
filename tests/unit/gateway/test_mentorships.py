"""Cases as the gateway shows them: who knows of them, and who fits them."""

import pytest

from contracts.mentoring import states
from contracts.mentoring.commands import AcceptAgreement, Assess, ReportIssue
from gateway.question import Reply
from tests.unit.gateway.house import (
    BASE,
    a_member,
    an_appointment,
    an_institution,
    answered,
    later,
    peopled,
)
from tests.unit.gateway.test_photos import a_case, a_visit


def a_mentor(id, **more):
    given = {"area": "35.71", "background": "it", "skills": ("network", "slims")}
    return states.Mentor(**{**BASE, "id": id, **given, **more})


def an_offer(id="o1", **more):
    given = {
        "mentorship_id": "m1",
        "area": "35.71",
        "mentor_id": "dedi",
        "state": "offered",
        "expires_at": "2026-12-10T02:00:00.000Z",
    }
    return states.Offer(**{**BASE, "id": id, **given, **more})


def an_issue(id="f1", **more):
    given = {
        "mentorship_id": "m1",
        "area": "35.71",
        "code": "SESSION_DIR",
        "description": "Kembali ke login",
        "state": "open",
        "level": "mentor",
        "reported_by": "ayu",
    }
    return states.Issue(**{**BASE, "id": id, **given, **more})


@pytest.fixture
def house():
    made = peopled()
    made.put(
        an_institution("i1"),
        a_member("guru", area="35.06", institution_id="i1"),
        a_member("dedi"),
        a_member("lina"),
        an_appointment("dedi", "mentor", area="35.71"),
        an_appointment("lina", "mentor", area="35.71"),
        a_mentor("dedi", latitude=-7.81, longitude=112.0),
        a_mentor("lina", background="librarian", skills=("metadata",)),
        a_case(latitude=-7.8, longitude=112.0, needs=("network", "metadata")),
        a_visit(
            notes=(
                states.Note(text="semua", visibility="case"),
                states.Note(text="pendamping", visibility="mentors"),
                states.Note(text="koordinator", visibility="coordinators"),
            )
        ),
    )
    return made


def test_a_case_is_known_to_who_works_on_it_asked_for_it_or_coordinates(house):
    seen = {
        by: house.get("/v1/mentorships/m1", by=by).status_code
        for by in ("ayu", "guru", "koko", "officer", "budi", "dedi")
    }
    expected = dict.fromkeys(("ayu", "guru", "koko", "officer"), 200)
    assert seen == {**expected, "budi": 404, "dedi": 404}
    assert [one["id"] for one in house.get("/v1/mentorships", by="guru").json["items"]] == ["m1"]
    assert house.get("/v1/mentorships", by="budi").json["items"] == []


def test_notes_are_read_by_whom_they_are_for(house):
    def notes(by):
        items = house.get("/v1/mentorships/m1/visits", by=by).json["items"]
        return [note["text"] for note in items[0]["notes"]]

    assert notes("guru") == ["semua"]
    assert notes("ayu") == ["semua", "pendamping", "koordinator"]
    assert notes("koko") == ["semua", "pendamping", "koordinator"]


def test_a_pair_that_covers_the_needs_is_suggested_first_with_reasons(house):
    told = house.get("/v1/mentorships/m1/mentor-suggestions", by="koko").json["items"]

    assert {told[0]["mentor_id"], told[0]["partner_id"]} == {"dedi", "lina"}
    assert sorted(told[0]["names"]) == ["Dedi", "Lina"]
    assert told[0]["open_needs"] == []
    assert [one["cost"] for one in told] == sorted(one["cost"] for one in told)
    texts = " ".join(one["text"] for one in told[0]["reasons"])
    assert "pasangan pustakawan dan TI" in texts


def test_who_declined_or_has_no_grant_is_not_suggested(house):
    house.put(an_offer(state="declined"), a_mentor("budi"))

    told = house.get("/v1/mentorships/m1/mentor-suggestions", by="koko", Accept_Language="en").json
    assert {one["mentor_id"] for one in told["items"]} == {"lina"}
    assert "covers metadata" in " ".join(one["text"] for one in told["items"][0]["reasons"])


def test_suggestions_are_for_coordinators(house):
    path = "/v1/mentorships/m1/mentor-suggestions"

    assert house.get(path, by="ayu").status_code == 403
    assert house.get(path, by="budi").status_code == 404


def test_offers_are_seen_by_who_is_asked(house):
    house.put(an_offer())

    assert [one["id"] for one in house.get("/v1/me/offers", by="dedi").json["items"]] == ["o1"]
    assert house.get("/v1/me/offers", by="lina").json["items"] == []
    assert [
        one["id"] for one in house.get("/v1/mentorships/m1/offers", by="koko").json["items"]
    ] == ["o1"]


def test_as_which_party_somebody_speaks_is_spelled_as(house):
    house.backend.replies[AcceptAgreement.verb] = answered(later(a_case()))

    assert (
        house.send(
            "POST", "/v1/mentorships/m1/agreement/accept", by="ayu", json={"as": "mentor"}
        ).status_code
        == 200
    )
    assert house.backend.asked[-1].command.party == "mentor"
    wrong = house.send("POST", "/v1/mentorships/m1/agreement/accept", by="ayu", json={"as": "guru"})
    assert wrong.json["errors"][0]["pointer"] == "/as"


def test_an_assessment_takes_answers_by_question(house):
    house.backend.replies[Assess.verb] = answered(later(a_case()))
    body = {"template_version": 1, "answers": {"lan": True, "computer": 2}}

    assert (
        house.send("PUT", "/v1/mentorships/m1/assessment", by="koko", json=body).status_code == 200
    )
    assert house.backend.asked[-1].command.answers == {"lan": True, "computer": 2}


def test_a_reported_issue_comes_with_remedies_of_others_like_it(house):
    solved = an_issue("f0", state="solved", remedy="chmod")
    told = Reply(result={"issue": {"id": "f1"}, "remedies": [{"id": solved.id}]})
    house.backend.replies[ReportIssue.verb] = told
    body = {"code": "SESSION_DIR", "description": "Kembali ke login"}

    made = house.send("POST", "/v1/mentorships/m1/issues", by="ayu", json=body)
    assert (made.status_code, made.json["remedies"]) == (201, [{"id": "f0"}])


def test_issues_follow_ups_map_and_lineage_belong_to_the_case(house):
    follow_up = states.FollowUp(
        **{**BASE, "id": "u1"},
        mentorship_id="m1",
        area="35.71",
        day=90,
        due_on="2027-03-10",
        state="planned",
    )
    house.put(an_issue(), follow_up, a_case(id="m2", follows_id="m1"))

    def ids(path, by="koko"):
        return [one["id"] for one in house.get(f"/v1/mentorships/{path}", by=by).json["items"]]

    assert ids("m1/issues") == ["f1"]
    assert ids("m1/follow-ups") == ["u1"]
    assert ids("m1/lineage") == ["m2"]
    assert set(ids("map")) == {"m1", "m2"}
    assert house.get("/v1/mentorships/m1/issues", by="budi").status_code == 404
