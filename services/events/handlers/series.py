"""Series: planned by a rule, prolonged as time goes on, ended (source: features D12)."""

from collections.abc import Iterable
from typing import Any

from chassis import clock
from contracts.events import commands, states
from services.events.errors import RuleInvalid, SeriesUnknown
from services.events.handlers.events import call_off
from services.events.handlers.places import hold
from services.events.handlers.planning import beginning, details
from services.events.handlers.who import authority, usable_area
from services.events.model import series as all_series
from services.events.model.event import draft
from services.events.model.ports import Work
from services.events.model.recurrence import occurrences
from services.events.model.series import Series, lasting, pattern

AHEAD_DAYS = 60
MOST_AT_ONCE = 12
DAY = 24 * 3600


def plan_series(work: Work, command: commands.PlanSeries) -> states.Series:
    """Drafts for the first dates of the rule, each of them free at its place."""
    who = authority(work)
    who.must_coordinate(command.area)
    usable_area(work, command.area)
    fields = {**details(work, command), "area": command.area, "series_id": clock.new_id()}
    first = draft("first", work.region, work.now, who.member.id, **fields).event
    before = clock.later(first.starts_at, -0.001)
    times = occurrences(command.rule, first.starts_at, first.timezone, before, command.dates)
    if not times:
        raise RuleInvalid(f"{command.rule} has no dates", pointer="/rule")
    dates = _make(work, times, first, fields, who.member.id)
    ids = (fields["series_id"], work.region, work.now)
    state: states.Series = work.record(all_series.begin(*ids, dates, command.rule))
    return state


def end_series(work: Work, command: commands.EndSeries) -> states.Series:
    """No more dates; drafts that are still to come are called off."""
    before = series(work, command.series_id)
    authority(work).must_coordinate(before.area)
    state: states.Series = work.record(Series(work.to_change(before)).end(work.now))
    for date in work.events.of_series(state.id, work.now):
        if date.state == "draft":
            call_off(work, date, command.reason)
    return state


def to_prolong(work: Work) -> list[str]:
    """Ids of the series whose dates end within two months."""
    until = clock.later(work.now, AHEAD_DAYS * DAY)
    return [found.id for found in work.series.to_extend(until)]


def prolong(work: Work, id: str) -> None:
    """Make the dates of the next two months like the newest; the last one ends the series."""
    before = series(work, id)
    newest = work.events.get(before.event_ids[-1]) if before.event_ids else None
    if before.ended or newest is None or before.made_until is None:
        return
    span = (before.rule, before.starts_at, before.timezone, before.made_until)
    times = occurrences(*span, MOST_AT_ONCE)
    if not times:
        work.record(Series(before).end(work.now))
        return
    horizon = clock.later(work.now, AHEAD_DAYS * DAY)
    if due := [time for time in times if time <= horizon]:
        fields = {**pattern(newest), "area": newest.area, "series_id": before.id}
        dates = _make(work, due, newest, fields, newest.created_by)
        work.record(Series(before).grow(work.now, dates))


def series(work: Work, id: str) -> states.Series:
    """A series; raises SeriesUnknown."""
    found = work.series.get(id)
    if found is None:
        raise SeriesUnknown(f"there is no series {id}")
    return found


def _make(
    work: Work,
    times: Iterable[str],
    like: states.Event,
    fields: dict[str, Any],
    by: str | None,
) -> list[states.Event]:
    """A draft for each time, as long as the one they are like; recorded with seats and house."""
    dates = []
    for time in times:
        there = {**fields, **lasting(like, time), "recurrence": time}
        dates.append(draft(clock.new_id(), work.region, work.now, by, **there).event)
        hold(work, dates[-1])
    work.record_many([fact for date in dates for fact in beginning(date, work.now)])
    return dates
