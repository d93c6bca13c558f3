"""Faults: reported, helped from afar, handed up, solved, and remembered with remedy (F8)."""

from typing import Any

from contracts.mentoring import commands, states
from services.mentoring.errors import Forbidden, IssueUnknown
from services.mentoring.handlers.mentors import is_in_pool
from services.mentoring.handlers.who import authority, case
from services.mentoring.model import issue as issues
from services.mentoring.model.authority import Authority
from services.mentoring.model.issue import MOST_REMEDIES, Issue
from services.mentoring.model.ports import Work
from services.mentoring.model.states import must_allow

BATCH = 50
POOL = states.LEVELS[-1]


def report_issue(work: Work, command: commands.ReportIssue) -> dict[str, Any]:
    """By who takes part: `issue`, and `remedies` that helped others with the same code."""
    who, found = authority(work), case(work, command.mentorship_id)
    who.must_take_part(found)
    must_allow(found, "issue")
    solved = work.issues.solved(command.code, MOST_REMEDIES)
    said = (who.member.id, found, command.code, command.description)
    state = work.record(issues.report(work.region, work.now, *said))
    return {"issue": state, "remedies": [_remedy(past) for past in solved]}


def escalate_issue(work: Work, command: commands.EscalateIssue) -> states.Issue:
    """Hand it to the next level, or note remote help; the pool helps with what reached it."""
    who, before = _mine(work, command.mentorship_id, command.issue_id)
    said = (work.now, who.member.id, command.minutes, command.note)
    fact = before.hand_on(*said) if command.hand_on else before.help(*said)
    state: states.Issue = work.record(fact)
    return state


def resolve_issue(work: Work, command: commands.ResolveIssue) -> states.Issue:
    """It is solved; the next one with this code is shown how."""
    who, before = _mine(work, command.mentorship_id, command.issue_id)
    fact = before.solve(work.now, who.member.id, command.remedy, command.minutes)
    state: states.Issue = work.record(fact)
    return state


def to_climb(work: Work) -> list[str]:
    """Ids of the faults that waited long enough where they are."""
    return [found.id for found in work.issues.to_climb(work.now, BATCH)]


def climb(work: Work, id: str) -> None:
    """The next level has it."""
    found = work.issues.get(id)
    fact = Issue(found).climb(work.now) if found else None
    if fact:
        work.record(fact)


def forget_member(work: Work, member_id: str) -> None:
    """He left: what he reported and solved stays, without him."""
    for found in work.issues.naming(member_id):
        work.record(Issue(found).forget(work.now, member_id))


def _mine(work: Work, mentorship_id: str, id: str) -> tuple[Authority, Issue]:
    """A fault that the actor may work on, as he saw it; raises IssueUnknown and Forbidden."""
    who, found, of_case = authority(work), work.issues.get(id), case(work, mentorship_id)
    if found is None or found.mentorship_id != of_case.id:
        raise IssueUnknown(f"there is no issue {id} of this case")
    if not (who.takes_part(of_case) or (found.level == POOL and is_in_pool(who))):
        raise Forbidden("who works on the case, or the pool once it got there, does this")
    return who, Issue(work.to_change(found))


def _remedy(past: states.Issue) -> dict[str, str | None]:
    """How it was solved elsewhere; without saying by whom."""
    return {"issue_id": past.id, "remedy": past.remedy, "solved_at": past.solved_at}
