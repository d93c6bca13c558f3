"""Appointments: a role for a term, offered by one, accepted by the other, ended by either."""

from typing import Any

from chassis.aggregate import begun, moved
from contracts.members import facts, states
from contracts.members.roles import EVENT_ROLES
from services.members.errors import AppointmentInvalid, AppointmentStateForbids

REGION_ROLES = ("coordinator", "secretary", "treasurer", "operator")
ALLOWED = {
    "offered": ("accept", "decline", "end"),
    "accepted": ("end",),
    "declined": (),
    "ended": (),
}
OPEN = ("offered", "accepted")
TERM_OVER = "the term is over"


def offer(
    id: str, region: str, now: str, today: str, by: str | None, **fields: Any
) -> facts.AppointmentOffered:
    """A role offered; raises AppointmentInvalid when role, area, event and term do not fit."""
    state = states.Appointment(**begun(id, region, now), state="offered", appointed_by=by, **fields)
    _check_place(state)
    _check_term(state, today)
    return facts.AppointmentOffered(appointment=state)


def found(id: str, region: str, now: str, **fields: Any) -> facts.AppointmentAccepted:
    """An appointment in force that the region starts with."""
    state = states.Appointment(**begun(id, region, now), state="accepted", **fields)
    _check_place(state)
    return facts.AppointmentAccepted(appointment=state)


def _check_place(state: states.Appointment) -> None:
    """Region roles have no area, area coordinators one, event grants an event (source: A4, A5)."""
    if state.role in REGION_ROLES and state.area:
        raise AppointmentInvalid(f"{state.role} is for the whole region", pointer="/area")
    if state.role == "area_coordinator" and not state.area:
        raise AppointmentInvalid("an area coordinator needs an area", pointer="/area")
    if (state.role in EVENT_ROLES) != (state.event_id is not None):
        raise AppointmentInvalid("event grants, and only they, need an event", pointer="/event_id")
    if state.deputy and state.role != "area_coordinator":
        raise AppointmentInvalid("only area coordinators have deputies", pointer="/deputy")


def _check_term(state: states.Appointment, today: str) -> None:
    if state.ends_on is not None and state.ends_on < max(state.starts_on, today):
        raise AppointmentInvalid("the term ends before it begins or is over", pointer="/ends_on")


class Appointment:
    """One appointment and what may happen to it."""

    def __init__(self, state: states.Appointment) -> None:
        self.state = state

    def accept(self, now: str, today: str) -> facts.AppointmentAccepted:
        """The candidate takes the role."""
        self._must_allow("accept")
        if self.state.ends_on and self.state.ends_on < today:
            raise AppointmentStateForbids("the offered term is over", allowed=("decline", "end"))
        return facts.AppointmentAccepted(appointment=moved(self.state, now, state="accepted"))

    def decline(self, now: str) -> facts.AppointmentDeclined:
        """The candidate says no."""
        self._must_allow("decline")
        return facts.AppointmentDeclined(appointment=moved(self.state, now, state="declined"))

    def end(self, now: str, today: str, reason: str | None) -> facts.AppointmentEnded:
        """It is over: an offer is withdrawn, a term keeps the day it really ended."""
        self._must_allow("end")
        last = self.state.ends_on
        if self.state.state == "accepted" and (last is None or last > today):
            last = max(today, self.state.starts_on)
        after = moved(self.state, now, state="ended", ends_on=last, ended_reason=reason)
        return facts.AppointmentEnded(appointment=after)

    def prolong(self, now: str) -> facts.AppointmentProlonged:
        """The term ran out without a successor: the holder stays on as acting, without end."""
        after = moved(self.state, now, ends_on=None, acting=True)
        return facts.AppointmentProlonged(appointment=after)

    def _must_allow(self, move: str) -> None:
        allowed = ALLOWED[self.state.state]
        if move not in allowed:
            raise AppointmentStateForbids(f"the appointment is {self.state.state}", allowed=allowed)
