"""What reads of events and their kin answer, where it is more or less than a state."""

from dataclasses import dataclass
from typing import Annotated

from contracts.events import states
from contracts.types import (
    UNSET,
    AreaId,
    Id,
    Instant,
    Line,
    Link,
    Name,
    Prose,
    Text,
    Unset,
    Version,
)


@dataclass(frozen=True, kw_only=True)
class EventPage(states.Event):
    """An event and how full it is; `seats_left` null is without limit."""

    seats_left: int | None
    waiting: int
    confirmed: int = 0
    offered: int = 0
    attended: int = 0


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A wish for an event, how many back it, and whether oneself does."""

    id: Id
    version: Version
    region: Id
    created_at: Instant
    updated_at: Instant
    topic: states.Topic
    area: AreaId
    state: states.RequestState
    source: states.RequestSource
    description: Prose | None
    kind: states.EventKind | None
    institution_id: Id | None
    requested_by: Id | None
    event_id: Id | None
    source_event_id: Id | None
    decided_by: Id | None
    decline_reason: Line | None
    reminded_at: Instant | None
    escalated_at: Instant | None
    backers: int
    backed: bool


@dataclass(frozen=True, kw_only=True)
class RegistrationPage(states.Registration):
    """A registration here, or one in another region: asked until that has decided, or refused."""

    state: states.AwayState
    event_region: Id | Unset = UNSET
    refused: Line | None | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class CertificatePage(states.Certificate):
    """A certificate with its id under the name that stands on it."""

    serial: Id


@dataclass(frozen=True, kw_only=True)
class AgendaItem:
    """One's place at an event, with what one needs to get there."""

    registration: RegistrationPage
    title: Name
    starts_at: Instant
    ends_at: Instant
    timezone: states.Zone
    venue: states.Place | None
    event_state: states.EventState


@dataclass(frozen=True, kw_only=True)
class ScanResult:
    """What became of one scan."""

    outcome: Annotated[str, Text(longest=10, one_of=("accepted", "duplicate", "refused"))]
    code: Line | None = None
    registration_id: Id | None = None
    name: Name | None = None


@dataclass(frozen=True, kw_only=True)
class ScanResults:
    """One result per scan, in their order."""

    results: tuple[ScanResult, ...]


@dataclass(frozen=True, kw_only=True)
class CheckInCode:
    """A code for the screen at the door, until it expires."""

    code: states.Signed
    expires_at: Instant


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """What was written down, or why nothing was."""

    text: Prose | None
    waiver: Line | None


@dataclass(frozen=True, kw_only=True)
class CalendarFeed:
    """A calendar behind a token."""

    id: Id
    version: Version
    region: Id
    created_at: Instant
    updated_at: Instant
    scope: states.FeedScope
    member_id: Id
    area: AreaId | None
    revoked: bool


@dataclass(frozen=True, kw_only=True)
class OpenedFeed:
    """A calendar's address; it is told this once."""

    id: Id
    url: Link


@dataclass(frozen=True, kw_only=True)
class Issued:
    """How many certificates there are for an event now, and how many are to follow."""

    issued: int
    remaining: int
