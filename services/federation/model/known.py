"""What this service remembers of the members service's aggregates: who may decide."""

from dataclasses import dataclass
from typing import Protocol

from contracts.members.roles import Term
from contracts.members.states import MemberState, Role
from contracts.types import AreaId, Date, Id, Version


@dataclass(frozen=True, kw_only=True)
class KnownMember:
    """A person, without anything personal."""

    id: Id
    version: Version
    state: MemberState


@dataclass(frozen=True, kw_only=True)
class KnownAppointment(Term):
    """A role for a term."""

    id: Id
    version: Version
    member_id: Id
    role: Role
    state: str
    starts_on: Date
    ends_on: Date | None = None
    area: AreaId | None = None


class KnownMembers(Protocol):
    """All members, as far as they were heard of."""

    def get(self, id: str) -> KnownMember | None:
        """One by id."""


class KnownAppointments(Protocol):
    """All appointments, as far as they were heard of."""

    def accepted_of(self, member_id: str) -> list[KnownAppointment]:
        """A member's accepted ones."""
