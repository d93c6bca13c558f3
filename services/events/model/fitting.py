"""Which details make an event: times, place, topics and questions that fit together."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chassis import clock
from contracts.events import states
from services.events.errors import EventInvalid

LONGEST_SECONDS = 31 * 24 * 3600
LONGEST_QUESTIONS = 20_000
GATHERING = "gathering"


def spelled(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with instants in one spelling, in a zone that exists; raises EventInvalid."""
    if fields.get("timezone"):
        _must_be_zone(fields["timezone"])
    return fields | {
        name: _instant(name, fields[name])
        for name in ("starts_at", "ends_at")
        if fields.get(name) is not None
    }


def fitting(state: states.Event) -> states.Event:
    """The event, if its parts fit together; raises EventInvalid with a pointer.

    Competencies that it declares are shown by certificates, so it gives them (source: B3).
    """
    _times_fit(state)
    _kind_fits(state)
    _questions_fit(state.questions)
    place_fits(state.venue)
    return replace(state, certificates=True) if state.awards else state


def place_fits(place: states.Place | None) -> None:
    """Raise EventInvalid when only half a position is given."""
    if place and (place.latitude is None) != (place.longitude is None):
        raise EventInvalid("latitude and longitude come together", pointer="/venue/latitude")


def _instant(name: str, text: str) -> str:
    try:
        return clock.utc(text)
    except ValueError:
        raise EventInvalid(f"{text} is not an instant", pointer=f"/{name}") from None


def _times_fit(state: states.Event) -> None:
    if not 0 < clock.seconds_between(state.starts_at, state.ends_at) <= LONGEST_SECONDS:
        raise EventInvalid("it ends after it starts, within a month", pointer="/ends_at")
    _must_be_zone(state.timezone)


def _must_be_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise EventInvalid(f"{name} is not a time zone", pointer="/timezone") from None


def _kind_fits(state: states.Event) -> None:
    """A gathering is free and has one issue (source: domain §2, features D3)."""
    if state.kind != GATHERING:
        return
    if state.fee:
        raise EventInvalid("a gathering is free", pointer="/fee")
    if len(state.topics) != 1:
        raise EventInvalid("a gathering has exactly one topic", pointer="/topics")


def _questions_fit(questions: tuple[states.Question, ...]) -> None:
    ids = [question.id for question in questions]
    if len(ids) != len(set(ids)):
        raise EventInvalid("each question has its own id", pointer="/questions")
    said = sum(len(text) for q in questions for text in (q.text, *q.choices))
    if said > LONGEST_QUESTIONS:
        detail = f"{LONGEST_QUESTIONS} characters of questions and choices are enough"
        raise EventInvalid(detail, pointer="/questions")
    for number, question in enumerate(questions):
        if (question.kind == "choice") != bool(question.choices):
            detail = "choices belong to a choice, and only to it"
            raise EventInvalid(detail, pointer=f"/questions/{number}/choices")
