"""Many open cases and many mentors at once, at the least total cost (source: F3, B4).

First a mentor for each case, optimally; then partners where needs are open, optimally among those
who are left. Mentors and partners in one step would be matching in three dimensions, for which no
fast exact solution is known; so what one case after the other would find is kept if it is cheaper.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from chassis.aggregate import begun, moved
from contracts.mentoring import facts, reasons, states
from contracts.mentoring.candidates import LOAD_POINTS, Candidate, Fit
from contracts.mentoring.matching import Asked, Team
from contracts.mentoring.pairs import complements, gain
from services.mentoring.errors import AssignmentStateForbids
from services.mentoring.model import solver

NOBODY_POINTS = 1000.0  # more than any team costs: somebody goes wherever anybody can
MOST_CASES = 500
FRESH_SECONDS = 24 * 3600
NO_GAIN = 0.0
Without = Mapping[str, Collection[str]]
Cost = Callable[[Asked, Candidate], float]


@dataclass(frozen=True)
class Plan:
    """A team for each case, or nobody."""

    cases: tuple[states.Mentorship, ...]
    teams: tuple[Team | None, ...]

    @property
    def total(self) -> float:
        """The cost of all."""
        return round(sum(_cost(team) for team in self.teams), 3)

    def pairings(self) -> tuple[states.Pairing, ...]:
        """As a fact carries it, with reasons as codes."""
        return tuple(map(_pairing, self.cases, self.teams))


def propose(
    id: str, region: str, now: str, by: str, area: str | None, plan: Plan
) -> facts.AssignmentProposed:
    """A plan that waits for a coordinator's word."""
    assignment = states.Assignment(
        **begun(id, region, now),
        area=area,
        pairings=plan.pairings(),
        total_cost=plan.total,
        proposed_by=by,
    )
    return facts.AssignmentProposed(assignment=assignment)


def confirm(state: states.Assignment, now: str, oldest: str) -> facts.AssignmentConfirmed:
    """The offers go out; raises AssignmentStateForbids a second time, or made before `oldest`."""
    if state.confirmed_at is not None:
        raise AssignmentStateForbids(f"it was confirmed at {state.confirmed_at}")
    if state.created_at < oldest:
        raise AssignmentStateForbids("it is too old: propose it again")
    return facts.AssignmentConfirmed(assignment=moved(state, now, confirmed_at=now))


def best(
    cases: Sequence[states.Mentorship], candidates: Sequence[Candidate], without: Without
) -> Plan:
    """The cheaper of the optimal plan and of what one case after the other would find.

    `without` has by case the ids of those who are not asked (again).
    """
    plans = (made(cases, candidates, without) for made in (optimal, in_turn))
    return min(plans, key=lambda plan: plan.total)


def optimal(
    cases: Sequence[states.Mentorship], candidates: Sequence[Candidate], without: Without
) -> Plan:
    """Mentors for all cases at the least cost, then partners at the most gain."""
    asked = [Asked(case) for case in cases]
    leads = _assigned(asked, candidates, NOBODY_POINTS, _alone(without))
    left = _loaded(candidates, leads)
    partners = _assigned(asked, left, NO_GAIN, _along(without, asked, leads))
    teams = (
        Team(case, lead, partner) if lead else None
        for case, lead, partner in zip(asked, leads, partners, strict=True)
    )
    return Plan(tuple(cases), tuple(teams))


def in_turn(
    cases: Sequence[states.Mentorship], candidates: Sequence[Candidate], without: Without
) -> Plan:
    """The best team that is left, for one case after the other."""
    left = {one.id: one for one in candidates}
    teams: list[Team | None] = []
    for case in cases:
        team = next(iter(Asked(case).rank(left.values(), without.get(case.id, ()), 1)), None)
        for taken in team.ids if team else ():
            left[taken] = replace(left[taken], load=left[taken].load + 1)
        teams.append(team)
    return Plan(tuple(cases), tuple(teams))


def _alone(without: Without) -> Cost:
    """What a mentor costs a case that he may be asked for."""

    def cost(asked: Asked, one: Candidate) -> float:
        barred = one.id in without.get(asked.case.id, ())
        return solver.INFINITE if barred else asked.cost(asked.fit(one))

    return cost


def _along(without: Without, asked: Sequence[Asked], leads: Sequence[Fit | None]) -> Cost:
    """What a partner costs, below zero if the needs that he covers are worth more."""
    lead_of = {case.case.id: lead for case, lead in zip(asked, leads, strict=True)}

    def cost(asked: Asked, one: Candidate) -> float:
        lead = lead_of[asked.case.id]
        gaps = asked.needs & ~lead.covers if lead else 0
        if lead is None or not gaps & one.covers or one.id in without.get(asked.case.id, ()):
            return solver.INFINITE
        if not complements(lead.candidate.background, one.background):
            return solver.INFINITE
        return -gain(asked.fit(one), gaps, asked.needs & ~lead.confirmed)

    return cost


def _assigned(
    asked: Sequence[Asked], candidates: Sequence[Candidate], nobody: float, cost: Cost
) -> list[Fit | None]:
    """For each case who takes it at the least total cost; None where nobody is cheaper."""
    free = [one for one in candidates if one.free]
    slots = [slot for one in free for slot in _slots(one, len(asked))]
    rows = [_row(case, free, len(asked), cost) for case in asked]
    found: list[Fit | None] = [None] * len(asked)
    for number, column in _chosen(rows, nobody):
        found[number] = asked[number].fit(slots[column])
    return found


def _row(asked: Asked, free: Sequence[Candidate], cases: int, cost: Cost) -> list[float]:
    """The cost of each slot; each more case of a mentor costs more."""
    row: list[float] = []
    for one in free:
        first = cost(asked, one)
        row.extend(first + LOAD_POINTS * taken for taken in range(min(one.free, cases)))
    return row


def _chosen(rows: Sequence[Sequence[float]], nobody: float) -> Iterator[tuple[int, int]]:
    """Row and column of what is worth more than nobody; the others need not be looked at."""
    worth = [number for number, row in enumerate(rows) if min(row, default=nobody) < nobody]
    columns = [
        column
        for column in range(len(rows[0]) if rows else 0)
        if any(rows[number][column] < nobody for number in worth)
    ]
    alone = [nobody] * len(worth)
    table = [[*(min(nobody, rows[row][at]) for at in columns), *alone] for row in worth]
    for row, at in zip(worth, solver.cheapest(table), strict=True):
        if at < len(columns) and rows[row][columns[at]] < nobody:
            yield row, columns[at]


def _slots(one: Candidate, most: int) -> Iterator[Candidate]:
    """The mentor once for each case that he can take, with the load he has by then."""
    for taken in range(min(one.free, most)):
        yield replace(one, load=one.load + taken)


def _loaded(candidates: Sequence[Candidate], leads: Sequence[Fit | None]) -> list[Candidate]:
    """Everybody with the cases that he leads."""
    load: dict[str, int] = {}
    for lead in leads:
        if lead is not None:
            load[lead.candidate.id] = load.get(lead.candidate.id, 0) + 1
    return [replace(one, load=one.load + load.get(one.id, 0)) for one in candidates]


def _cost(team: Team | None) -> float:
    return NOBODY_POINTS if team is None else team.cost


def _pairing(case: states.Mentorship, team: Team | None) -> states.Pairing:
    why = team.reasons if team else (reasons.nobody(),)
    return states.Pairing(
        mentorship_id=case.id,
        mentor_id=team.lead.candidate.id if team else None,
        partner_id=team.partner_id if team else None,
        cost=_cost(team),
        reasons=tuple(reason.line for reason in why),
    )
