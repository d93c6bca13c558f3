"""Imported lines to typed rows: what an attendance file says, checked column by column.

A line names one person by `registration_id`, `email` or `phone`, whatever the list has.
"""

from typing import Any

import phonenumbers
from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from chassis.lines import LineRefused
from contracts import common
from contracts.events import commands
from services.events.model.attendance import AttendanceRow, AttendanceRows

HOME = "ID"
NAMES = ("registration_id", "email", "phone")


class AttendanceLine(Schema):
    """One line of an attendance list; contacts in their one spelling."""

    class Meta:
        """Other columns are ignored."""

        unknown = EXCLUDE

    registration_id = fields.String(validate=validate.Length(max=64))
    email = fields.Email()
    phone = fields.String()

    @pre_load
    def tidy(self, cells: dict[str, str], **_: Any) -> dict[str, str]:
        """Leave out what the line does not say."""
        return {name: text.strip() for name, text in cells.items() if text.strip()}

    @validates_schema
    def names_somebody(self, said: dict[str, Any], **_: Any) -> None:
        """One of the three is needed."""
        if not any(said.get(name) for name in NAMES):
            raise ValidationError("Say who: registration_id, email or phone.", NAMES[0])

    @post_load
    def in_one_spelling(self, said: dict[str, Any], **_: Any) -> dict[str, Any]:
        """As registrations and members have them: e-mail in lower case, phone in E.164."""
        if "email" in said:
            said["email"] = said["email"].lower()
        if "phone" in said:
            said["phone"] = _phone(said["phone"])
        return said


ATTENDANCE_LINE = AttendanceLine()


def read_attendance(command: commands.ImportAttendance) -> AttendanceRows:
    """Typed rows and refused lines."""
    rows: list[AttendanceRow] = []
    refused: list[LineRefused] = []
    for line in command.lines:
        try:
            rows.append(AttendanceRow(line=line.line, **ATTENDANCE_LINE.load(line.cells)))
        except ValidationError as error:
            refused.append(_first(line.line, error.messages_dict))
    return AttendanceRows(
        event_id=command.event_id,
        rows=tuple(rows),
        refused=tuple(refused),
        dry_run=command.dry_run,
    )


def _phone(text: str) -> str:
    """The number in E.164; without a country code it is Indonesian; raises ValidationError."""
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException as error:
        raise ValidationError("Not a phone number like 0812 3456 7890.", "phone") from error
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _first(line: int, messages: dict[str, Any]) -> LineRefused:
    """The first thing that is wrong with a line; one is enough to mend it."""
    column, said = next(iter(messages.items()))
    return LineRefused(line=line, column=column, code=common.INVALID.code, message=said[0])
