"""Wishes for events, and the topics that others back (source: features D1, D2)."""

from typing import Any

from chassis.aggregate import begun, moved
from contracts.events import facts, states
from services.events.errors import RequestStateForbids

REMIND_DAYS, ESCALATE_DAYS = 7, 14
ALLOWED = {
    "new": ("back", "unback", "accept", "decline"),
    "accepted": ("back", "unback"),
    "declined": (),
    "answered": (),
}
FREED = ("back", "unback", "accept", "decline")


def ask(id: str, region: str, now: str, by: str, **fields: Any) -> facts.EventRequested:
    """A new wish, backed by who asks."""
    source = "institution" if fields.get("institution_id") else "member"
    return _new(id, region, now, source=source, requested_by=by, backers=(by,), **fields)


def harvest(id: str, region: str, now: str, event_id: str, **fields: Any) -> facts.EventRequested:
    """A topic out of anonymous feedback: nobody asked, nobody backs it yet."""
    return _new(id, region, now, source="feedback", source_event_id=event_id, **fields)


def _new(id: str, region: str, now: str, **fields: Any) -> facts.EventRequested:
    state = states.EventRequest(**begun(id, region, now), state="new", **fields)
    return facts.EventRequested(event_request=state)


class EventRequest:
    """One wish; `freed` when the event that was made of it has been cancelled."""

    def __init__(self, state: states.EventRequest, freed: bool = False) -> None:
        self.state = state
        self.allowed = FREED if freed and state.state == "accepted" else ALLOWED[state.state]

    def back(self, now: str, member_id: str) -> facts.EventRequestBacked | None:
        """One more backs it; None when he does already."""
        self._must_allow("back")
        if member_id in self.state.backers:
            return None
        after = moved(self.state, now, backers=(*self.state.backers, member_id))
        return facts.EventRequestBacked(event_request=after)

    def unback(self, now: str, member_id: str) -> facts.EventRequestUnbacked | None:
        """He backs it no more; None when he did not."""
        self._must_allow("unback")
        if member_id not in self.state.backers:
            return None
        return facts.EventRequestUnbacked(event_request=self._without(now, member_id))

    def forget(self, now: str, member_id: str) -> facts.EventRequestUnbacked:
        """He left the community: whatever the state, nothing here points to him."""
        asker = None if self.state.requested_by == member_id else self.state.requested_by
        after = self._without(now, member_id, requested_by=asker)
        return facts.EventRequestUnbacked(event_request=after)

    def accept(self, now: str, by: str, event_id: str) -> facts.EventRequestAccepted:
        """An event is made of it."""
        self._must_allow("accept")
        after = moved(self.state, now, state="accepted", decided_by=by, event_id=event_id)
        return facts.EventRequestAccepted(event_request=after)

    def decline(self, now: str, by: str, reason: str) -> facts.EventRequestDeclined:
        """No, and why."""
        self._must_allow("decline")
        after = moved(self.state, now, state="declined", decided_by=by, decline_reason=reason)
        return facts.EventRequestDeclined(event_request=after)

    def answered(self, now: str) -> facts.EventRequestAnswered:
        """Its event was held."""
        return facts.EventRequestAnswered(event_request=moved(self.state, now, state="answered"))

    def remind(self, now: str) -> facts.EventRequestWaits | None:
        """It waits for a week; None when it was decided or reminded of meanwhile."""
        if self.state.state != "new" or self.state.reminded_at:
            return None
        return facts.EventRequestWaits(event_request=moved(self.state, now, reminded_at=now))

    def escalate(self, now: str) -> facts.EventRequestEscalated | None:
        """It waits for two weeks; None when it was decided or escalated meanwhile."""
        if self.state.state != "new" or self.state.escalated_at:
            return None
        return facts.EventRequestEscalated(event_request=moved(self.state, now, escalated_at=now))

    def _without(self, now: str, member_id: str, **changes: Any) -> states.EventRequest:
        others = tuple(backer for backer in self.state.backers if backer != member_id)
        return moved(self.state, now, backers=others, **changes)

    def _must_allow(self, move: str) -> None:
        if move not in self.allowed:
            raise RequestStateForbids(f"the request is {self.state.state}", allowed=self.allowed)
