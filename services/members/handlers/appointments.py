"""Appointments: offered, accepted or declined by the candidate, ended, and over in time."""

from dataclasses import replace

from chassis import clock
from chassis.aggregate import given
from contracts.events.facts import EventFact
from contracts.members import commands, states
from contracts.members.roles import EVENT_ROLES
from services.members.errors import (
    AppointmentInvalid,
    AppointmentTaken,
    AppointmentUnknown,
    MemberStateForbids,
    NotYours,
)
from services.members.handlers.coordination import keep_coordinated, settle, standing
from services.members.handlers.who import actor, authority
from services.members.model import appointment as appointments
from services.members.model.appointment import Appointment
from services.members.model.authority import Authority
from services.members.model.coordination import region_coordinators
from services.members.model.institution import usable_area
from services.members.model.known import KnownEvent
from services.members.model.ports import Work

OVER = ("closed", "cancelled")
EVENT_OVER = "the event is over"


def offer_appointment(work: Work, command: commands.OfferAppointment) -> states.Appointment:
    """A role offered to a member; in force when he accepts (source: features A4, A5)."""
    who = authority(work)
    event = work.events.get(command.event_id) if command.event_id else None
    command = replace(command, area=_area_of(who, command, event))
    who.must_appoint(command.role, command.area, command.deputy)
    if command.area:
        usable_area(work.areas.get(command.area), command.area)
    _event_can_be_granted(command, event)
    _candidate_can_take(work, command)
    ids = (clock.new_id(), work.region, work.now, work.today, who.member.id)
    state: states.Appointment = work.record(appointments.offer(*ids, **given(command)))
    return state


def accept_appointment(work: Work, command: commands.AcceptAppointment) -> states.Appointment:
    """The candidate, active, takes it; areas without a coordinator may have one again."""
    before = _ones_own(work, command.appointment_id)
    me = actor(work)
    if me.state != "active":
        raise MemberStateForbids(f"an active member accepts, you are {me.state}")
    state: states.Appointment = work.record(Appointment(before).accept(work.now, work.today))
    settle(work)
    return state


def decline_appointment(work: Work, command: commands.DeclineAppointment) -> states.Appointment:
    """The candidate says no."""
    before = _ones_own(work, command.appointment_id)
    state: states.Appointment = work.record(Appointment(before).decline(work.now))
    return state


def end_appointment(work: Work, command: commands.EndAppointment) -> states.Appointment:
    """By its holder, or by who may appoint; the region's last coordinator needs a successor."""
    who = authority(work)
    before = appointment(work, command.appointment_id)
    if before.member_id != who.member.id:
        who.must_appoint(before.role, before.area, before.deputy)
    fact = Appointment(work.to_change(before)).end(work.now, work.today, command.reason)
    if before.role == "coordinator" and before.in_force(work.today):
        keep_coordinated(work, before.member_id)
    state: states.Appointment = work.record(fact)
    settle(work)
    return state


def overdue_terms(work: Work) -> list[str]:
    """Ids of the appointments whose last day is past."""
    return [a.id for a in work.appointments.overdue(work.today)]


def expire_term(work: Work, id: str) -> None:
    """End one whose last day is past; the region's last coordinator stays on as acting."""
    before = appointment(work, id)
    over = before.ends_on is not None and before.ends_on < work.today
    if before.state not in appointments.OPEN or not over:
        return
    ending = Appointment(before)
    if _is_last_coordinator(work, before):
        work.record(ending.prolong(work.now))
    else:
        work.record(ending.end(work.now, work.today, appointments.TERM_OVER))
    settle(work)


def note_event(work: Work, fact: EventFact) -> None:
    """Where it is; the grants for an event end with it (source: features A5)."""
    work.remember(fact)
    if fact.event.state not in OVER:
        return
    for grant in work.appointments.open_at(fact.event.id):
        work.record(Appointment(grant).end(work.now, work.today, EVENT_OVER))


def appointment(work: Work, id: str) -> states.Appointment:
    """An appointment; raises AppointmentUnknown."""
    found = work.appointments.get(id)
    if found is None:
        raise AppointmentUnknown(f"there is no appointment {id}")
    return found


def _ones_own(work: Work, id: str) -> states.Appointment:
    """The actor's own; raises NotYours and Stale."""
    me, state = actor(work), appointment(work, id)
    if state.member_id != me.id:
        raise NotYours("the candidate answers an offer")
    return work.to_change(state)


def _candidate_can_take(work: Work, command: commands.OfferAppointment) -> None:
    """Raise unless he is a pending or active member who was not offered the same yet."""
    candidate = work.members.get(command.member_id)
    if candidate is None:
        detail = f"{command.member_id} is not a member"
        raise AppointmentInvalid(detail, pointer="/member_id")
    if candidate.state not in ("pending", "active"):
        raise MemberStateForbids(f"the member is {candidate.state}")
    same = (command.role, command.area, command.event_id, command.deputy)
    for other in work.appointments.open_of(candidate.id):
        if (other.role, other.area, other.event_id, other.deputy) == same:
            raise AppointmentTaken(f"appointment {other.id} is {other.state}")


def _area_of(
    who: Authority, command: commands.OfferAppointment, event: KnownEvent | None
) -> str | None:
    """The area that was said; of event staff else the event's, or, unheard of, his who appoints."""
    if command.area or command.role not in EVENT_ROLES:
        return command.area
    return event.area if event else who.only_area


def _event_can_be_granted(command: commands.OfferAppointment, event: KnownEvent | None) -> None:
    """Raise AppointmentInvalid for what would open nothing; an event not heard of may be new."""
    if event is None:
        return
    if event.state in OVER:
        raise AppointmentInvalid("the event is over or called off", pointer="/event_id")
    if command.area not in (None, event.area):
        raise AppointmentInvalid(f"the event is in area {event.area}", pointer="/area")


def _is_last_coordinator(work: Work, before: states.Appointment) -> bool:
    if before.role != "coordinator" or before.state != "accepted":
        return False
    work.appointments.one_at_a_time()
    return not region_coordinators(standing(work), work.today)
