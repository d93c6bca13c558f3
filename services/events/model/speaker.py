"""Speakers and co-hosts: asked, confirmed, declined, reminded (source: features D5, D17)."""

from dataclasses import replace
from datetime import date, timedelta

from chassis.aggregate import moved
from contracts.events import facts, states
from services.events.errors import (
    CohostTaken,
    CohostUnknown,
    EventInvalid,
    SpeakerStateForbids,
    SpeakerTaken,
    SpeakerUnknown,
)
from services.events.model.event import must_allow

REMIND_AT = (7, 3)
MOST = 30
ANSWERS = {"invited": ("confirm", "decline"), "confirmed": ("decline",), "declined": ()}


def days_left(speaker: states.Speaker, today: str) -> int:
    """Days until the answer is due; negative when that day is past."""
    return (date.fromisoformat(speaker.answer_by) - date.fromisoformat(today)).days


def due_reminder(speaker: states.Speaker, today: str) -> int | None:
    """Of 7 and 3 days the one that is due now, each once; None when there is none."""
    left = days_left(speaker, today)
    if speaker.state != "invited" or left < 0:
        return None
    reached = [days for days in REMIND_AT if left <= days]
    return min(reached) if reached and min(reached) not in speaker.reminded else None


def usual_answer_by(event: states.Event, today: str) -> str:
    """A week before the event; its day when that week has begun."""
    held_on = date.fromisoformat(event.starts_at[:10])
    early = (held_on - timedelta(days=max(REMIND_AT))).isoformat()
    return early if early >= today else held_on.isoformat()


class Speakers:
    """Who speaks at one event."""

    def __init__(self, event: states.Event) -> None:
        self.event = event

    def one(self, id: str) -> states.Speaker:
        """By id; raises SpeakerUnknown."""
        for speaker in self.event.speakers:
            if speaker.id == id:
                return speaker
        raise SpeakerUnknown(f"there is no speaker {id}")

    def invite(self, now: str, today: str, speaker: states.Speaker) -> facts.SpeakerInvited:
        """Ask somebody; reminders whose day is past already are not sent."""
        must_allow(self.event, "speaker")
        self._is_new(speaker)
        left = days_left(speaker, today)
        if left < 0 or speaker.answer_by > self.event.starts_at[:10]:
            raise EventInvalid("between today and the event", pointer="/answer_by")
        past = tuple(days for days in REMIND_AT if left <= days)
        speakers = (*self.event.speakers, replace(speaker, reminded=past))
        return facts.SpeakerInvited(event=moved(self.event, now, speakers=speakers))

    def answer(self, now: str, id: str, confirms: bool) -> facts.SpeakerAnswered:
        """Yes or no; who said yes may still have to say no."""
        must_allow(self.event, "speaker")
        before = self.one(id)
        allowed = ANSWERS[before.state]
        if ("confirm" if confirms else "decline") not in allowed:
            raise SpeakerStateForbids(f"the speaker has {before.state}", allowed=allowed)
        said = replace(before, state="confirmed" if confirms else "declined")
        return facts.SpeakerAnswered(event=self._with(now, said))

    def remove(self, now: str, id: str) -> facts.SpeakerRemoved:
        """He will not speak after all."""
        must_allow(self.event, "speaker")
        leaving = self.one(id)
        others = tuple(speaker for speaker in self.event.speakers if speaker != leaving)
        return facts.SpeakerRemoved(event=moved(self.event, now, speakers=others))

    def remind(self, now: str, today: str) -> facts.SpeakerReminded | None:
        """The first who must be reminded now; None when there is none."""
        for speaker in self.event.speakers:
            days = due_reminder(speaker, today)
            if days is not None:
                told = replace(speaker, reminded=(*speaker.reminded, days), reminded_at=now)
                return facts.SpeakerReminded(event=self._with(now, told))
        return None

    def ask_for_material(self, now: str) -> facts.MaterialMissing | None:
        """Who spoke and left nothing is asked once; None when there is nobody."""
        left = {material.speaker_id for material in self.event.materials}
        missing = {
            s.id
            for s in self.event.speakers
            if s.state == "confirmed" and s.id not in left and s.material_asked_at is None
        }
        if not missing:
            return None
        asked = tuple(
            replace(s, material_asked_at=now) if s.id in missing else s for s in self.event.speakers
        )
        return facts.MaterialMissing(event=moved(self.event, now, speakers=asked))

    def erase(self, now: str, member_id: str, nobody: str) -> facts.EventChanged:
        """The name of a member who left is gone from an event that was."""
        after = tuple(
            replace(s, name=nobody, member_id=None) if s.member_id == member_id else s
            for s in self.event.speakers
        )
        return facts.EventChanged(event=moved(self.event, now, speakers=after))

    def _with(self, now: str, changed: states.Speaker) -> states.Event:
        after = tuple(changed if s.id == changed.id else s for s in self.event.speakers)
        return moved(self.event, now, speakers=after)

    def _is_new(self, speaker: states.Speaker) -> None:
        if len(self.event.speakers) >= MOST:
            raise EventInvalid(f"{MOST} speakers are enough", pointer="/name")
        asked = [s for s in self.event.speakers if s.state != "declined"]
        if speaker.member_id and any(s.member_id == speaker.member_id for s in asked):
            raise SpeakerTaken("this member was invited already", pointer="/member_id")


class Cohosts:
    """Which areas host an event with its own."""

    def __init__(self, event: states.Event) -> None:
        self.event = event

    def invite(self, now: str, area: str) -> facts.CohostInvited:
        """Ask another area; one that declined may be asked again."""
        must_allow(self.event, "cohost")
        taken = {c.area for c in self.event.cohosts if c.state != "declined"}
        if area in (self.event.area, *taken):
            raise CohostTaken(f"area {area} hosts it or was asked", pointer="/area")
        others = tuple(c for c in self.event.cohosts if c.area != area)
        asked = (*others, states.Cohost(area=area, state="invited"))
        return facts.CohostInvited(event=moved(self.event, now, cohosts=asked))

    def answer(self, now: str, area: str, accepts: bool) -> facts.CohostAnswered | None:
        """Yes or no; a yes may be taken back; None when it said so already."""
        must_allow(self.event, "cohost")
        standing = {c.area: c.state for c in self.event.cohosts}
        said = "confirmed" if accepts else "declined"
        if area not in standing:
            raise CohostUnknown(f"area {area} was not asked")
        if standing[area] == said:
            return None
        if standing[area] == "declined":
            raise CohostUnknown(f"area {area} declined and was not asked again")
        after = tuple(replace(c, state=said) if c.area == area else c for c in self.event.cohosts)
        return facts.CohostAnswered(event=moved(self.event, now, cohosts=after))
