"""Events: announced, moved with a reason, called off, closed when they were held (D3, D4, D9)."""

from chassis.aggregate import given
from contracts.events import commands, states
from services.events.errors import Forbidden
from services.events.handlers import lending, registrations
from services.events.handlers.places import hold, place
from services.events.handlers.who import authority, event, managed
from services.events.handlers.wishes import answered
from services.events.model.event import Event
from services.events.model.fitting import spelled
from services.events.model.ports import Work


def publish_event(work: Work, command: commands.PublishEvent) -> states.Event:
    """Announce a draft."""
    before = managed(work, command.event_id)
    said = command.no_speaker_reason or command.reason
    state: states.Event = work.record(Event(before).publish(work.now, said))
    return state


def reschedule_event(work: Work, command: commands.RescheduleEvent) -> states.Event:
    """Move what was announced; registrations stay, and are asked again when the time is another."""
    before = managed(work, command.event_id)
    wanted = spelled({k: v for k, v in given(command, "event_id", "reason").items() if v})
    if command.venue:
        wanted["venue"] = place(work, command.venue)
    fact = Event(before).reschedule(work.now, command.reason, wanted)
    hold(work, fact.event)
    after: states.Event = work.record(fact)
    if after.date_changed != before.date_changed:
        lending.follow(work, before, after)
        registrations.date_moved(work, after)
    return house_asked(work, after)


def cancel_event(work: Work, command: commands.CancelEvent) -> states.Event:
    """Call it off: who is registered is told, what was reserved is free."""
    return call_off(work, managed(work, command.event_id), command.reason)


def call_off(work: Work, before: states.Event, reason: str) -> states.Event:
    """It will not take place."""
    state: states.Event = work.record(Event(before).cancel(work.now, reason))
    lending.release_event(work, state)
    registrations.called_off(work, state, reason)
    return state


def close_event(work: Work, command: commands.CloseEvent) -> states.Event:
    """It was held, with minutes or a waiver; who has a seat and was not there did not show up."""
    before = managed(work, command.event_id)
    state: states.Event = work.record(Event(before).close(work.now, command.minutes_waiver))
    registrations.held(work, state)
    answered(work, state)
    return state


def answer_as_host(work: Work, command: commands.AnswerAsHost) -> states.Event:
    """Somebody of the house says whether it agrees, or a coordinator notes what it said."""
    who, before = authority(work), event(work, command.event_id)
    of_the_house = before.host and before.host.institution_id == who.member.institution_id
    if not of_the_house and not who.may_coordinate(before.area):
        raise Forbidden("somebody of the institution answers, or a coordinator of the area")
    fact = Event(work.to_change(before)).answer_host(
        work.now, who.member.id, command.agrees, command.note
    )
    state: states.Event = work.record(fact)
    return state


def house_asked(work: Work, state: states.Event) -> states.Event:
    """The event, after its house was asked when it has to be."""
    fact = Event(state).ask_host(work.now)
    return work.record(fact) if fact else state
