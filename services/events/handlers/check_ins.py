"""Check-in: tickets, offline batches, members, walk-ins and oneself by a code (D10, D11)."""

from collections.abc import Sequence
from typing import Any

from chassis import clock
from chassis.signing import Forged, claims_of
from contracts.events import commands, states
from services.events.errors import (
    CodeInvalid,
    ConsentNeeded,
    Refusal,
    TicketCancelled,
    TicketInvalid,
)
from services.events.handlers import certificates, who
from services.events.handlers.keys import public_parts, signing_key
from services.events.handlers.rooms import keep, room_of
from services.events.model import check_in as checking
from services.events.model import ticket
from services.events.model.check_in import Result
from services.events.model.ports import Work
from services.events.model.registration import Registration, applied

Answered = dict[str, list[Result]]


def check_in(work: Work, command: commands.CheckIn) -> Answered:
    """One result per scan; what is wrong with the whole is refused (see CheckIn)."""
    way = checking.way_in(command)
    event = who.event(work, command.event_id)
    if way == "code":
        return checking.answer([_by_code(work, event, str(command.code))])
    who.authority(work).must_check_in(event)
    if way in ("ticket", "scans"):
        scans = command.scans or (commands.Scan(ticket=str(command.ticket)),)
        return checking.answer(Door(work, event).take(scans))
    checking.must_be_open(event, work.now)
    if way == "member_id":
        person = who.member(work, str(command.member_id))
        result = _in_person(work, event, person.id, person.name, "manual")
    else:
        result = _walked_in(work, event, command)
    return checking.answer([result])


def show_check_in_code(work: Work, command: commands.ShowCheckInCode) -> dict[str, str]:
    """`{"code", "expires_at"}` for the screen at the door; asked for again before it expires."""
    event = who.event(work, command.event_id)
    who.authority(work).must_check_in(event)
    checking.must_be_open(event, work.now)
    return ticket.code(signing_key(work), work.policy.issuer, event, work.now)


class Attendance:
    """Who was there, noted for one event in one transaction."""

    def __init__(self, work: Work, event: states.Event) -> None:
        self.work, self.event = work, event
        self.by = work.call.actor.member_id
        self.room = room_of(work, event)

    def note(self, before: states.Registration, at: str, way: str) -> states.Registration:
        """He was there; raises RegistrationStateForbids."""
        fact = Registration(before).attend(self.work.now, at, way, self.by)
        return self.room.note(before, fact)

    def come(self, at: str, way: str, **person: Any) -> states.Registration:
        """Somebody who had no registration was there."""
        work, said = self.work, {"registered_by": self.by, **person}
        new = applied(clock.new_id(), work.region, work.now, self.event, **said)
        return self.note(new, at, way)

    def keep(self) -> None:
        """Write it; after the event was closed, more certificates are due."""
        keep(self.work, self.room)
        if self.event.state == "closed":
            certificates.more_due(self.work, self.event)


class Door:
    """Scans of tickets, those of an offline device in one batch; each gets its answer."""

    def __init__(self, work: Work, event: states.Event) -> None:
        self.work, self.event = work, event
        self.attendance = Attendance(work, event)
        self.public_of = public_parts(work)
        self.known: dict[str, states.Registration] = {}

    def take(self, scans: Sequence[commands.Scan]) -> list[Result]:
        """What became of each, in their order; the same ticket twice is a duplicate."""
        named = [self._named(scan) for scan in scans]
        ids = {one for one in named if isinstance(one, str)}
        self.known = {state.id: state for state in self.work.registrations.many(ids)}
        results = [self._result(*pair) for pair in zip(scans, named, strict=True)]
        if any(result.outcome == "accepted" for result in results):
            self.attendance.keep()
        return results

    def _named(self, scan: commands.Scan) -> str | Refusal:
        """The registration id in a genuine ticket of this event, or why there is none."""
        try:
            claims = claims_of(scan.ticket, ticket.TICKET, self.public_of)
            return ticket.registration_of(claims, self.work.policy.issuer, self.event)
        except Forged:
            return TicketInvalid("the signature is not ours")
        except Refusal as refusal:
            return refusal

    def _result(self, scan: commands.Scan, named: str | Refusal) -> Result:
        if isinstance(named, Refusal):
            return checking.refused(named)
        try:
            return self._noted(named, checking.scanned_at(scan, self.work.now))
        except Refusal as refusal:
            return checking.refused(refusal, named)

    def _noted(self, id: str, at: str) -> Result:
        checking.must_be_open(self.event, at)
        before = self.known.get(id)
        if before is None:
            raise TicketInvalid("there is no such registration")
        if before.state == "attended":
            return checking.duplicate(id)
        if before.state == "cancelled":
            raise TicketCancelled("the registration was cancelled")
        self.known[id] = self.attendance.note(before, at, "scan")
        return checking.accepted(id)


def _by_code(work: Work, event: states.Event, code: str) -> Result:
    """The actor himself, by the code on the screen."""
    me = who.actor(work)
    try:
        claims = claims_of(code, ticket.CODE, public_parts(work))
    except Forged:
        raise CodeInvalid("the signature is not ours", pointer="/code") from None
    ticket.must_show(claims, work.policy.issuer, event, work.now)
    checking.must_be_open(event, work.now)
    return _in_person(work, event, me.id, me.name, "self")


def _in_person(work: Work, event: states.Event, id: str, name: str, way: str) -> Result:
    """A member who stands at the door, registered or not."""
    before = work.registrations.open_of(event.id, id)
    if before and before.state == "attended":
        return checking.duplicate(before.id)
    attendance = Attendance(work, event)
    if before:
        state = attendance.note(before, work.now, way)
    else:
        state = attendance.come(work.now, way, name=name, member_id=id)
    attendance.keep()
    return checking.accepted(state.id)


def _walked_in(work: Work, event: states.Event, command: commands.CheckIn) -> Result:
    """Somebody without an account, who agrees to being listed (source: D11)."""
    guest = command.walk_in
    if guest is None or not command.consent:
        raise ConsentNeeded("ask the guest, then say so", pointer="/consent")
    attendance = Attendance(work, event)
    state = attendance.come(work.now, "walk_in", name=guest.name, guest=guest)
    attendance.keep()
    return checking.accepted(state.id)
