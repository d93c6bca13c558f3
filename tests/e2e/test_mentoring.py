"""Mentoring through HTTP: from a school's request to a library that runs."""

import pytest

from tests.e2e.cases import (
    a_case,
    accompanied,
    agree,
    assess,
    match,
    mentor_of,
    photo_of,
    prove,
    sign_off,
    visit,
)
from tests.support.client import KABUPATEN, consent, problem, told
from tests.support.infrastructure import until


@pytest.fixture(scope="module")
def signed_off(community):
    return accompanied(community)


def test_a_school_is_accompanied_until_all_three_agree(signed_off):
    case = told(signed_off.head.get(signed_off.path), 200)

    assert (case["state"], case["stage"]) in (
        ("signed_off", "follow_up"),
        ("follow_up", "follow_up"),
    )
    assert case["progress"] >= 90
    follow_ups = told(signed_off.head.get(f"{signed_off.path}/follow-ups"), 200)["items"]
    assert [one["day"] for one in follow_ups] == [30, 90, 180]


def test_the_mentor_has_evidence_of_it_once(signed_off):
    path = f"/v1/members/{signed_off.mentor.id}/competencies"

    found = until(lambda: signed_off.mentor.get(path).json().get("evidence"))
    assert {one["source"] for one in found} == {"mentor"}
    assert len({one["id"] for one in found}) == len(found)


def test_the_next_case_with_the_same_fault_is_shown_the_remedy(signed_off, community):
    case = a_case(community)
    assess(case)
    match(case)
    agree(case)
    fault = {"code": "SESSION_DIR", "description": "Selalu kembali"}

    told_of = case.mentor.do("POST", f"{case.path}/issues", fault, 201)
    assert "chmod 770" in [one["remedy"] for one in told_of["remedies"]]


def test_a_second_open_case_for_the_same_goal_is_refused(community):
    case = a_case(community)
    again = {"institution_id": case.school["id"], "goal": " sirkulasi  OTOMATIS "}

    problem(case.head.command("POST", "/v1/mentorships", again), 409, "mentoring.mentorship_taken")


def test_an_illegal_move_says_what_is_allowed(community):
    case = a_case(community)

    told_so = problem(
        case.coordinator.command("POST", f"{case.path}/resume"),
        409,
        "mentoring.mentorship_state_forbids",
    )
    assert "stop" in told_so["allowed"]


def test_a_school_that_is_not_ready_gets_conditions_and_no_offers(community):
    case = a_case(community)
    assessed = assess(case, "lan")

    assert assessed["readiness"]["verdict"] != "ready"
    assert assessed["readiness"]["conditions"]
    before = assessed["readiness"]["score"]
    better = assess(case)
    assert better["readiness"]["score"] > before
    assert better["readiness"]["before"] == before


def test_another_area_knows_nothing_of_it(community):
    case = a_case(community)
    stranger = community.officer(KABUPATEN)

    assert stranger.get(case.path).status_code == 404
    assert community.member(KABUPATEN).get(case.path).status_code == 404
    assert stranger.command("POST", f"{case.path}/hold", {"reason": "coba"}).status_code in (
        403,
        404,
    )


def test_who_changed_nothing_but_his_consents_is_answered_as_ever(community):
    mentor = mentor_of(community)
    consent(mentor, "directory")

    there = mentor.command("PUT", "/v1/me/mentor-availability", {"available": True})
    hidden = mentor.command("POST", "/v1/federation/items/x/hide", {"reason": "coba"})

    assert (there.status_code, hidden.status_code) == (200, 403), (there.text, hidden.text)


def test_suggestions_name_reasons_and_leave_out_who_is_away(community):
    case = a_case(community)
    assess(case)
    away = mentor_of(community)
    away.do("PUT", "/v1/me/mentor-availability", {"available": False})
    path = f"{case.path}/mentor-suggestions"

    items = told(case.coordinator.get(path), 200)["items"]
    assert items
    assert away.id not in {one["mentor_id"] for one in items} | {one["partner_id"] for one in items}
    assert all(one["reasons"] for one in items)


def test_a_renamed_school_is_renamed_in_its_open_case_and_found_by_its_new_name(community):
    case = a_case(community)
    new = f"{case.school['name']} Unggulan"

    community.officer("coordinator").do(
        "PATCH", f"/v1/institutions/{case.school['id']}", {"name": new}
    )

    def found():
        path = f"/v1/mentorships?institution_id={case.school['id']}&q=unggulan"
        return [one["institution_name"] for one in told(case.head.get(path), 200)["items"]]

    assert until(found) == [new]
    assert told(case.head.get(case.path), 200)["version"] == case.body["version"] + 1


def test_what_was_answered_about_a_case_is_what_everybody_reads_next(community):
    case = a_case(community)
    answered = [case.body, assess(case)]
    match(case)
    answered += [agree(case), case.do(case.mentor, "hold", {"reason": "Banjir"})]
    answered += [case.do(case.head, "resume")]

    assert [one["state"] for one in answered] == [
        "requested",
        "assessed",
        "in_progress",
        "on_hold",
        "in_progress",
    ]
    for who in (case.mentor, case.head, case.coordinator):
        assert told(who.get(case.path), 200) == answered[-1]


def test_who_saw_an_older_version_of_a_case_changes_nothing(community):
    case = a_case(community)
    old = {"If-Match": f'"{case.body["version"]}"'}
    assess(case)

    stale = case.head.client.patch(case.path, json={"problem": "Listrik"}, headers=old)
    assert stale.status_code == 412, stale.text
    assert told(case.head.get(case.path), 200)["problem"] == "Belum ada jaringan"


def test_a_visit_made_offline_arrives_once_however_often_it_is_sent(community):
    case = a_case(community)
    assess(case)
    match(case)
    agree(case)

    first, again = visit(case, "hp-7"), visit(case, "hp-7")
    assert first["id"] == again["id"]
    assert len(told(case.head.get(f"{case.path}/visits"), 200)["items"]) == 1


def test_sign_off_is_refused_without_the_facts_that_prove_it(community):
    case = a_case(community)
    assess(case)
    match(case)
    agree(case)
    prove(case, photo_of(case, visit(case)), "sign_off.backup_restored")

    body = {"as": "head", "agrees": True}
    refused = case.head.command("POST", f"{case.path}/sign-off", body)
    assert refused.status_code == 409, refused.text
    prove(case, "none")
    assert sign_off(case)["state"] in ("signed_off", "follow_up")


def test_a_batch_is_proposed_explained_and_sent_only_when_confirmed(community):
    case = a_case(community)
    assess(case)
    coordinator = community.officer("coordinator")

    proposed = coordinator.do("POST", "/v1/mentoring-assignments", {}, 201)
    mine = [one for one in proposed["pairings"] if one["mentorship_id"] == case.body["id"]]
    assert mine
    assert told(case.coordinator.get(f"{case.path}/offers"), 200)["items"] == []
    coordinator.do("POST", f"/v1/mentoring-assignments/{proposed['id']}/confirm")
    if mine[0]["mentor_id"]:
        assert until(lambda: told(case.coordinator.get(f"{case.path}/offers"), 200)["items"])
