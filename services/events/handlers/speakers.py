"""Speakers and co-hosts: asked by managers, answered by themselves, reminded (D5, D17)."""

from datetime import date, timedelta

from chassis import clock
from contracts.events import commands, states
from services.events.errors import EventInvalid, Forbidden
from services.events.handlers.who import authority, event, managed, member, usable_area
from services.events.model.ports import Work
from services.events.model.speaker import REMIND_AT, Cohosts, Speakers, usual_answer_by

DAY = 24 * 3600
MATERIAL_AFTER_SECONDS = DAY
MATERIAL_UNTIL_SECONDS = 30 * DAY


def invite_speaker(work: Work, command: commands.InviteSpeaker) -> states.Event:
    """Ask one more, by who manages the event."""
    return invite(work, managed(work, command.event_id), command)


def invite(work: Work, before: states.Event, asked: commands.Invitation) -> states.Event:
    """Ask a member, or somebody by name."""
    if (asked.member_id is None) == (asked.name is None):
        raise EventInvalid("say a member or a name", pointer="/name")
    name = member(work, asked.member_id).name if asked.member_id else str(asked.name)
    speaker = states.Speaker(
        id=clock.new_id(),
        name=name,
        kind=asked.kind,
        subject=asked.subject or before.title,
        state="invited",
        answer_by=asked.answer_by or usual_answer_by(before, work.today),
        member_id=asked.member_id,
    )
    state: states.Event = work.record(Speakers(before).invite(work.now, work.today, speaker))
    return state


def answer_as_speaker(work: Work, command: commands.AnswerAsSpeaker) -> states.Event:
    """A member answers himself; for somebody else a manager notes the answer."""
    who, before = authority(work), event(work, command.event_id)
    speaker = Speakers(before).one(command.speaker_id)
    if speaker.member_id is None:
        who.must_manage(before)
    elif speaker.member_id != who.member.id:
        raise Forbidden("who was invited answers")
    fact = Speakers(work.to_change(before)).answer(work.now, speaker.id, command.confirms)
    state: states.Event = work.record(fact)
    return state


def remove_speaker(work: Work, command: commands.RemoveSpeaker) -> states.Event:
    """A manager takes somebody off the event."""
    before = managed(work, command.event_id)
    state: states.Event = work.record(Speakers(before).remove(work.now, command.speaker_id))
    return state


def invite_cohost(work: Work, command: commands.InviteCohost) -> states.Event:
    """A manager asks another area."""
    before = managed(work, command.event_id)
    usable_area(work, command.area)
    state: states.Event = work.record(Cohosts(before).invite(work.now, command.area))
    return state


def answer_as_cohost(work: Work, command: commands.AnswerAsCohost) -> states.Event:
    """A coordinator of the other area accepts or declines."""
    authority(work).must_coordinate(command.area)
    before = work.to_change(event(work, command.event_id))
    fact = Cohosts(before).answer(work.now, command.area, command.accepts)
    return work.record(fact) if fact else before


def unanswered(work: Work) -> list[str]:
    """Ids of the events whose speakers must answer within a week."""
    until = date.fromisoformat(work.today) + timedelta(days=max(REMIND_AT))
    return [event.id for event in work.events.with_speakers_to_remind(until.isoformat())]


def remind(work: Work, id: str) -> None:
    """Say of each speaker, once per date, that his answer is missing."""
    while fact := Speakers(event(work, id)).remind(work.now, work.today):
        work.record(fact)


def without_material(work: Work) -> list[str]:
    """Ids of the events that are over for a day and whose speakers may owe something."""
    span = (-MATERIAL_UNTIL_SECONDS, -MATERIAL_AFTER_SECONDS)
    found = work.events.without_material(*(clock.later(work.now, seconds) for seconds in span))
    return [event.id for event in found if Speakers(event).ask_for_material(work.now)]


def ask_for_material(work: Work, id: str) -> None:
    """Say once of each speaker that he left nothing."""
    fact = Speakers(event(work, id)).ask_for_material(work.now)
    if fact:
        work.record(fact)
