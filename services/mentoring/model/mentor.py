"""Mentors: what they can, where, how many cases at once, and whether at all (source: F3, F4)."""

from typing import Any

from chassis.aggregate import begun, differing, moved
from contracts.mentoring import facts, states
from services.mentoring.errors import MentorUnavailable


def profile(
    member_id: str, region: str, now: str, area: str | None, **fields: Any
) -> facts.MentorProfiled:
    """A first profile; its id is the member's."""
    mentor = states.Mentor(**begun(member_id, region, now), area=area, **fields)
    return facts.MentorProfiled(mentor=mentor)


class Mentor:
    """One profile."""

    def __init__(self, state: states.Mentor) -> None:
        self.state = state

    def change(self, now: str, **wanted: Any) -> facts.MentorProfiled | None:
        """Say it anew; None when it is said already."""
        changes = differing(self.state, wanted)
        return facts.MentorProfiled(mentor=moved(self.state, now, **changes)) if changes else None

    def set_availability(
        self, now: str, available: bool, available_from: str | None
    ) -> facts.MentorAvailable | facts.MentorUnavailable | None:
        """Take cases again, or none, perhaps until a date; None when it is so already."""
        until = None if available else available_from
        changes = differing(self.state, {"available": available, "available_from": until})
        if not changes:
            return None
        after = moved(self.state, now, **changes)
        if available:
            return facts.MentorAvailable(mentor=after)
        return facts.MentorUnavailable(mentor=after)

    def come_back(self, now: str, today: str) -> facts.MentorAvailable | None:
        """The day until which he takes no cases has come; None when there is no such day."""
        day = self.state.available_from
        if self.state.available or day is None or today < day:
            return None
        after = moved(self.state, now, available=True, available_from=None)
        return facts.MentorAvailable(mentor=after)

    def must_be_free(self, offered: int = 0) -> None:
        """Raise MentorUnavailable unless he can take one more; `offered` ones wait for him."""
        if not self.state.available or self.state.load + offered >= self.state.capacity:
            detail = "has enough cases" if self.state.available else "takes no cases now"
            raise MentorUnavailable(f"{self.state.id} {detail}")

    def take(self, now: str) -> facts.MentorLoaded:
        """One more case."""
        return facts.MentorLoaded(mentor=moved(self.state, now, load=self.state.load + 1))

    def give_back(self, now: str, completed: bool) -> facts.MentorLoaded:
        """One case less; one more in his history when it was completed."""
        less = {"load": max(0, self.state.load - 1), "completed": self.state.completed + completed}
        return facts.MentorLoaded(mentor=moved(self.state, now, **less))

    def forget(self, now: str) -> facts.MentorUnavailable | None:
        """He left: nothing is known of him, and nobody asks him; None when it is so already."""
        gone: dict[str, Any] = {"area": None, "latitude": None, "longitude": None, "skills": ()}
        never = {"available": False, "available_from": None, "capacity": 0, "load": 0}
        changes = differing(self.state, {**gone, **never})
        if not changes:
            return None
        return facts.MentorUnavailable(mentor=moved(self.state, now, **changes))
