"""Cases as the gateway shows them: who knows of them, and who fits them."""

import asyncio

import pytest

from chassis.schema import schema_of
from contracts.codec import encode
from contracts.members import states as members
from contracts.mentoring import states
from contracts.mentoring.commands import AcceptAgreement, Assess, ReportIssue
from contracts.mentoring.matching import rank
from gateway.api import suggestions
from gateway.api.mentorship_parts import Reported
from gateway.question import Reply
from tests.support.gateway import answered, peopled
from tests.support.stated import (
    BASE,
    a_case,
    a_member,
    a_mentor,
    a_visit,
    an_appointment,
    an_institution,
    an_issue,
    an_offer,
    competencies_of,
    later,
)


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


def test_what_others_confirm_counts_more_than_what_one_says_of_himself(house):
    confirmed = members.Endorsement(
        id="e1", area="ICT", level=3, source="coordinator", given_on="2026-01-10", given_by="koko"
    )
    expired = members.Evidence(
        id="e2",
        area="LIB",
        level=4,
        source="event",
        given_on="2024-01-10",
        given_by="events",
        title="Pelatihan",
        expires_on="2025-01-10",
    )
    house.put(
        a_mentor("lina", version=2, skills=(), latitude=-7.81, longitude=112.0),
        competencies_of("lina", 1, ratings=(), endorsements=(confirmed,), evidence=(expired,)),
    )

    told = house.get("/v1/mentorships/m1/mentor-suggestions", by="koko", Accept_Language="en").json
    assert (told["items"][0]["mentor_id"], told["items"][0]["partner_id"]) == ("lina", None)
    alone = told["items"][0]
    assert alone["open_needs"] == ["metadata"]
    texts = [one["text"] for one in alone["reasons"]]
    assert texts[:3] == [
        "covers network",
        "confirmed by others: network",
        "level of competence: information technology 3",
    ]


def test_who_declined_or_has_no_grant_is_not_suggested(house):
    house.put(an_offer(state="declined"), a_mentor("budi"))

    told = house.get("/v1/mentorships/m1/mentor-suggestions", by="koko", Accept_Language="en").json
    assert {one["mentor_id"] for one in told["items"]} == {"lina"}
    assert "covers metadata" in " ".join(one["text"] for one in told["items"][0]["reasons"])


def test_what_was_suggested_is_kept_until_something_about_mentors_changes(house, monkeypatch):
    ranked, path = [], "/v1/mentorships/m1/mentor-suggestions"
    monkeypatch.setattr(suggestions, "rank", lambda *given: ranked.append(1) or rank(*given))

    def leads():
        items = house.get(path, by="koko").json["items"]
        return [one["mentor_id"] for one in items], len(ranked)

    first, times = leads()
    assert leads() == (first, times) == (first, 1)
    house.put(a_mentor("lina", version=2, available=False))
    assert leads() == (first, 1)
    asyncio.run(house.front.tail.note("mentors", "lina"))
    assert leads() == (["dedi"], 2)
    house.put(later(a_case(latitude=-7.8, longitude=112.0, needs=("network",))))
    assert leads() == (["dedi"], 3)
    house.put(an_offer())
    asyncio.run(house.front.tail.note("offers", "o1"))
    assert leads() == ([], 4)
    house.front.pages.fresh = False
    assert [leads(), leads()] == [([], 5), ([], 6)]


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
    remedy = {"issue_id": "f0", "remedy": "chmod", "solved_at": "2026-11-20T02:00:00.000Z"}
    fault = encode(an_issue("f1"))
    told = Reply(result={"issue": fault, "remedies": [remedy]})
    house.backend.replies[ReportIssue.verb] = told
    body = {"code": "SESSION_DIR", "description": "Kembali ke login"}

    made = house.send("POST", "/v1/mentorships/m1/issues", by="ayu", json=body)
    assert (made.status_code, made.json["remedies"]) == (201, [remedy])
    assert made.json == {**fault, "issue": fault, "remedies": [remedy]}
    assert made.headers["location"] == "/v1/mentorships/m1/issues"
    assert schema_of(Reported)().validate(made.json) == {}


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
    features = house.get("/v1/mentorships/map", by="koko").json["features"]
    assert [one["id"] for one in features] == ["m1"], "the other's place is not known"
    assert house.get("/v1/mentorships/m1/issues", by="budi").status_code == 404
