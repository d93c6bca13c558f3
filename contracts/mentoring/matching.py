"""Who fits a case: distance, competence, load and history, with reasons (source: F3, B4).

Pure rules that the service (batches, offers that move on) and the gateway (suggestions) share.
A cost is in points, lower is better: a point is ten kilometres.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest

from contracts.mentoring import reasons
from contracts.mentoring.candidates import (
    BIT,
    CONFIRMED_POINTS,
    OPEN_NEED_POINTS,
    Candidate,
    Case,
    Fit,
    bits,
)
from contracts.mentoring.competence import AREA_OF_NEED
from contracts.mentoring.distance import kilometres, spot
from contracts.mentoring.pairs import PARTNER_POINTS, Partners
from contracts.mentoring.states import NEEDS

__all__ = ["Asked", "Candidate", "Case", "Fit", "Team", "rank"]

KM_PER_POINT = 10.0
SAME_AREA_KM, OTHER_AREA_KM = 15.0, 60.0  # assumed where a place is not known
MOST_SUGGESTIONS = 10


@dataclass(frozen=True)
class Team:
    """A mentor, or a pair, for a case."""

    asked: "Asked"
    lead: Fit
    partner: Fit | None = None

    @cached_property
    def open_needs(self) -> tuple[str, ...]:
        """What neither of them covers, in the order of the case."""
        covered = self._covers
        return tuple(need for need in self.asked.case.needs if not covered & BIT[need])

    @cached_property
    def confirmed_needs(self) -> tuple[str, ...]:
        """What others confirm of one of them, in the order of the case."""
        sure = self._confirmed
        return tuple(need for need in self.asked.case.needs if sure & BIT[need])

    @cached_property
    def levels(self) -> dict[str, int]:
        """By competency area of what they cover the highest level said of one of them."""
        areas = {AREA_OF_NEED[need] for need in NEEDS if BIT[need] & self._covers}
        said = [one.candidate.levels.said for one in self._members]
        best = {area: max(levels.get(area, 0) for levels in said) for area in sorted(areas)}
        return {area: level for area, level in best.items() if level}

    @cached_property
    def cost(self) -> float:
        """In points."""
        return self.asked.cost(self.lead, self.partner)

    @property
    def ids(self) -> frozenset[str]:
        """Who is in it."""
        return frozenset(one.candidate.id for one in self._members)

    @property
    def partner_id(self) -> str | None:
        """Who comes along."""
        return self.partner.candidate.id if self.partner else None

    @property
    def reasons(self) -> tuple[reasons.Reason, ...]:
        """Why this team; each reason once."""
        needs, members = self.asked.case.needs, self._members
        covered = [need for need in needs if need not in self.open_needs]
        said = [
            *([reasons.pair()] if self.partner else []),
            *([reasons.covers(covered)] if covered else []),
            *([reasons.confirmed(self.confirmed_needs)] if self.confirmed_needs else []),
            *([reasons.levels(self.levels)] if self.levels else []),
            *([reasons.leaves_open(self.open_needs)] if self.open_needs else []),
            *(self.asked.way_of(one) for one in members),
            *(reasons.load(one.candidate.load, one.candidate.capacity) for one in members),
            *(reasons.history(n) for one in members if (n := one.candidate.completed)),
        ]
        return tuple(dict.fromkeys(said))

    @property
    def _members(self) -> tuple[Fit, ...]:
        return (self.lead, self.partner) if self.partner else (self.lead,)

    @property
    def _covers(self) -> int:
        return self.lead.covers | (self.partner.covers if self.partner else 0)

    @property
    def _confirmed(self) -> int:
        return self.lead.confirmed | (self.partner.confirmed if self.partner else 0)


class Asked:
    """A case as it is matched: its needs as bits, its place in radians."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.needs = bits(case.needs)
        self.spot = spot(case.latitude, case.longitude)

    def fit(self, candidate: Candidate) -> Fit:
        """What the candidate brings and costs."""
        needs = (self.needs & candidate.covers, self.needs & candidate.confirmed)
        if self.spot is None or candidate.spot is None:
            km = SAME_AREA_KM if self.case.area == candidate.area else OTHER_AREA_KM
            return Fit(candidate, km / KM_PER_POINT + candidate.points, *needs, km, False)
        km = kilometres(self.spot, candidate.spot)
        return Fit(candidate, km / KM_PER_POINT + candidate.points, *needs, km, True)

    def cost(self, lead: Fit, partner: Fit | None = None) -> float:
        """What a team costs in points, rounded so that texts and sums agree."""
        covers, confirmed, points = lead.covers, lead.confirmed, lead.points
        if partner is not None:
            covers, confirmed = covers | partner.covers, confirmed | partner.confirmed
            points += partner.points + PARTNER_POINTS
        points += OPEN_NEED_POINTS * (self.needs & ~covers).bit_count()
        return round(points - CONFIRMED_POINTS * confirmed.bit_count(), 3)

    def rank(
        self,
        candidates: Iterable[Candidate],
        without: Collection[str] = (),
        most: int = MOST_SUGGESTIONS,
    ) -> list[Team]:
        """The best teams, best first; nobody who is away, full, or in `without` (ids).

        Each is considered alone, or with the partner who is worth it; a pair comes once.
        """
        fits = [self.fit(one) for one in candidates if one.free and one.id not in without]
        partners = Partners(self.needs, fits)
        teams = ((lead, partners.of(lead)) for lead in fits)
        found = nsmallest(2 * most, teams, key=self._order)  # each pair comes at most twice
        once: dict[frozenset[str], Team] = {}
        for lead, partner in found:
            team = Team(self, lead, partner)
            once.setdefault(team.ids, team)
        return list(once.values())[:most]

    def way_of(self, one: Fit) -> reasons.Reason:
        """How far it is, as far as it is known."""
        if one.measured:
            return reasons.distance(one.km)
        return reasons.area(self.case.area == one.candidate.area)

    def _order(self, team: tuple[Fit, Fit | None]) -> tuple[float, int, str]:
        """Cheaper first, then who leads better; the same in every process."""
        lead, partner = team
        return (self.cost(lead, partner), -lead.covers.bit_count(), lead.candidate.id)


def rank(
    case: Case,
    candidates: Iterable[Candidate],
    without: Collection[str] = (),
    most: int = MOST_SUGGESTIONS,
) -> list[Team]:
    """Suggestions for a case; see `Asked.rank`."""
    return Asked(case).rank(candidates, without, most)
