"""What this service remembers of the members service's aggregates, and no more than it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from contracts.members.roles import Term
from contracts.members.states import CompetencyArea, MemberState, Role, Source
from contracts.types import (
    AreaId,
    Date,
    Email,
    Id,
    Latitude,
    Level,
    Longitude,
    Name,
    Phone,
    Version,
)


@dataclass(frozen=True, kw_only=True)
class KnownMember:
    """A person: area and house for authority, contacts so that they can be forgotten."""

    id: Id
    version: Version
    name: Name
    state: MemberState
    area: AreaId | None = None
    institution_id: Id | None = None
    email: Email | None = None
    phone: Phone | None = None


@dataclass(frozen=True, kw_only=True)
class KnownAppointment(Term):
    """A role for a term, in an area."""

    id: Id
    version: Version
    member_id: Id
    role: Role
    state: str
    starts_on: Date
    ends_on: Date | None = None
    area: AreaId | None = None


@dataclass(frozen=True, kw_only=True)
class KnownArea:
    """An area of the region, and where its middle is."""

    id: Id
    version: Version
    name: Name
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class KnownInstitution:
    """A house of the register, and where it stands."""

    id: Id
    version: Version
    name: Name
    area: AreaId
    latitude: Latitude | None = None
    longitude: Longitude | None = None


@dataclass(frozen=True, kw_only=True)
class KnownLevel:
    """A level in an area, as what it was said, and until when it holds."""

    area: CompetencyArea
    level: Level
    source: Source
    expires_on: Date | None = None


@dataclass(frozen=True, kw_only=True)
class KnownCompetencies:
    """A member's levels, by himself and confirmed by others; not what stands behind them."""

    id: Id
    version: Version
    ratings: tuple[KnownLevel, ...] = ()
    evidence: tuple[KnownLevel, ...] = ()
    endorsements: tuple[KnownLevel, ...] = ()


class KnownMembers(Protocol):
    """All members, as far as they were heard of."""

    def get(self, id: str) -> KnownMember | None:
        """One by id."""

    def many(self, ids: Iterable[str]) -> list[KnownMember]:
        """Those with one of the ids."""


class KnownAppointments(Protocol):
    """All appointments, as far as they were heard of."""

    def accepted_of(self, member_id: str) -> list[KnownAppointment]:
        """A member's accepted ones."""

    def accepted(self, role: str) -> list[KnownAppointment]:
        """All accepted ones of a role."""


class AllKnownCompetencies(Protocol):
    """What members can, as far as it was heard of."""

    def many(self, ids: Iterable[str]) -> list[KnownCompetencies]:
        """Of those with one of the ids; who never said anything is missing."""


class KnownAreas(Protocol):
    """All areas, as far as they were heard of."""

    def get(self, id: str) -> KnownArea | None:
        """One by id."""


class KnownInstitutions(Protocol):
    """All institutions, as far as they were heard of."""

    def get(self, id: str) -> KnownInstitution | None:
        """One by id."""

    def held(self, id: str) -> KnownInstitution | None:
        """One by id, of which nothing newer is noted before this work is done."""

    def many(self, ids: Iterable[str]) -> list[KnownInstitution]:
        """Those with one of the ids."""
