"""Answers that are no resource of a service: their shapes, for OpenAPI and for whoever reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from marshmallow import Schema

from chassis.schema import schema_of
from contracts.members import commands, states
from contracts.types import (
    UNSET,
    AreaId,
    Date,
    Id,
    Instant,
    Line,
    Many,
    Name,
    Text,
    Unset,
    Version,
)

Token = Annotated[str, Text(longest=4096)]


@dataclass(frozen=True, kw_only=True)
class MemberEntry:
    """A member in a list or in the directory: never a phone number or an e-mail address."""

    id: Id
    version: Version
    region: Id
    created_at: Instant
    updated_at: Instant
    name: Name
    state: states.MemberState
    area: AreaId | None
    institution_id: Id | None
    job_area: states.JobArea | None
    competencies: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class RoleHeld:
    """A role in force."""

    role: Annotated[str, Text(longest=20)]
    area: AreaId | None = None
    event_id: Id | None = None
    starts_on: Date | None = None
    ends_on: Date | None = None
    deputy: bool = False
    acting: bool = False


@dataclass(frozen=True, kw_only=True)
class Me(states.Member):
    """Oneself, with the roles in force today."""

    roles: tuple[RoleHeld, ...]


@dataclass(frozen=True, kw_only=True)
class Consents:
    """The standing answer to each purpose."""

    id: Id
    version: Version
    updated_at: Instant
    consents: tuple[states.Consent, ...]


@dataclass(frozen=True, kw_only=True)
class ConsentForm(commands.ConsentAnswer):
    """An answer to one purpose, perhaps as it was read."""

    decided_at: Instant | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class ConsentsForm:
    """Answers, perhaps as they were read: what only a read tells is not minded."""

    consents: Annotated[tuple[ConsentForm, ...], Many(most=20)]
    id: Id | Unset = UNSET
    version: Version | Unset = UNSET
    updated_at: Instant | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """A session: a short-lived access token and the refresh token that gets the next one."""

    access_token: Token
    refresh_token: Token
    token_type: Annotated[str, Text(longest=10)]
    expires_in: int
    member_id: Id


@dataclass(frozen=True, kw_only=True)
class PeerEntry:
    """A region that this one is paired with."""

    id: Id
    name: Name


@dataclass(frozen=True, kw_only=True)
class Region:
    """This cell."""

    id: Id
    name: Name
    timezone: Line
    areas: tuple[states.Area, ...]
    peers: tuple[PeerEntry, ...]


@dataclass(frozen=True, kw_only=True)
class ImportCounts:
    """What became of the lines."""

    created: int
    updated: int
    unchanged: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class ImportLine:
    """A line that was refused or updated."""

    line: int
    outcome: Annotated[str, Text(longest=20)]
    column: Line | None = None
    code: Line | None = None
    message: Line | None = None


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """Line by line; the counts add up to the lines of the file."""

    dry_run: bool
    counts: ImportCounts
    lines: tuple[ImportLine, ...]


@dataclass(frozen=True, kw_only=True)
class Parked:
    """A fact that could not be heard, with the reason."""

    id: Id
    hearer: Line
    fact: Line
    subject: Line
    reason: Line
    attempts: int
    at: Instant


@dataclass(frozen=True, kw_only=True)
class BuiltView:
    """A view, and since when it is being built again, if it is."""

    name: Line
    building_since: Instant | None


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """It was taken on."""

    accepted: bool


def answer(cls: type) -> type[Schema]:
    """The schema of an answer."""
    return schema_of(cls)


def page_of(item: type[Schema] | Mapping[str, Any]) -> Mapping[str, Any]:
    """A page of a list."""
    return {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": item},
            "next": {"type": ["string", "null"], "description": "The cursor of the next page."},
        },
    }
