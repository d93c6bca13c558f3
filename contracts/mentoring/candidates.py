"""Cases and mentors as matching sees them, and what one costs the other in points."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from contracts.mentoring.distance import Spot, spot
from contracts.mentoring.states import NEEDS

OPEN_NEED_POINTS = 5.0
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
    """A mentor as matching sees him; `load` counts cases under way and open offers."""

    id: str
    background: str
    skills: tuple[str, ...]
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
        """His skills, a bit each."""
        return bits(self.skills)

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

    `covers` has a bit for each need of the case; `km` is assumed unless it was `measured`.
    """

    candidate: Candidate
    points: float
    covers: int
    km: float
    measured: bool


def bits(needs: Iterable[str]) -> int:
    """A bit for each need."""
    return sum(BIT[need] for need in set(needs))
