"""What remains of an event: materials with their licence, and minutes (source: features D14)."""

from chassis.aggregate import moved
from contracts.events import facts, states
from services.events.errors import EventInvalid
from services.events.model.event import must_allow
from services.events.model.speaker import Speakers

MOST_MATERIALS = 40


def add_material(event: states.Event, now: str, material: states.Material) -> facts.MaterialAdded:
    """One more; raises SpeakerUnknown when it is said to be somebody else's than a speaker's."""
    must_allow(event, "material")
    if material.speaker_id:
        Speakers(event).one(material.speaker_id)
    if len(event.materials) >= MOST_MATERIALS:
        raise EventInvalid(f"{MOST_MATERIALS} are kept, no more", pointer="/link")
    return facts.MaterialAdded(event=moved(event, now, materials=(*event.materials, material)))


def write_minutes(event: states.Event, now: str, text: str) -> facts.MinutesWritten:
    """The minutes, or the minutes anew."""
    must_allow(event, "minutes")
    return facts.MinutesWritten(event=moved(event, now, minutes=text))
