"""Faults: reported with remedies at hand, climbing until solved, every hop and minute kept."""

import pytest

from contracts.mentoring import commands
from services.mentoring.errors import (
    Forbidden,
    IssueStateForbids,
    IssueUnknown,
    MentorshipStateForbids,
)
from services.mentoring.handlers import issues
from tests.support.mentoring import (
    DAY,
    NOW,
    a_case,
    a_member,
    a_region,
    an_appointment,
    later,
    says,
)


def a_running_case(id="case", **fields):
    plain = {"state": "in_progress", "stage": "installation", "mentor_id": "ayu"}
    return a_case(id, **{**plain, **fields})


def report(work, by="budi", case_id="case", code="SESSION_DIR", now=None):
    wish = commands.ReportIssue(mentorship_id=case_id, code=code, description="Login berulang")
    return issues.report_issue(work.by(by, now=now), wish)


def hand_on(work, issue, by="ayu", **fields):
    wish = commands.EscalateIssue(mentorship_id=issue.mentorship_id, issue_id=issue.id, **fields)
    return issues.escalate_issue(work.by(by), wish)


def solve(work, issue, by="ayu", now=None, **fields):
    plain = {"remedy": "Folder sesi dapat ditulis", "minutes": 15}
    wish = commands.ResolveIssue(
        mentorship_id=issue.mentorship_id, issue_id=issue.id, **{**plain, **fields}
    )
    return issues.resolve_issue(work.by(by, now=now), wish)


def climbs(work, days):
    """One round of the sweep on a day; gives the levels it led to."""
    round_ = work.at(later(days * DAY))
    for due in issues.to_climb(round_):
        issues.climb(round_, due)
    return [fact.issue.level for fact in round_.facts]


def test_a_fault_begins_with_the_mentor_and_without_one_at_the_area():
    work = a_region(a_running_case(), a_running_case("open", state="follow_up", mentor_id=None))

    first = report(work)["issue"]

    assert (first.level, first.state, first.reported_by) == ("mentor", "open", "budi")
    assert first.climbs_at == later(3 * DAY)
    assert report(work, case_id="open")["issue"].level == "area"


def test_who_takes_part_reports_while_the_case_is_accompanied():
    work = a_region(a_running_case(), a_case("new"))

    for one in ("budi", "ayu", "rudi", "sari"):
        assert report(work, by=one)["issue"].reported_by == one
    with pytest.raises(Forbidden):
        report(work, by="tono")
    with pytest.raises(MentorshipStateForbids):
        report(work, case_id="new")


def test_unsolved_it_climbs_from_mentor_to_area_to_region_to_the_network():
    work = a_region(a_running_case())
    issue = report(work)["issue"]

    assert [climbs(work, days) for days in (2.9, 3, 6.9, 7, 13.9, 14, 99)] == [
        [],
        ["area"],
        [],
        ["region"],
        [],
        ["network"],
        [],
    ]
    state = work.issues.get(issue.id)
    assert [hop.level for hop in state.hops] == ["mentor", "area", "region", "network"]
    assert state.climbs_at is None


def test_what_was_solved_meanwhile_climbs_no_more():
    work = a_region(a_running_case())
    issue = report(work)["issue"]
    solve(work, issue)

    assert climbs(work, 30) == []
    issues.climb(work.at(later(30 * DAY)), issue.id)
    issues.climb(work.at(later(30 * DAY)), "unknown")
    assert work.issues.get(issue.id).state == "solved"


def test_help_from_afar_counts_its_minutes_and_leaves_it_where_it_is():
    work = a_region(a_running_case())
    issue = report(work)["issue"]

    helped = hand_on(work, issue, hand_on=False, minutes=25, note="Lewat telepon")

    assert (helped.level, helped.climbs_at) == ("mentor", issue.climbs_at)
    assert (helped.hops[-1].minutes, helped.hops[-1].by) == (25, "ayu")
    up = hand_on(work, issue, note="Perlu server")
    assert (up.level, up.climbs_at, up.hops[-1].by) == ("area", later(4 * DAY), "ayu")


def test_the_highest_level_hands_on_to_nobody():
    work = a_region(a_running_case())
    issue = report(work)["issue"]
    for _ in range(3):
        hand_on(work, issue)

    with pytest.raises(IssueStateForbids) as refused:
        hand_on(work, issue)
    assert refused.value.allowed == ("help", "solve")


def test_any_mentor_helps_with_what_reached_the_network():
    far = a_member("fitri", area="35.06"), an_appointment("fitri", "mentor", area="35.06")
    work = a_region(a_running_case(), *far)
    issue = report(work)["issue"]

    with pytest.raises(Forbidden):
        solve(work, issue, by="fitri")
    for _ in range(3):
        hand_on(work, issue)

    assert solve(work, issue, by="fitri").solved_by == "fitri"
    with pytest.raises(Forbidden):
        solve(work, issue, by="tono")


def test_a_remedy_is_remembered_for_the_next_one_with_this_code():
    other = a_running_case("other", institution_id="smpn1", area="35.06", mentor_id="eko")
    work = a_region(a_running_case(), other)
    for day in range(7):
        solve(work, report(work)["issue"], now=later(day * DAY), remedy=f"Cara {day}")

    answer = report(work, by="eko", case_id="other")

    assert [one["remedy"] for one in answer["remedies"]] == [f"Cara {d}" for d in (6, 5, 4, 3, 2)]
    assert set(answer["remedies"][0]) == {"issue_id", "remedy", "solved_at"}
    assert report(work, by="eko", case_id="other", code="MYSQL8")["remedies"] == []


def test_what_is_solved_stays_so():
    work = a_region(a_running_case())
    issue = report(work)["issue"]
    solved = solve(work, issue)

    assert (solved.remedy, solved.solved_at, solved.climbs_at) == (
        "Folder sesi dapat ditulis",
        NOW,
        None,
    )
    for again in (solve, hand_on):
        with pytest.raises(IssueStateForbids):
            again(work, issue)


def test_faults_are_found_by_their_case():
    work = a_region(a_running_case(), a_running_case("other"))
    issue = report(work)["issue"]
    elsewhere = commands.ResolveIssue(mentorship_id="other", issue_id=issue.id, remedy="abc")

    with pytest.raises(IssueUnknown):
        issues.resolve_issue(work.by("ayu"), elsewhere)


def test_however_often_help_is_given_no_minute_is_lost():
    work = a_region(a_running_case())
    issue = report(work)["issue"]

    for _ in range(60):
        state = hand_on(work, issue, hand_on=False, minutes=1)

    assert len(state.hops) == 40
    assert sum(hop.minutes for hop in state.hops) == 60


def test_who_left_is_in_no_fault():
    work = a_region(a_running_case())
    issue = report(work)["issue"]
    hand_on(work, issue)
    solve(work, issue)

    for one in ("ayu", "budi"):
        issues.forget_member(work.at(NOW), one)
        assert not says(vars(work.issues.get(issue.id)), one)
        assert all(hop.by != one for hop in work.issues.get(issue.id).hops)
