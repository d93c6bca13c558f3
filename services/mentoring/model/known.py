"""What this service remembers of the members service's aggregates, and no more than it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from contracts.members.roles import Term
from contracts.members.states import Endorsement, MemberState, Rating, Role
from contracts.types import AreaId, Date, Email, Id, Latitude, Longitude, Name, Phone, Version


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
class KnownCompetencies:
    """A member's levels, by himself and confirmed by others."""

    id: Id
    version: Version
    member_id: Id
    ratings: tuple[Rating, ...] = ()
    endorsements: tuple[Endorsement, ...] = ()


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


class KnownAreas(Protocol):
    """All areas, as far as they were heard of."""

    def get(self, id: str) -> KnownArea | None:
        """One by id."""


class KnownInstitutions(Protocol):
    """All institutions, as far as they were heard of."""

    def get(self, id: str) -> KnownInstitution | None:
        """One by id."""
