"""Mentors at work on a real broker and database: offers, visits, faults, whole batches."""

import pytest

from chassis import clock
from contracts.codec import encode
from contracts.mentoring import commands, states
from services.mentoring.model import assignment
from tests.integration.mentoring.test_course import assess, matched, requested
from tests.support.house_of_mentoring import DAY
from tests.support.infrastructure import until
from tests.support.mentoring import a_case, a_member, a_mentor, an_appointment

pytestmark = pytest.mark.cell
MENTORS, CASES = 400, 200
READY = states.Readiness(template_version=1, score=90, verdict="ready")


def a_visit(client_id="hp-1"):
    now = clock.now()
    times = {"started_at": clock.later(now, -7200), "ended_at": clock.later(now, -3600)}
    return {"client_id": client_id, **times, "work": "Instalasi SLiMS"}


def many(house, kind, things):
    house.books[kind].insert_many([{"_id": one.id, **encode(one)} for one in things])


def a_crowd(house):
    """400 mentors and 200 cases between two rivers."""
    people = [f"m{number}" for number in range(MENTORS)]
    many(house, "known_member", [a_member(one) for one in people])
    many(house, "known_appointment", [an_appointment(one, "mentor") for one in people])
    many(
        house,
        "mentor",
        [
            a_mentor(
                one,
                background=states.BACKGROUNDS[number % 3],
                skills=tuple(states.NEEDS[(number * step) % 11] for step in (1, 3, 5)),
                latitude=-8 + number % 97 / 97,
                longitude=111 + number % 89 / 89,
            )
            for number, one in enumerate(people)
        ],
    )
    many(
        house,
        "mentorship",
        [
            a_case(
                f"c{number}",
                institution_id=f"school-{number}",
                state="assessed",
                readiness=READY,
                needs=tuple(dict.fromkeys(states.NEEDS[(number + n) % 11] for n in (0, 2, 7))),
                latitude=-8 + number % 83 / 83,
                longitude=111 + number % 71 / 71,
            )
            for number in range(CASES)
        ],
    )


def test_a_visit_sent_many_times_at_once_to_two_replicas_is_one(school):
    matched(school)
    visit = commands.LogVisit(mentorship_id=school.id, **a_visit())
    who = {"actor": {"member_id": "ayu"}}

    told = school.asker.wait([school.asker.send(visit, 10.0, **who) for _ in range(10)], 15)

    assert len({one["result"]["id"] for one in told}) == 1
    assert school.house.books["visit"].count_documents({}) == 1


def test_a_visit_of_the_same_phone_id_in_another_case_is_another_visit(school):
    matched(school)
    first = school.ask("ayu", commands.LogVisit, **a_visit())
    requested(school, goal="Katalog daring")
    assess(school)
    offer = school.ask("rudi", commands.MakeOffer, mentor_id="ayu")
    school.ask("ayu", commands.AcceptOffer, offer_id=offer["id"])

    assert school.ask("ayu", commands.LogVisit, **a_visit())["id"] != first["id"]


def test_of_two_coordinators_at_once_one_makes_the_offer(school):
    requested(school, needs=("slims",))
    assess(school)
    asker, offers = school.asker, []
    for who, mentor in (("rudi", "ayu"), ("sari", "eko"), ("rudi", "eko"), ("sari", "ayu")):
        wish = commands.MakeOffer(mentorship_id=school.id, mentor_id=mentor)
        offers.append(asker.send(wish, 10.0, actor={"member_id": who}))

    told = asker.wait(offers, 15)

    codes = sorted(one["refusal"]["code"] for one in told if "refusal" in one)
    assert codes == 3 * ["mentoring.offer_open"]


def test_a_fault_is_answered_with_the_remedy_of_the_last_one(school):
    matched(school)
    about = {"code": "SESSION_DIR", "description": "Login berulang"}
    first = school.ask("budi", commands.ReportIssue, **about)
    solved = {"issue_id": first["issue"]["id"], "remedy": "Folder sesi dapat ditulis"}
    school.ask("ayu", commands.ResolveIssue, **solved, minutes=20)

    again = school.ask("budi", commands.ReportIssue, **about)

    assert first["remedies"] == []
    assert [one["remedy"] for one in again["remedies"]] == ["Folder sesi dapat ditulis"]


@pytest.mark.slow
def test_what_is_late_is_told_by_the_round_that_comes_by_itself(school):
    requested(school, needs=("slims",))
    assess(school)
    school.ask("rudi", commands.MakeOffer, mentor_id="ayu")
    offers = school.house.books["offer"]
    offers.update_one({}, {"$set": {"expires_at": clock.later(clock.now(), -DAY)}})

    until(lambda: offers.count_documents({"state": "offered", "mentor_id": "eko"}) == 1, 90)

    assert offers.count_documents({"state": "lapsed", "mentor_id": "ayu"}) == 1
    assert school.case["lapses"] == 1


def test_two_hundred_cases_are_assigned_at_once_and_offered_once(school):
    a_crowd(school.house)
    asker, who = school.asker, {"actor": {"member_id": "sari"}}

    proposed = asker.ask(commands.ProposeAssignment(), 20.0, **who)["result"]

    assert len(proposed["pairings"]) == CASES
    assert proposed["total_cost"] < assignment.NOBODY_POINTS
    confirm = commands.ConfirmAssignment(assignment_id=proposed["id"])
    told = asker.wait([asker.send(confirm, 10.0, **who) for _ in range(2)], 15)
    codes = [one["refusal"]["code"] if "refusal" in one else "done" for one in told]
    assert sorted(codes) == ["done", "mentoring.assignment_state_forbids"]
    offers = school.house.books["offer"]
    assert offers.count_documents({"state": "offered"}) == CASES
    assert len(offers.distinct("mentorship_id")) == CASES
