"""The day itself: who is there, by ticket, by name, by code, by hand, or by file."""

from chassis.schema import schema_of
from contracts.events import commands
from gateway.api.event_shapes import CheckInCode, ScanResults
from gateway.api.imports import DRY_RUN, Import, imports
from gateway.asks import asks, nothing_more
from gateway.resource import Resource
from gateway.uploads import institution_lines

TAG = "Check-ins"
ATTENDANCE = Import(
    summary="Attendance from CSV, by registration, e-mail or phone; idempotent",
    tag=TAG,
    reader=institution_lines,
    command=commands.ImportAttendance,
    parameters=(DRY_RUN,),
    path={"event_id": "id"},
)


class Collection(Resource):
    """`/v1/events/{id}/check-ins`"""

    on_post = asks(
        commands.CheckIn,
        summary="Check in: a ticket, a member, a batch of offline scans, a walk-in, or oneself",
        tag=TAG,
        path={"event_id": "id"},
        render=nothing_more,
        answer=schema_of(ScanResults),
        example={"scans": [{"ticket": "eyJ…", "scanned_at": "2026-12-10T02:05:00Z"}]},
    )


class Codes(Resource):
    """`/v1/events/{id}/check-in-codes`"""

    on_post = asks(
        commands.ShowCheckInCode,
        summary="A rotating code for the screen at the door",
        tag=TAG,
        path={"event_id": "id"},
        render=nothing_more,
        answer=schema_of(CheckInCode),
        keyed=False,
    )


class Attendance(Resource):
    """`/v1/events/{id}/attendance/imports`"""

    on_post = imports(ATTENDANCE)
