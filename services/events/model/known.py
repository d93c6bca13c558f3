"""What this service remembers of the members service's aggregates, and no more than it needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.events import states
from contracts.members.roles import Term
from contracts.members.states import Consent, Language, MemberState, Role
from contracts.types import AreaId, Date, Email, Id, Instant, Name, Phone, Version


@dataclass(frozen=True, kw_only=True)
class KnownMember:
    """A person: name and contacts for attendance lists, area and house for authority."""

    id: Id
    version: Version
    name: Name
    state: MemberState
    area: AreaId | None = None
    institution_id: Id | None = None
    email: Email | None = None
    phone: Phone | None = None
    language: Language = "id"
    consents: tuple[Consent, ...] = ()

    def consents_to(self, purpose: str) -> bool:
        """Whether the standing consent for the purpose is granted."""
        return any(given.granted for given in self.consents if given.purpose == purpose)


@dataclass(frozen=True, kw_only=True)
class KnownAppointment(Term):
    """A role for a term, in an area or for one event."""

    id: Id
    version: Version
    member_id: Id
    role: Role
    state: str
    starts_on: Date
    ends_on: Date | None = None
    area: AreaId | None = None
    event_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class KnownArea:
    """An area of the region."""

    id: Id
    version: Version
    name: Name
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class KnownInstitution:
    """A house of the register."""

    id: Id
    version: Version
    name: Name
    area: AreaId


@dataclass(frozen=True, kw_only=True)
class KnownEvent:
    """An event of another region (its id, and its name as `home`)."""

    id: Id
    version: Version
    region: Id
    home: Name
    title: Name
    area: AreaId
    state: str
    starts_at: Instant
    ends_at: Instant
    timezone: str
    venue: states.Place | None = None
    questions: tuple[states.Question, ...] = ()


@dataclass(frozen=True, kw_only=True)
class KnownWithdrawal:
    """That an event of another region is shared no more, from a version on."""

    id: Id
    version: Version


@dataclass(frozen=True, kw_only=True)
class KnownPeer:
    """Another region."""

    id: Id
    version: Version
    state: str


class KnownMembers(Protocol):
    """All members, as far as they were heard of."""

    def get(self, id: str) -> KnownMember | None:
        """One by id."""

    def many(self, ids: Iterable[str]) -> list[KnownMember]:
        """Those with one of the ids."""

    def pin(self, id: str) -> None:
        """What is heard of him waits until this is committed, or has this decided once more."""

    def with_contacts(self, contacts: Sequence[str]) -> list[KnownMember]:
        """Those whose e-mail or phone is one of the contacts (in their one spelling)."""


class KnownAppointments(Protocol):
    """All appointments, as far as they were heard of."""

    def accepted_of(self, member_id: str) -> list[KnownAppointment]:
        """A member's accepted ones."""


class KnownAreas(Protocol):
    """All areas, as far as they were heard of."""

    def get(self, id: str) -> KnownArea | None:
        """One by id."""


class KnownInstitutions(Protocol):
    """All institutions, as far as they were heard of."""

    def get(self, id: str) -> KnownInstitution | None:
        """One by id."""


class KnownEvents(Protocol):
    """All events of other regions, as far as they were heard of."""

    def get(self, id: str) -> KnownEvent | None:
        """One by id."""


class KnownWithdrawals(Protocol):
    """Which of them were withdrawn."""

    def get(self, id: str) -> KnownWithdrawal | None:
        """One by the event's id."""


class KnownPeers(Protocol):
    """All peers, as far as they were heard of."""

    def get(self, id: str) -> KnownPeer | None:
        """One by id."""
