"""Rows of imported files, and why a line is refused."""

from dataclasses import dataclass
from typing import Any

from chassis.lines import LineRefused
from services.members.errors import Refusal

COLUMN_OF = {
    "area": "regency_code",
    "latitude": "lat",
    "longitude": "lon",
    "kind": "form",
    "email": "member_email",
    "phone": "member_phone",
}


@dataclass(frozen=True, kw_only=True)
class InstitutionRow:
    """One institution of a file; None where the file says nothing."""

    line: int
    npsn: str
    name: str
    kind: str
    level: str
    regency_code: str
    district_code: str | None = None
    village: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    status: str | None = None

    def said(self) -> dict[str, Any]:
        """The fields of an institution that the file states; an empty cell wipes nothing out."""
        named = {k: v for k, v in vars(self).items() if k not in ("line", "regency_code")}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class MemberRow:
    """One person of a library's file; `member_id` is only unique in that library."""

    line: int
    member_id: str
    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class InstitutionRows:
    """What could be read of a file, and what could not."""

    rows: tuple[InstitutionRow, ...]
    refused: tuple[LineRefused, ...]
    dry_run: bool


@dataclass(frozen=True, kw_only=True)
class MemberRows:
    """What could be read of a library's file, and where its people belong."""

    rows: tuple[MemberRow, ...]
    refused: tuple[LineRefused, ...]
    area: str | None
    institution_id: str | None
    dry_run: bool


def refused(line: int, refusal: Refusal) -> LineRefused:
    """A rule's no as the fate of a line."""
    name = (refusal.pointer or "").removeprefix("/")
    return LineRefused(
        line=line,
        column=COLUMN_OF.get(name, name) or None,
        code=refusal.refusal.code,
        message=str(refusal),
    )


def column(name: str) -> str:
    """The file's column for a field."""
    return COLUMN_OF.get(name, name)
