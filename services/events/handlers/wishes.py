"""Wishes and topics: asked for, backed, accepted or declined, never forgotten (D1, D2)."""

from chassis import clock
from chassis.aggregate import given
from contracts.events import commands, states
from services.events.errors import EventInvalid, Forbidden, RequestUnknown
from services.events.handlers.planning import plan
from services.events.handlers.who import actor, authority, institution, usable_area
from services.events.model import request as requests
from services.events.model.ports import Work
from services.events.model.request import ESCALATE_DAYS, REMIND_DAYS, EventRequest

DAY = 24 * 3600


def request_event(work: Work, command: commands.RequestEvent) -> states.EventRequest:
    """A wish of the member, or of the institution that he works at or coordinates."""
    who = authority(work)
    usable_area(work, command.area)
    if command.institution_id is not None:
        house = institution(work, command.institution_id)
        if who.member.institution_id != house.id and not who.may_coordinate(house.area):
            raise Forbidden("somebody of the institution asks in its name")
    ids = (clock.new_id(), work.region, work.now, who.member.id)
    state: states.EventRequest = work.record(requests.ask(*ids, **given(command)))
    return state


def back_request(work: Work, command: commands.BackRequest) -> states.EventRequest:
    """One more member backs it; a second time changes nothing."""
    me, before = actor(work), request(work, command.request_id)
    fact = _standing(work, before).back(work.now, me.id)
    return work.record(fact) if fact else before


def unback_request(work: Work, command: commands.UnbackRequest) -> states.EventRequest:
    """The member backs it no more."""
    me, before = actor(work), request(work, command.request_id)
    fact = _standing(work, before).unback(work.now, me.id)
    return work.record(fact) if fact else before


def accept_request(work: Work, command: commands.AcceptRequest) -> states.Event:
    """A coordinator of its area makes a draft of it; both point to each other (AMY PR #695)."""
    who, before = authority(work), request(work, command.request_id)
    who.must_coordinate(before.area)
    if command.area not in (None, before.area):
        raise EventInvalid(f"{before.id} belongs to area {before.area}", pointer="/area")
    wish, event_id = _standing(work, work.to_change(before)), clock.new_id()
    work.record(wish.accept(work.now, who.member.id, event_id))
    links = {"area": before.area, "id": event_id, "request_id": before.id}
    return plan(work, command, who.member.id, **links)


def decline_request(work: Work, command: commands.DeclineRequest) -> states.EventRequest:
    """A coordinator of its area says no, and why."""
    who, before = authority(work), request(work, command.request_id)
    who.must_coordinate(before.area)
    fact = _standing(work, work.to_change(before)).decline(work.now, who.member.id, command.reason)
    state: states.EventRequest = work.record(fact)
    return state


def to_remind(work: Work) -> list[str]:
    """Ids of the wishes that wait for a week."""
    before = clock.later(work.now, -REMIND_DAYS * DAY)
    return [request.id for request in work.requests.to_remind(before)]


def remind(work: Work, id: str) -> None:
    """Say once that a wish waits."""
    fact = EventRequest(request(work, id)).remind(work.now)
    if fact:
        work.record(fact)


def to_escalate(work: Work) -> list[str]:
    """Ids of the wishes that wait for two weeks."""
    before = clock.later(work.now, -ESCALATE_DAYS * DAY)
    return [request.id for request in work.requests.to_escalate(before)]


def escalate(work: Work, id: str) -> None:
    """Say once to the whole region that a wish waits."""
    fact = EventRequest(request(work, id)).escalate(work.now)
    if fact:
        work.record(fact)


def answered(work: Work, event: states.Event) -> None:
    """The event was held: its wish, if it came of one, is answered."""
    wish = work.requests.get(event.request_id) if event.request_id else None
    if wish and wish.state == "accepted" and wish.event_id == event.id:
        work.record(EventRequest(wish).answered(work.now))


def request(work: Work, id: str) -> states.EventRequest:
    """A wish; raises RequestUnknown."""
    found = work.requests.get(id)
    if found is None:
        raise RequestUnknown(f"there is no request {id}")
    return found


def _standing(work: Work, state: states.EventRequest) -> EventRequest:
    """The wish; one whose event was cancelled may be decided again."""
    event = work.events.get(state.event_id) if state.event_id else None
    return EventRequest(state, freed=event is not None and event.state == "cancelled")
