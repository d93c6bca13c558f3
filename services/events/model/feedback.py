"""Feedback: one answer per attendee that nobody can trace, and its problems (source: D15)."""

from collections.abc import Sequence
from dataclasses import replace

from chassis import clock
from chassis.aggregate import begun, moved
from contracts.events import commands, facts, states
from services.events.errors import FeedbackClosed, FeedbackUnknown, ProblemTaken

DAY = 24 * 3600
OPEN_DAYS = 30


def must_be_open(event: states.Event, now: str) -> None:
    """Raise FeedbackClosed before it was held, a month after, and where none is wanted."""
    if not event.feedback or event.state not in ("published", "closed"):
        raise FeedbackClosed("the event asks for no feedback")
    held_at = min(event.ends_at, event.closed_at or event.ends_at)
    if not held_at <= now <= clock.later(event.ends_at, OPEN_DAYS * DAY):
        raise FeedbackClosed(f"it is open for {OPEN_DAYS} days after the event")


def day_of(now: str) -> str:
    """The beginning of the day: an exact instant would tell who answered."""
    return f"{now[:10]}T00:00:00.000Z"


def give(
    id: str, day: str, event: states.Event, command: commands.GiveFeedback
) -> facts.FeedbackGiven:
    """What somebody said; `id` is random, `day` the only time in it."""
    state = states.Feedback(
        **begun(id, event.region, day),
        event_id=event.id,
        area=event.area,
        score=command.score,
        liked=command.liked,
        better=command.better,
        problems=_problems(command.problems),
    )
    return facts.FeedbackGiven(feedback=state)


class Feedback:
    """One answer, of which problems are taken."""

    def __init__(self, state: states.Feedback) -> None:
        self.state = state

    def problem(self, number: int) -> states.NamedProblem:
        """The problem, counted from 1; raises FeedbackUnknown and ProblemTaken."""
        if number > len(self.state.problems):
            raise FeedbackUnknown(f"there is no problem {number} in it", pointer="/number")
        found = self.state.problems[number - 1]
        if found.request_id is not None:
            raise ProblemTaken(f"it is topic {found.request_id}")
        return found

    def take(self, now: str, number: int, request_id: str) -> facts.ProblemTaken:
        """The problem is a topic now."""
        taken = replace(self.problem(number), request_id=request_id)
        problems = list(self.state.problems)
        problems[number - 1] = taken
        return facts.ProblemTaken(feedback=moved(self.state, now, problems=tuple(problems)))


def _problems(texts: Sequence[str]) -> tuple[states.NamedProblem, ...]:
    stripped = [" ".join(text.split()) for text in texts]
    return tuple(states.NamedProblem(text=text) for text in stripped if text)
