"""What remains: materials by speakers and managers, minutes by managers (source: D14)."""

from chassis import clock
from chassis.aggregate import given
from contracts.events import commands, states
from services.events.errors import Forbidden
from services.events.handlers.who import authority, event, managed
from services.events.model import records
from services.events.model.ports import Work


def add_material(work: Work, command: commands.AddMaterial) -> states.Event:
    """By a manager, or by a speaker as his own."""
    who, before = authority(work), event(work, command.event_id)
    own = [s for s in before.speakers if s.member_id == who.member.id and s.state != "declined"]
    mine = own[0].id if own else None
    speaker_id = command.speaker_id or mine
    if not who.may_manage(before) and (mine is None or speaker_id != mine):
        raise Forbidden("a speaker adds his own, a manager any")
    fields = given(command, "event_id", "speaker_id")
    material = states.Material(
        id=clock.new_id(), added_by=who.member.id, speaker_id=speaker_id, **fields
    )
    fact = records.add_material(work.to_change(before), work.now, material)
    state: states.Event = work.record(fact)
    return state


def write_minutes(work: Work, command: commands.WriteMinutes) -> states.Event:
    """By a manager."""
    before = managed(work, command.event_id)
    state: states.Event = work.record(records.write_minutes(before, work.now, command.text))
    return state
