"""Series: events that come again, edited for one date, those that follow or all (source: D12)."""

from typing import Any

from chassis import clock
from chassis.aggregate import begun, differing, moved
from contracts.events import facts, states
from services.events.errors import SeriesStateForbids
from services.events.model.recurrence import moved_hours

TIMES = {"starts_at", "ends_at"}
MINE = {"title", "kind", "timezone"}
# What every date of a series has in common; the rest is each date's own.
COMMON = (
    "title",
    "kind",
    "description",
    "topics",
    "venue",
    "capacity",
    "fee",
    "audience",
    "scope",
    "questions",
    "hours",
    "awards",
    "certificates",
    "feedback",
    "timezone",
)


def begin(
    id: str, region: str, now: str, events: list[states.Event], rule: str
) -> facts.SeriesBegun:
    """A series of these dates, the first of which begins it."""
    first, last = events[0], events[-1]
    state = states.Series(
        **begun(id, region, now),
        title=first.title,
        area=first.area,
        kind=first.kind,
        rule=rule,
        starts_at=first.recurrence or first.starts_at,
        timezone=first.timezone,
        event_ids=tuple(event.id for event in events),
        made_until=last.recurrence,
    )
    return facts.SeriesBegun(series=state)


def pattern(event: states.Event) -> dict[str, Any]:
    """What the next date takes over from the newest."""
    return {name: getattr(event, name) for name in COMMON}


def lasting(event: states.Event, starts_at: str) -> dict[str, str]:
    """Start and end of a date as long as the event."""
    seconds = clock.seconds_between(event.starts_at, event.ends_at)
    return {"starts_at": starts_at, "ends_at": clock.later(starts_at, seconds)}


def for_date(event: states.Event, edited: states.Event, wanted: dict[str, Any]) -> dict[str, Any]:
    """What was wanted for one date, as another takes it: hours of the day move, days do not."""
    zone = wanted.get("timezone", edited.timezone)
    there = dict(wanted)
    for name in TIMES & wanted.keys():
        there[name] = moved_hours(getattr(event, name), getattr(edited, name), wanted[name], zone)
    if "starts_at" in wanted:
        date = event.recurrence or event.starts_at
        there["recurrence"] = moved_hours(date, edited.starts_at, wanted["starts_at"], zone)
    return there


class Series:
    """One series and what may happen to it."""

    def __init__(self, state: states.Series) -> None:
        self.state = state

    def change(
        self, now: str, edited: states.Event, wanted: dict[str, Any]
    ) -> facts.SeriesChanged | None:
        """All dates were edited as this one: what is made later begins at the new hour too."""
        mine: dict[str, Any] = {name: wanted[name] for name in MINE & wanted.keys()}
        if "starts_at" in wanted:
            zone = wanted.get("timezone", edited.timezone)
            move = (edited.starts_at, wanted["starts_at"], zone)
            mine["starts_at"] = moved_hours(self.state.starts_at, *move)
            mine["made_until"] = moved_hours(str(self.state.made_until), *move)
        changes = differing(self.state, mine)
        return self._changed(now, **changes) if changes else None

    def grow(self, now: str, dates: list[states.Event]) -> facts.SeriesChanged:
        """More dates were made."""
        ids = (*self.state.event_ids, *(event.id for event in dates))
        return self._changed(now, event_ids=ids, made_until=dates[-1].starts_at)

    def split(self, now: str, leaving: list[states.Event]) -> facts.SeriesEnded:
        """These dates and all that follow are a series of their own now."""
        gone = {event.id for event in leaving}
        ids = tuple(one for one in self.state.event_ids if one not in gone)
        return facts.SeriesEnded(series=moved(self.state, now, event_ids=ids, ended=True))

    def end(self, now: str) -> facts.SeriesEnded:
        """No more dates; raises SeriesStateForbids the second time."""
        if self.state.ended:
            raise SeriesStateForbids("the series has ended")
        return facts.SeriesEnded(series=moved(self.state, now, ended=True))

    def _changed(self, now: str, **changes: Any) -> facts.SeriesChanged:
        return facts.SeriesChanged(series=moved(self.state, now, **changes))
