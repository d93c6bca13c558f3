"""Which handler answers what attendees ask: seats, the day itself, afterwards, calendars."""

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from chassis import clock
from chassis.call import Call
from chassis.declared import Handler, reading
from chassis.desk import HEAR_SECONDS, Desk
from chassis.rounds import each
from chassis.turns import turn
from contracts.events import commands
from services.events import schemas
from services.events.handlers import (
    abroad,
    attendance,
    calendars,
    certificates,
    check_ins,
    feedback,
    registrations,
)

HANDLERS: dict[str, Handler] = {
    commands.Register.verb: registrations.register,
    commands.ChangeRegistration.verb: registrations.change_registration,
    commands.CancelRegistration.verb: registrations.cancel_registration,
    commands.RegisterAbroad.verb: abroad.register_abroad,
    commands.ChangeAwayRegistration.verb: abroad.change_away_registration,
    commands.CancelAwayRegistration.verb: abroad.cancel_away_registration,
    commands.CheckIn.verb: check_ins.check_in,
    commands.ShowCheckInCode.verb: check_ins.show_check_in_code,
    commands.ImportAttendance.verb: reading(schemas.read_attendance, attendance.import_attendance),
    commands.GiveFeedback.verb: feedback.give_feedback,
    commands.TakeProblem.verb: feedback.take_problem,
    commands.IssueCertificates.verb: certificates.issue_certificates,
    commands.RevokeCertificate.verb: certificates.revoke_certificate,
    commands.OpenCalendarFeed.verb: calendars.open_calendar_feed,
    commands.RevokeCalendarFeed.verb: calendars.revoke_calendar_feed,
}
IN_TURN = {
    command.verb
    for command in (
        commands.Register,
        commands.ChangeRegistration,
        commands.CancelRegistration,
        commands.CheckIn,
        commands.ImportAttendance,
        commands.GiveFeedback,
        commands.IssueCertificates,
        commands.ChangeEvent,
        commands.RescheduleEvent,
        commands.CancelEvent,
        commands.CloseEvent,
    )
}
ANONYMOUS = commands.GiveFeedback.verb
UNKEPT = {ANONYMOUS, commands.OpenCalendarFeed.verb}


def turn_of(call: Call) -> AbstractContextManager[None]:
    """Commands that write the same event's seats wait for one another in this process."""
    if call.verb not in IN_TURN:
        return nullcontext()
    return turn(call.command.event_id, call.deadline)  # type: ignore[attr-defined]


def turn_at(event_id: str) -> AbstractContextManager[None]:
    """What is heard about an event's seats waits for commands about them, and they for it."""
    return turn(event_id, time.time() + HEAR_SECONDS)


def unkept(call: Call) -> Call:
    """The call without its key, if its answer must not be kept: it is a secret, or anonymous.

    What is anonymous loses its names too: the fact must not lead back to a line in a log.
    """
    if call.verb == ANONYMOUS:
        return replace(call, key=None, request_id=clock.random_id(), traceparent="")
    return replace(call, key=None) if call.verb in UNKEPT else call


def pass_offers_on(desk: Desk) -> None:
    """Seats that were offered and not taken in time go to the next in line."""
    each(desk, registrations.lapsed, registrations.pass_on)


def issue_certificates(desk: Desk) -> None:
    """The next batch of each event that is closed."""
    each(desk, certificates.due, certificates.issue_batch)
