"""Many cases at once: worked out, explained, and offered once a coordinator agrees (F3, B4)."""

from dataclasses import replace

from chassis import clock
from contracts.fact import Fact
from contracts.mentoring import commands, states
from contracts.mentoring.candidates import Candidate
from services.mentoring.errors import AssignmentUnknown
from services.mentoring.handlers import mentors
from services.mentoring.handlers.offers import asked_before
from services.mentoring.handlers.who import authority
from services.mentoring.model import assignment
from services.mentoring.model import offer as offers
from services.mentoring.model.assignment import FRESH_SECONDS, MOST_CASES
from services.mentoring.model.ports import Work

Open = tuple[list[states.Mentorship], list[Candidate], assignment.Without]


def to_assign(work: Work, command: commands.ProposeAssignment) -> Open:
    """The cases, who is free, and who is not asked for which; raises Forbidden."""
    authority(work).must_coordinate(command.area)
    cases, pool = _waiting(work, command.area)[:MOST_CASES], mentors.pool(work)
    asked = asked_before(work, [case.id for case in cases])
    without = {case.id: asked[case.id] | pool.staff(case.institution_id) for case in cases}
    return cases, list(pool.by_id.values()), without


def propose_assignment(
    work: Work, command: commands.ProposeAssignment, plan: assignment.Plan | None = None
) -> states.Assignment:
    """By a coordinator for his area, by an officer for the region: who should take which case.

    The plan may have been worked out before; what changes meanwhile is seen when it is confirmed.
    """
    who = authority(work)
    who.must_coordinate(command.area)
    plan = plan or assignment.best(*to_assign(work, command))
    about = (clock.new_id(), work.region, work.now, who.member.id, command.area)
    state: states.Assignment = work.record(assignment.propose(*about, plan))
    return state


def confirm_assignment(work: Work, command: commands.ConfirmAssignment) -> states.Assignment:
    """The offers go out; a case or a mentor that is not free any more is left out."""
    who, found = authority(work), work.assignments.get(command.assignment_id)
    if found is None:
        raise AssignmentUnknown(f"there is no assignment {command.assignment_id}")
    who.must_coordinate(found.area)
    oldest = clock.later(work.now, -FRESH_SECONDS)
    fact = assignment.confirm(work.to_change(found), work.now, oldest)
    made = _offers(work, found, who.member.id)
    work.record_many([fact, *made])
    return fact.assignment


def _waiting(work: Work, area: str | None) -> list[states.Mentorship]:
    """The cases that may be offered and are not, oldest first."""
    offered = {offer.mentorship_id for offer in work.offers.open()}
    return [case for case in work.mentorships.to_match(area) if case.id not in offered]


def _offers(work: Work, found: states.Assignment, by: str) -> list[Fact]:
    """One for each pairing that is still possible."""
    waiting = {case.id: case for case in _waiting(work, found.area)}
    free = dict(mentors.pool(work).by_id)
    made: list[Fact] = []
    for pairing in found.pairings:
        case = waiting.get(pairing.mentorship_id)
        if case is None or pairing.mentor_id is None or not _take(free, pairing):
            continue
        team = (pairing.mentor_id, pairing.partner_id)
        made.append(offers.make(work.region, work.now, case, *team, by))
    return made


def _take(free: dict[str, Candidate], pairing: states.Pairing) -> bool:
    """Count the pairing among the cases of both, if both can take one more."""
    team = [one for one in (pairing.mentor_id, pairing.partner_id) if one]
    if not all(one in free and free[one].free for one in team):
        return False
    for one in team:
        free[one] = replace(free[one], load=free[one].load + 1)
    return True
