"""The timeline of a case: all that happened, in order, as far as the reader may see it."""

from dataclasses import replace

import pytest

from contracts.mentoring import states
from gateway.timeline import KINDS
from tests.support.gateway import peopled
from tests.support.stated import (
    BASE,
    PHOTO,
    a_case,
    a_member,
    a_visit,
    an_institution,
    an_issue,
    an_offer,
)


def on(day, hour=2):
    return f"2026-12-{day:02d}T{hour:02d}:00:00.000Z"


def a_life():
    item = states.Item(
        id="installation.slims",
        stage="installation",
        title_id="SLiMS terpasang",
        title_en="SLiMS is installed",
        evidence_kind="text",
        done_at=on(12),
        done_by="ayu",
        evidence=states.Proof(kind="text", value="9.6"),
    )
    return a_case(
        state="in_progress",
        updated_at=on(20),
        readiness=states.Readiness(
            template_version=1, score=80, verdict="ready", assessed_by="koko", assessed_at=on(2)
        ),
        agreement=states.Agreement(
            version=1,
            goals=("a",),
            duties=("b",),
            visits=(states.PlannedVisit(id="p1", planned_at=on(10), overdue_told_at=on(11)),),
            consent=True,
            head_accepted_at=on(6),
            mentor_accepted_at=on(7),
        ),
        items=(item, replace(item, id="open", done_at=None, evidence=None)),
        votes=(states.Vote(party="head", agrees=True, at=on(18), by="guru"),),
        signed_off_at=on(19),
        steps=(
            states.Step(state="requested", stage="request", at=on(1)),
            states.Step(state="assessed", stage="readiness", at=on(2)),
            states.Step(state="on_hold", stage="installation", at=on(14), reason="Ujian"),
        ),
    )


def follow_ups():
    made = {"mentorship_id": "m1", "area": "35.71", "due_on": "2027-01-18"}
    told = (("planned", 180), ("due", 90), ("done", 30), ("withdrawn", 30))
    return [
        states.FollowUp(
            **{**BASE, "id": f"u-{state}", "updated_at": on(21)}, **made, day=day, state=state
        )
        for state, day in told
    ]


def offers():
    ends = (("declined", 4), ("lapsed", 4), ("withdrawn", 4), ("accepted", 5), ("offered", 3))
    return [
        an_offer(f"o-{state}", state=state, created_at=on(3), updated_at=on(day))
        for state, day in ends
    ]


@pytest.fixture(scope="module")
def house():
    made = peopled()
    hops = (
        states.Hop(level="mentor", at=on(13), by="ayu"),
        states.Hop(level="area", at=on(15), by="koko", minutes=25, note="lewat telepon"),
    )
    notes = (
        states.Note(text="semua", visibility="case"),
        states.Note(text="rahasia", visibility="coordinators"),
    )
    made.put(
        an_institution("i1"),
        a_member("guru", institution_id="i1"),
        a_life(),
        a_visit(notes=notes, photos=(PHOTO,), started_at=on(10), logged_by="koko"),
        an_issue(hops=hops, state="solved", remedy="chmod", solved_at=on(16), solved_by="koko"),
        *offers(),
        *follow_ups(),
    )
    return made


def told(house, by="koko", query=""):
    answer = house.get(f"/v1/mentorships/m1/timeline{query}", by=by)
    assert answer.status_code == 200, answer.text
    return answer.json


def whole(house, by="koko"):
    return told(house, by, "?limit=100")["items"]


def test_everything_that_happened_is_there_in_order(house):
    found = whole(house)

    assert [one["at"] for one in found] == sorted(one["at"] for one in found)
    assert {one["kind"] for one in found} == set(KINDS)
    assert len({one["id"] for one in found}) == len(found)
    assert "u-planned" not in repr(found)


def test_states_are_told_with_their_reasons_and_the_present_one_last(house):
    found = [one for one in whole(house) if one["kind"] == "state"]

    assert [(one["details"]["state"], one["details"]["reason"]) for one in found] == [
        ("requested", None),
        ("assessed", None),
        ("on_hold", "Ujian"),
        ("in_progress", None),
    ]
    assert found[-1]["at"] == on(20)


def test_a_state_that_is_the_last_step_is_told_once():
    house = peopled()
    step = states.Step(state="in_progress", stage="installation", at=on(1))
    house.put(a_case(steps=(step,), updated_at=on(9)))

    assert [(one["kind"], one["at"]) for one in whole(house)] == [("state", on(1))]


def test_hops_and_minutes_of_remote_help_are_told(house):
    found = {one["kind"]: one for one in whole(house)}

    assert found["issue_hop"]["details"]["minutes"] == 25
    assert found["issue_hop"]["by"] == "koko"
    assert found["issue_reported"]["details"]["description"] == "Kembali ke login"
    assert found["issue_solved"]["details"]["remedy"] == "chmod"


def test_who_reads_sees_the_notes_and_offers_that_are_his(house):
    def seen(by):
        found = whole(house, by)
        notes = [n["text"] for one in found for n in one["details"].get("notes", ())]
        return notes, any(one["kind"].startswith("offer") for one in found)

    assert seen("koko") == (["semua", "rahasia"], True)
    assert seen("guru") == (["semua"], False)
    assert house.get("/v1/mentorships/m1/timeline", by="budi").status_code == 404
    assert house.get("/v1/mentorships/m1/timeline").status_code == 401


@pytest.mark.parametrize("sort", ["at", "-at"])
def test_pages_miss_and_repeat_nothing(house, sort):
    found, query = [], f"?sort={sort}&limit=4"
    page = told(house, query=query)
    while True:
        found += page["items"]
        if page["next"] is None:
            break
        page = told(house, query=f"{query}&cursor={page['next']}")

    assert found == (whole(house) if sort == "at" else whole(house)[::-1])


def test_it_is_read_from_the_views_alone(house):
    asked = len(house.backend.asked)
    whole(house)

    assert len(house.backend.asked) == asked


def test_what_has_not_happened_yet_is_not_told():
    house = peopled()
    waiting = states.Agreement(
        version=1,
        goals=("a",),
        duties=("b",),
        visits=(states.PlannedVisit(id="p1", planned_at=on(10)),),
        consent=True,
        head_accepted_at=on(6),
    )
    hop = states.Hop(level="mentor", at=on(13), by="ayu")
    house.put(a_case(agreement=waiting, updated_at=on(6)), an_issue(hops=(hop,)))

    assert [one["kind"] for one in whole(house)] == [
        "state",
        "agreement_accepted",
        "issue_reported",
    ]
