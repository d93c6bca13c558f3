"""Attendance lists: each line is created, updated, unchanged or refused with its reason (D11)."""

from typing import Any

from chassis.lines import LineRefused, Report
from services.events.errors import Refusal, RegistrationUnknown
from services.events.handlers import who
from services.events.handlers.check_ins import Attendance
from services.events.model import check_in
from services.events.model.attendance import AttendanceRow, AttendanceRows, Expected
from services.events.model.ports import Work


def import_attendance(work: Work, file: AttendanceRows) -> dict[str, Any]:
    """Note who was there and report; a dry run reports the same and writes nothing.

    A list may come days later; who was there was there until the end at the latest. Raises
    CheckInClosed before the day, and Forbidden.
    """
    event = who.event(work, file.event_id)
    who.authority(work).must_check_in(event)
    at = min(work.now, event.ends_at)
    check_in.must_be_open(event, at)
    batch = AttendanceBatch(work, Attendance(work, event), file, at)
    for row in file.rows:
        batch.take(row)
    if not file.dry_run and batch.noted:
        batch.attendance.keep()
    return batch.report.as_dict(file.dry_run)


class AttendanceBatch:
    """The lines of one list against the registrations, read once."""

    def __init__(self, work: Work, attendance: Attendance, file: AttendanceRows, at: str) -> None:
        contacts = [text for row in file.rows for text in row.contacts]
        members = work.members.with_contacts(contacts) if contacts else []
        registrations = work.registrations.of_event(attendance.event.id)
        self.attendance, self.at = attendance, at
        self.expected = Expected(registrations, members)
        self.noted = 0
        self.report = Report()
        for reason in file.refused:
            self.report.refuse(reason)

    def take(self, row: AttendanceRow) -> None:
        """Decide one line."""
        try:
            self._take(row)
        except Refusal as refusal:
            code, column = refusal.refusal.code, row.column
            reason = LineRefused(line=row.line, column=column, code=code, message=str(refusal))
            self.report.refuse(reason)

    def _take(self, row: AttendanceRow) -> None:
        before = self.expected.registration(row)
        if before is None:
            self._come(row)
        elif before.state == "attended":
            self.report.count("unchanged")
        else:
            self.expected.keep(self.attendance.note(before, self.at, "csv"))
            self.noted += 1
            self.report.updated(row.line, ["state"])

    def _come(self, row: AttendanceRow) -> None:
        """A member who was there without a registration."""
        member = None if row.registration_id else self.expected.member(row)
        if member is None or member.state != "active":
            raise RegistrationUnknown("nobody of this event, and no member, is known by this")
        come = self.attendance.come(self.at, "csv", name=member.name, member_id=member.id)
        self.expected.keep(come)
        self.noted += 1
        self.report.count("created")
