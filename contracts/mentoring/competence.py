"""What members' competencies say of an institution's needs (source: features B1, B4; domain §7).

A level counts whoever said it: oneself, a certificate of an event, a mentor, a coordinator;
evidence does until it expires. What others said confirms.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.mentoring.states import NEEDS

OWN_WORD = "self"
COVERS_FROM = 3  # of 4: enough for needs of the area that he does not name himself
CONFIRMED_FROM = 2
AREA_OF_NEED = {
    **dict.fromkeys(NEEDS, "LIB"),
    **dict.fromkeys(("network", "hardware", "database", "server"), "ICT"),
    **dict.fromkeys(("training", "leadership"), "COM"),
}


class Stated(Protocol):
    """A level in an area, and as what it was said."""

    @property
    def area(self) -> str: ...

    @property
    def level(self) -> int: ...

    @property
    def source(self) -> str: ...


class Evidenced(Stated, Protocol):
    """A level that something stands behind, until it expires (ISO date)."""

    @property
    def expires_on(self) -> str | None: ...


class Competencies(Protocol):
    """What was said about one member."""

    @property
    def ratings(self) -> Sequence[Stated]: ...

    @property
    def evidence(self) -> Sequence[Evidenced]: ...

    @property
    def endorsements(self) -> Sequence[Stated]: ...


@dataclass(frozen=True)
class Levels:
    """By competency area the highest level said by anybody, and by anybody else than himself."""

    said: Mapping[str, int]
    confirmed: Mapping[str, int]


NOTHING_SAID = Levels({}, {})


def levels_of(competencies: Competencies | None, today: str) -> Levels:
    """What holds on a day (ISO date); evidence does until the day before it expires."""
    if competencies is None:
        return NOTHING_SAID
    said: dict[str, int] = {}
    confirmed: dict[str, int] = {}
    for one in _holding(competencies, today):
        said[one.area] = max(one.level, said.get(one.area, 0))
        if one.source != OWN_WORD:
            confirmed[one.area] = max(one.level, confirmed.get(one.area, 0))
    return Levels(said, confirmed)


def needs_from(levels: Mapping[str, int], least: int) -> list[str]:
    """The needs in whose area the level is reached."""
    return [need for need, area in AREA_OF_NEED.items() if levels.get(area, 0) >= least]


def _holding(competencies: Competencies, today: str) -> Iterator[Stated]:
    yield from competencies.ratings
    yield from competencies.endorsements
    for one in competencies.evidence:
        if one.expires_on is None or one.expires_on > today:
            yield one
