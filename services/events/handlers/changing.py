"""Changing details: of one date, of this and those that follow, or of all of a series (D12)."""

from typing import Any

from chassis import clock
from chassis.aggregate import given
from contracts.events import commands, states
from services.events.errors import EventInvalid, QuestionsFrozen, SeriesUnknown
from services.events.handlers import registrations
from services.events.handlers.events import house_asked
from services.events.handlers.places import hold, place
from services.events.handlers.who import authority, event, managed
from services.events.model import series as all_series
from services.events.model.event import UNDER_WAY, Event
from services.events.model.fitting import spelled
from services.events.model.ports import Work
from services.events.model.recurrence import continued
from services.events.model.series import Series, for_date


def change_event(work: Work, command: commands.ChangeEvent) -> states.Event:
    """Take the wanted values for this date and, by a coordinator of its area, for others too."""
    before = managed(work, command.event_id)
    wanted = _wanted(work, command)
    again = command.new_questions_version
    if command.apply == "this":
        return _change(work, before, wanted, again)
    authority(work).must_coordinate(before.area)
    series = _series_of(work, before)
    dates = _dates(work, before, command.apply)
    for date in dates:
        _change(work, date, for_date(date, before, wanted), again)
    _keep_series(work, series, before, wanted, command.apply)
    return event(work, before.id)


def _wanted(work: Work, command: commands.ChangeEvent) -> dict[str, Any]:
    wanted = spelled(given(command, "event_id", "new_questions_version", "apply"))
    if wanted.get("venue"):
        wanted["venue"] = place(work, wanted["venue"])
    return wanted


def _change(
    work: Work, before: states.Event, wanted: dict[str, Any], new_questions: bool
) -> states.Event:
    """One event with other details; its place is free and its house is asked."""
    fact = Event(before).change(work.now, wanted, new_questions)
    if fact is None:
        return before
    if fact.event.questions != before.questions and not new_questions:
        _must_not_be_answered(work, before)
    hold(work, fact.event)
    after: states.Event = work.record(fact)
    if after.capacity != before.capacity or after.questions != before.questions:
        registrations.capacity_changed(work, after)
    return house_asked(work, after)


def _must_not_be_answered(work: Work, asking: states.Event) -> None:
    if work.registrations.answered(asking.id):
        raise QuestionsFrozen("somebody has answered", pointer="/questions")


def _series_of(work: Work, date: states.Event) -> states.Series:
    """The series of a date; raises EventInvalid and SeriesUnknown."""
    if date.series_id is None:
        raise EventInvalid("the event is not of a series", pointer="/apply")
    found = work.series.get(date.series_id)
    if found is None:
        raise SeriesUnknown(f"there is no series {date.series_id}")
    return found


def _dates(work: Work, edited: states.Event, apply: str) -> list[states.Event]:
    """The dates under way that are meant: from this one on, or all that are still to come."""
    since = edited.starts_at if apply == "following" else min(work.now, edited.starts_at)
    found = work.events.of_series(str(edited.series_id), since)
    return [date for date in found if date.state in UNDER_WAY]


def _keep_series(
    work: Work, series: states.Series, edited: states.Event, wanted: dict[str, Any], apply: str
) -> None:
    """All: the series is called and timed anew. Following: a series of its own."""
    if apply == "all":
        changed = Series(series).change(work.now, edited, wanted)
        if changed:
            work.record(changed)
        return
    since = event(work, edited.id).starts_at
    leaving = work.events.of_series(series.id, min(since, edited.starts_at))
    work.record(Series(series).split(work.now, leaving))
    rule = continued(series.rule, len(series.event_ids) - len(leaving))
    begun = all_series.begin(clock.new_id(), work.region, work.now, leaving, rule)
    work.record(begun)
    for date in leaving:
        work.record(Event(date).join_series(work.now, begun.series.id))
