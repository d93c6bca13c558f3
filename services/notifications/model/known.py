"""What this service remembers of others' aggregates, and no more than it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from contracts.events.states import Cohost, Host, Place, Speaker
from contracts.members.roles import Term
from contracts.members.states import Consent, Language, MemberState
from contracts.types import AreaId, Date, Email, Id, Instant, Line, Name, Phone, Version


@dataclass(frozen=True, kw_only=True)
class KnownMember:
    """A person: contacts and language for letters, area and house for audiences."""

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
    role: str
    state: str
    starts_on: Date
    ends_on: Date | None = None
    area: AreaId | None = None
    event_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class KnownArea:
    """An area and who coordinates it."""

    id: Id
    version: Version
    name: Name
    active: bool = True
    coordinators: tuple[Id, ...] = ()
    acting_coordinator: Id | None = None

    @property
    def in_charge(self) -> tuple[str, ...]:
        """Its coordinators, else who stands in."""
        acting = (self.acting_coordinator,) if self.acting_coordinator else ()
        return self.coordinators or acting


@dataclass(frozen=True, kw_only=True)
class KnownInstitution:
    """A house of the register."""

    id: Id
    version: Version
    name: Name
    area: AreaId


@dataclass(frozen=True, kw_only=True)
class KnownEvent:
    """An event: when, where, and who has to do with it."""

    id: Id
    version: Version
    title: Name
    area: AreaId
    state: str
    starts_at: Instant
    ends_at: Instant
    timezone: str
    audience: str = "public"
    venue: Place | None = None
    host: Host | None = None
    speakers: tuple[Speaker, ...] = ()
    cohosts: tuple[Cohost, ...] = ()
    request_id: Id | None = None
    change_reason: Line | None = None
    date_changed: int = 0
    created_by: Id | None = None
    feedback: bool = True


@dataclass(frozen=True, kw_only=True)
class KnownRegistration:
    """One person's place at one event; guests have no member id."""

    id: Id
    version: Version
    event_id: Id
    state: str
    member_id: Id | None = None
    registered_by: Id | None = None
    position: int | None = None
    offer_expires_at: Instant | None = None
    needs_reconfirm: bool = False
    cancelled_reason: Line | None = None


@dataclass(frozen=True, kw_only=True)
class KnownRequest:
    """A topic and who asked for it and backs it."""

    id: Id
    version: Version
    topic: str
    area: AreaId
    requested_by: Id | None = None
    backers: tuple[Id, ...] = ()
    event_id: Id | None = None
    decline_reason: Line | None = None


@dataclass(frozen=True, kw_only=True)
class KnownMentorship:
    """A case: whose it is and who accompanies it."""

    id: Id
    version: Version
    institution_id: Id
    institution_name: Name
    area: AreaId
    goal: str
    state: str | None = None
    requested_by: Id | None = None
    mentor_id: Id | None = None
    partner_id: Id | None = None
    state_reason: Line | None = None


class KnownMembers(Protocol):
    """All members, as far as they were heard of."""

    def get(self, id: str) -> KnownMember | None:
        """One by id."""

    def many(self, ids: Iterable[str]) -> list[KnownMember]:
        """Those with one of the ids."""

    def active_in(self, areas: Iterable[str]) -> list[str]:
        """Ids of the active ones of the areas, or whose house lies there."""

    def active_at(self, institution_id: str) -> list[str]:
        """Ids of the active ones of a house."""


class KnownAppointments(Protocol):
    """All appointments, as far as they were heard of."""

    def accepted_of(self, member_id: str) -> list[KnownAppointment]:
        """A member's accepted ones."""

    def accepted(self, roles: Iterable[str]) -> list[KnownAppointment]:
        """All accepted ones of the roles."""

    def accepted_for(self, event_id: str) -> list[KnownAppointment]:
        """The accepted grants of an event."""


class KnownAreas(Protocol):
    """All areas, as far as they were heard of."""

    def get(self, id: str) -> KnownArea | None:
        """One by id."""


class KnownEvents(Protocol):
    """All events, as far as they were heard of."""

    def get(self, id: str) -> KnownEvent | None:
        """One by id."""


class KnownRegistrations(Protocol):
    """All registrations, as far as they were heard of."""

    def get(self, id: str) -> KnownRegistration | None:
        """One by id."""

    def of_event(self, event_id: str, *states: str) -> list[KnownRegistration]:
        """An event's in one of the states."""


class KnownRequests(Protocol):
    """All topics, as far as they were heard of."""

    def get(self, id: str) -> KnownRequest | None:
        """One by id."""


class KnownMentorships(Protocol):
    """All cases, as far as they were heard of."""

    def get(self, id: str) -> KnownMentorship | None:
        """One by id."""

    def open_in(self, area: str) -> list[KnownMentorship]:
        """An area's that did not end, oldest first."""


class Books(Protocol):
    """What the rules may look up."""

    now: str

    @property
    def today(self) -> str:
        """The region's date."""

    @property
    def members(self) -> KnownMembers: ...

    @property
    def appointments(self) -> KnownAppointments: ...

    @property
    def areas(self) -> KnownAreas: ...

    @property
    def events(self) -> KnownEvents: ...

    @property
    def registrations(self) -> KnownRegistrations: ...

    @property
    def requests(self) -> KnownRequests: ...

    @property
    def mentorships(self) -> KnownMentorships: ...

    def announced(self, event_id: str) -> dict[str, str | None] | None:
        """Time and place of an event as people were told; None before it was published."""
