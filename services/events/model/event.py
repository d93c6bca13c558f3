"""Events: `draft → published → closed / cancelled`, moved with a reason (source: D3, D9)."""

from typing import Any

from chassis import clock
from chassis.aggregate import begun, differing, moved
from contracts.events import facts, states
from services.events.errors import (
    EventInvalid,
    EventStateForbids,
    HostUnconfirmed,
    MinutesMissing,
    SpeakerMissing,
)
from services.events.model.fitting import fitting

UNDER_WAY = ("draft", "published")
CHANGES = ("change", "cancel", "host", "speaker", "cohost", "material", "minutes")
ALLOWED = {
    "draft": ("publish", *CHANGES),
    "published": ("reschedule", "close", *CHANGES),
    "closed": ("material", "minutes"),
    "cancelled": (),
}
ANNOUNCED = ("starts_at", "ends_at", "timezone", "venue")


def must_allow(state: states.Event, move: str) -> None:
    """Raise EventStateForbids, with what is allowed, unless the state allows the move."""
    allowed = ALLOWED[state.state]
    if move not in allowed:
        raise EventStateForbids(f"the event is {state.state}", allowed=allowed)


def draft(id: str, region: str, now: str, by: str | None, **fields: Any) -> facts.EventDrafted:
    """A new event; raises EventInvalid when its parts do not fit together."""
    state = states.Event(**begun(id, region, now), state="draft", created_by=by, **fields)
    return facts.EventDrafted(event=fitting(state))


def first_seats(event: states.Event, now: str) -> facts.SeatsChanged:
    """The seats of a new event, all free."""
    fresh = begun(event.id, event.region, now)
    return facts.SeatsChanged(seats=states.Seats(**fresh, area=event.area, capacity=event.capacity))


class Event:
    """One event and what may happen to it."""

    def __init__(self, state: states.Event) -> None:
        self.state = state

    def change(
        self, now: str, wanted: dict[str, Any], new_questions: bool = False
    ) -> facts.EventChanged | None:
        """Take the wanted values; None when they are there.

        What was announced moves by rescheduling only. Another place or time is asked for anew.
        """
        must_allow(self.state, "change")
        changes = differing(self.state, wanted)
        moving = [name for name in ANNOUNCED if name in changes]
        if moving and self.state.state == "published":
            detail = "time and place of what was announced move with a reason"
            raise EventStateForbids(detail, pointer=f"/{moving[0]}", allowed=("reschedule",))
        if new_questions and "questions" in changes:
            changes["questions_version"] = self.state.questions_version + 1
        if not changes:
            return None
        after = moved(self.state, now, **changes, **self._house_after(changes))
        return facts.EventChanged(event=fitting(after))

    def join_series(self, now: str, series_id: str) -> facts.EventChanged:
        """The date is one of another series from now on."""
        return facts.EventChanged(event=moved(self.state, now, series_id=series_id))

    def publish(self, now: str, no_speaker_reason: str | None) -> facts.EventPublished:
        """Announce it; raises EventInvalid, HostUnconfirmed, SpeakerMissing (D4, D5)."""
        must_allow(self.state, "publish")
        if self.state.starts_at <= now:
            raise EventInvalid("it would have begun already", pointer="/starts_at")
        if self.state.host and self.state.host.state != "confirmed":
            raise HostUnconfirmed(f"the host is {self.state.host.state}")
        confirmed = any(speaker.state == "confirmed" for speaker in self.state.speakers)
        if not confirmed and not no_speaker_reason:
            raise SpeakerMissing("no speaker has confirmed", pointer="/no_speaker_reason")
        said = None if confirmed else no_speaker_reason
        after = moved(self.state, now, state="published", published_at=now, no_speaker_reason=said)
        return facts.EventPublished(event=after)

    def reschedule(self, now: str, reason: str, wanted: dict[str, Any]) -> facts.EventRescheduled:
        """Move what was announced in time or place; without a new end it lasts as long.

        `date_changed` counts the moves in time. What has begun is moved no more.
        """
        must_allow(self.state, "reschedule")
        if self.state.starts_at <= now:
            raise EventStateForbids("it has begun", allowed=("close", "cancel"))
        changes = differing(self.state, self._with_end(wanted))
        if not changes:
            raise EventInvalid("neither time nor place is another", pointer="/starts_at")
        in_time = {"starts_at", "ends_at"} & changes.keys()
        date_changed = self.state.date_changed + bool(in_time)
        house = self._house_after(changes)
        said = {"change_reason": reason, "date_changed": date_changed, **house}
        after = fitting(moved(self.state, now, **changes, **said))
        if after.starts_at <= now:
            raise EventInvalid("it would have begun already", pointer="/starts_at")
        return facts.EventRescheduled(event=after)

    def ask_host(self, now: str) -> facts.HostAsked | None:
        """Ask the house whose place it is; None when nobody needs to be asked (source: D4)."""
        place = self.state.venue
        if not place or not place.institution_id or self.state.host:
            return None
        host = states.Host(institution_id=place.institution_id, state="asked")
        return facts.HostAsked(event=moved(self.state, now, host=host))

    def answer_host(self, now: str, by: str, agrees: bool, note: str | None) -> facts.HostAnswered:
        """The house agrees or not; raises EventStateForbids when none was asked."""
        must_allow(self.state, "host")
        if self.state.host is None:
            raise EventStateForbids("no house was asked", allowed=ALLOWED[self.state.state])
        host = states.Host(
            institution_id=self.state.host.institution_id,
            state="confirmed" if agrees else "declined",
            decided_by=by,
            note=note,
        )
        return facts.HostAnswered(event=moved(self.state, now, host=host))

    def cancel(self, now: str, reason: str) -> facts.EventCancelled:
        """It will not take place."""
        must_allow(self.state, "cancel")
        after = moved(self.state, now, state="cancelled", change_reason=reason)
        return facts.EventCancelled(event=after)

    def close(self, now: str, waiver: str | None) -> facts.EventClosed:
        """It was held; raises MinutesMissing without minutes or waiver (source: D14)."""
        must_allow(self.state, "close")
        if now < self.state.starts_at:
            raise EventStateForbids("it has not begun", allowed=("reschedule", "cancel", "change"))
        if not self.state.minutes and not waiver:
            raise MinutesMissing("minutes are missing", pointer="/minutes_waiver")
        said = None if self.state.minutes else waiver
        after = moved(self.state, now, state="closed", closed_at=now, minutes_waiver=said)
        return facts.EventClosed(event=after)

    def _with_end(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """A new start without a new end moves both."""
        if "starts_at" not in wanted or "ends_at" in wanted:
            return wanted
        lasts = clock.seconds_between(self.state.starts_at, self.state.ends_at)
        return {**wanted, "ends_at": clock.later(wanted["starts_at"], lasts)}

    def _house_after(self, changes: dict[str, Any]) -> dict[str, Any]:
        """What was agreed counts for that house, and for the time that it was asked for."""
        place = changes.get("venue", self.state.venue)
        house = place.institution_id if place else None
        agreed = self.state.host.institution_id if self.state.host else None
        other_time = {"starts_at", "ends_at"} & changes.keys()
        return {"host": None} if other_time or house != agreed else {}
