"""Cases and mentors as matching sees them, and what one costs the other in points."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from contracts.mentoring.competence import (
    CONFIRMED_FROM,
    COVERS_FROM,
    NOTHING_SAID,
    Competencies,
    Levels,
    levels_of,
    needs_from,
)
from contracts.mentoring.distance import Spot, spot
from contracts.mentoring.states import NEEDS, Mentor

OPEN_NEED_POINTS = 5.0
CONFIRMED_POINTS = 1.0  # that others vouch for a need outweighs ten kilometres
LOAD_POINTS = 3.0
HISTORY_POINTS, MOST_HISTORY = 1.0, 3
BIT = {need: 1 << place for place, need in enumerate(NEEDS)}


class Case(Protocol):
    """What matching reads of a case."""

    @property
    def id(self) -> str: ...

    @property
    def area(self) -> str: ...

    @property
    def needs(self) -> tuple[str, ...]: ...

    @property
    def latitude(self) -> float | None: ...

    @property
    def longitude(self) -> float | None: ...


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A mentor as matching sees him; `load` counts cases under way and open offers.

    `skills` are needs that he names himself, `levels` what his competencies say.
    """

    id: str
    background: str
    skills: tuple[str, ...]
    levels: Levels = NOTHING_SAID
    area: str | None = None
    available: bool = True
    capacity: int = 2
    load: int = 0
    completed: int = 0
    latitude: float | None = None
    longitude: float | None = None

    @property
    def free(self) -> int:
        """How many more cases he can take."""
        return max(0, self.capacity - self.load) if self.available else 0

    @cached_property
    def covers(self) -> int:
        """A bit for each need that he names, or whose area he is good enough in."""
        return bits((*self.skills, *needs_from(self.levels.said, COVERS_FROM)))

    @cached_property
    def confirmed(self) -> int:
        """A bit for each of these that others vouch for."""
        return self.covers & bits(needs_from(self.levels.confirmed, CONFIRMED_FROM))

    @cached_property
    def spot(self) -> Spot | None:
        """Where he is, if that is known."""
        return spot(self.latitude, self.longitude)

    @cached_property
    def points(self) -> float:
        """What his load costs, less what his history is worth."""
        return LOAD_POINTS * self.load - HISTORY_POINTS * min(self.completed, MOST_HISTORY)


class Fit(NamedTuple):
    """One candidate for one case; `points` is what he costs without needs that stay open.

    `covers` and `confirmed` have a bit for each need of the case; `km` is assumed unless it was
    `measured`.
    """

    candidate: Candidate
    points: float
    covers: int
    confirmed: int
    km: float
    measured: bool


def candidate_of(
    mentor: Mentor, asked: int, competencies: Competencies | None, today: str
) -> Candidate:
    """A mentor on a day (ISO date); `asked` cases wait for his answer."""
    return Candidate(
        id=mentor.id,
        background=mentor.background,
        skills=mentor.skills,
        levels=levels_of(competencies, today),
        area=mentor.area,
        available=mentor.available,
        capacity=mentor.capacity,
        load=mentor.load + asked,
        completed=mentor.completed,
        latitude=mentor.latitude,
        longitude=mentor.longitude,
    )


def bits(needs: Iterable[str]) -> int:
    """A bit for each need."""
    return sum(BIT[need] for need in set(needs))
