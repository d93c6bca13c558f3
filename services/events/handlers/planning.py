"""Planning: an event begins as a draft with its seats, and its house is asked."""

from typing import Any

from chassis import clock
from chassis.aggregate import given
from chassis.errors import Refusal
from contracts.events import commands, facts, states
from contracts.fact import Fact
from services.events.handlers.places import hold, place
from services.events.handlers.speakers import invite
from services.events.handlers.who import authority, usable_area
from services.events.model.event import Event, draft, first_seats
from services.events.model.fitting import spelled
from services.events.model.ports import Work


def plan_event(work: Work, command: commands.PlanEvent) -> states.Event:
    """A draft, by a coordinator of its area, with those who are asked to speak."""
    who = authority(work)
    who.must_coordinate(command.area)
    event = plan(work, command, who.member.id, area=command.area)
    for number, asked in enumerate(command.speakers):
        try:
            event = invite(work, event, asked)
        except Refusal as refused:
            refused.pointer = f"/speakers/{number}{refused.pointer or ''}"
            raise
    return event


def plan(
    work: Work, command: commands.EventDetails, by: str, *, area: str, **links: Any
) -> states.Event:
    """Record a draft of what the command says, free at its place; gives it with its house asked."""
    usable_area(work, area)
    fields = {**details(work, command), "area": area, **links}
    ids = (fields.pop("id", None) or clock.new_id(), work.region, work.now, by)
    event = draft(*ids, **fields).event
    hold(work, event)
    said = beginning(event, work.now)
    work.record_many(said)
    return [fact.event for fact in said if isinstance(fact, facts.EventFact)][-1]


def details(work: Work, command: commands.EventDetails) -> dict[str, Any]:
    """The fields of an event that the command states, in our spelling."""
    named = ("area", "request_id", "rule", "dates", "speakers")
    fields = spelled(given(command, *named))
    fields["timezone"] = fields["timezone"] or work.policy.timezone
    fields["venue"] = place(work, command.venue)
    return fields


def beginning(event: states.Event, now: str) -> list[Fact]:
    """What is said of a new event: that it is drafted, its seats, and that its house is asked."""
    asked = Event(event).ask_host(now)
    said: list[Fact] = [facts.EventDrafted(event=event), first_seats(event, now)]
    return [*said, asked] if asked else said
