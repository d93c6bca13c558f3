"""Imported lines to typed rows: what a file says, checked column by column.

Decided for coordinators: an institution whose coordinates the source marks as outside its
kabupaten (`coord_check` = `outside`) is taken without coordinates: a wrong pin on the map is worse
than none. Coordinates that are no numbers or outside Indonesia refuse the line.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from chassis.lines import LineRefused
from contracts import common
from contracts.members import commands, states
from contracts.types import CODE_PATTERN, NPSN_PATTERN
from services.members.errors import ColumnsMissing, Refusal, TypeNotChosen
from services.members.model import contact
from services.members.model.member import called
from services.members.model.rows import (
    InstitutionRow,
    InstitutionRows,
    MemberRow,
    MemberRows,
    refused,
)

R = TypeVar("R")
INSTITUTION_COLUMNS = ("npsn", "name", "level", "regency_code")
MEMBER_COLUMNS = ("member_id", "member_name", "member_email", "member_phone")
SPECIAL_FORMS = ("SDLB", "SMPLB", "SMLB", "SMALB", "TKLB")
KINDS = {
    "PKBM": "nonformal",
    "SKB": "nonformal",
    "MI": "madrasah",
    "MTs": "madrasah",
    "MA": "madrasah",
    "PT": "university",
}
LEVEL_SPELLINGS = {level.upper(): level for level in states.LEVELS}


def level_of(level: str, form: str) -> str:
    """The register's level for the file's level and form: schools for the disabled are all SLB."""
    if form.upper() in SPECIAL_FORMS or level.upper() in SPECIAL_FORMS:
        return "SLB"
    text = level or form
    return LEVEL_SPELLINGS.get(text.upper(), text)


class InstitutionLine(Schema):
    """One line with the columns of the school lists."""

    class Meta:
        """Other columns are ignored."""

        unknown = EXCLUDE

    npsn = fields.String(required=True, validate=validate.Regexp(rf"^{NPSN_PATTERN}\Z"))
    name = fields.String(required=True, validate=validate.Length(min=1, max=160))
    level = fields.String(required=True, validate=validate.OneOf(states.LEVELS))
    regency_code = fields.String(
        required=True, validate=validate.Regexp(r"^\d{2}\.\d{2}\Z", error="Not a code like 35.71.")
    )
    district_code = fields.String(validate=validate.Regexp(rf"^(?:{CODE_PATTERN})\Z"))
    village = fields.String(validate=validate.Length(max=300))
    address = fields.String(validate=validate.Length(max=300))
    status = fields.String(validate=validate.OneOf(("Negeri", "Swasta")))
    lat = fields.Float(validate=validate.Range(min=-11, max=6), attribute="latitude")
    lon = fields.Float(validate=validate.Range(min=95, max=141), attribute="longitude")

    @pre_load
    def tidy(self, cells: dict[str, str], **_: Any) -> dict[str, str]:
        """Leave out what the line does not say, and coordinates that the source doubts."""
        said = {name: text.strip() for name, text in cells.items() if text.strip()}
        said["level"] = level_of(said.get("level", ""), said.get("form", ""))
        if said.get("coord_check") == "outside":
            said.pop("lat", None), said.pop("lon", None)
        return said

    @post_load
    def with_kind(self, said: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The kind follows from the level."""
        return {**said, "kind": KINDS.get(said["level"], "school")}


class MemberLine(Schema):
    """One line of a SLiMS member export; contacts in their one spelling."""

    class Meta:
        """Other columns are ignored."""

        unknown = EXCLUDE

    member_id = fields.String(required=True, validate=validate.Length(min=1, max=64))
    member_name = fields.String(
        required=True, validate=validate.Length(min=1, max=160), attribute="name"
    )
    member_email = fields.String(attribute="email")
    member_phone = fields.String(attribute="phone")

    @pre_load
    def tidy(self, cells: dict[str, str], **_: Any) -> dict[str, str]:
        """Leave out what the line does not say."""
        return {name: text.strip() for name, text in cells.items() if text.strip()}

    @post_load
    def with_contacts(self, said: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Normalise; raises the refusals of contacts."""
        contacts = contact.contacts(said.get("email"), said.get("phone"))
        return {**said, **contacts, "name": called(said["name"])}


INSTITUTION_LINE, MEMBER_LINE = InstitutionLine(), MemberLine()


def read_institutions(command: commands.ImportInstitutions) -> InstitutionRows:
    """Typed rows and refused lines; raises ColumnsMissing."""
    _columns_present(command.lines, INSTITUTION_COLUMNS)
    rows, reasons = _read(command.lines, lambda line: _row(line, INSTITUTION_LINE, InstitutionRow))
    return InstitutionRows(rows=rows, refused=reasons, dry_run=command.dry_run)


def read_members(command: commands.ImportMembers) -> MemberRows:
    """Typed rows and refused lines; raises ColumnsMissing."""
    _columns_present(command.lines, MEMBER_COLUMNS)
    rows, reasons = _read(command.lines, lambda line: _person(line, command.member_type))
    return MemberRows(
        rows=rows,
        refused=reasons,
        area=command.area,
        institution_id=command.institution_id,
        dry_run=command.dry_run,
    )


def _columns_present(lines: Iterable[commands.CsvLine], needed: tuple[str, ...]) -> None:
    for line in lines:
        missing = [name for name in needed if name not in line.cells]
        if missing:
            raise ColumnsMissing(f"line {line.line} lacks {', '.join(missing)}")


def _read(
    lines: Iterable[commands.CsvLine], row: Callable[[commands.CsvLine], R]
) -> tuple[tuple[R, ...], tuple[LineRefused, ...]]:
    rows: list[R] = []
    reasons: list[LineRefused] = []
    for line in lines:
        try:
            rows.append(row(line))
        except ValidationError as error:
            reasons.append(_first(line.line, error.messages_dict))
        except Refusal as refusal:
            reasons.append(refused(line.line, refusal))
    return tuple(rows), tuple(reasons)


def _row(line: commands.CsvLine, schema: Schema, cls: Callable[..., R]) -> R:
    return cls(line=line.line, **schema.load(line.cells))


def _person(line: commands.CsvLine, member_type: str | None) -> MemberRow:
    """One person; raises TypeNotChosen: patrons may be children (source: domain.md §11)."""
    its = line.cells.get("member_type_name", "").strip()
    if member_type is not None and its.casefold() != member_type.strip().casefold():
        raise TypeNotChosen(f"only {member_type} is taken", pointer="/member_type_name")
    return _row(line, MEMBER_LINE, MemberRow)


def _first(line: int, messages: dict[str, Any]) -> LineRefused:
    """The first thing that is wrong with a line; one is enough to mend it."""
    column, said = next(iter(messages.items()))
    return LineRefused(line=line, column=column, code=common.INVALID.code, message=said[0])
