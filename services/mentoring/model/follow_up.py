"""Follow-ups: does it still run 30, 90 and 180 days after sign-off (source: F10)."""

from collections.abc import Sequence
from datetime import date, timedelta

from chassis import clock
from chassis.aggregate import begun, moved
from contracts.mentoring import facts, states
from services.mentoring.errors import FollowUpDone, FollowUpEarly, FollowUpUnknown

LAST_DAY = states.FOLLOW_UP_DAYS[-1]
WAITING = ("planned", "due")


def plan(case: states.Mentorship, now: str, today: str) -> list[facts.FollowUpPlanned]:
    """One for each day, counted from today."""
    return [
        facts.FollowUpPlanned(
            follow_up=states.FollowUp(
                **begun(clock.new_id(), case.region, now),
                mentorship_id=case.id,
                area=case.area,
                state="planned",
                day=day,
                due_on=(date.fromisoformat(today) + timedelta(days=day)).isoformat(),
            )
        )
        for day in states.FOLLOW_UP_DAYS
    ]


def waiting(all: Sequence[states.FollowUp], day: int) -> states.FollowUp:
    """The one of a day that waits for an answer; raises FollowUpUnknown and FollowUpDone."""
    of_day = [one for one in all if one.day == day and one.state != "withdrawn"]
    if not of_day:
        raise FollowUpUnknown(f"there is none at {day} days")
    found = next((one for one in of_day if one.state in WAITING), None)
    if found is None:
        raise FollowUpDone(f"the one at {day} days was answered")
    return found


class FollowUp:
    """One look after sign-off."""

    def __init__(self, state: states.FollowUp) -> None:
        self.state = state

    def fall_due(self, now: str) -> facts.FollowUpDue | None:
        """Its day has come; None when somebody looked or it is not needed any more."""
        if self.state.state != "planned":
            return None
        return facts.FollowUpDue(follow_up=moved(self.state, now, state="due"))

    def answer(
        self, now: str, today: str, by: str, running: bool, note: str | None
    ) -> facts.FollowUpAnswered:
        """It runs, or not; that it still runs can be said on its day, raises FollowUpEarly."""
        if running and today < self.state.due_on:
            raise FollowUpEarly(f"ask on {self.state.due_on}")
        said = {"state": "done", "running": running, "note": note, "answered_by": by}
        return facts.FollowUpAnswered(follow_up=moved(self.state, now, **said))

    def withdraw(self, now: str) -> facts.FollowUpWithdrawn:
        """Nobody needs to ask."""
        return facts.FollowUpWithdrawn(follow_up=moved(self.state, now, state="withdrawn"))

    def forget(self, now: str) -> facts.FollowUpErased:
        """Who answered left the community."""
        return facts.FollowUpErased(follow_up=moved(self.state, now, answered_by=None))
