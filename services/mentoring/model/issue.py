"""Faults: they climb from the mentor to the network until somebody solves them (source: F8)."""

from dataclasses import replace
from typing import Any, Final

from chassis import clock
from chassis.aggregate import begun, moved
from contracts.mentoring import facts, states
from services.mentoring.errors import IssueStateForbids

DAY = 24 * 3600
STAYS_SECONDS: Final = {"mentor": 3 * DAY, "area": 4 * DAY, "region": 7 * DAY, "network": None}
MOST_HOPS = 40
MOST_REMEDIES = 5


def report(
    region: str, now: str, by: str, case: states.Mentorship, code: str, description: str
) -> facts.IssueReported:
    """A new fault: the mentor has it first; without one, the area."""
    level = "mentor" if case.mentor_id else "area"
    issue = states.Issue(
        **begun(clock.new_id(), region, now),
        mentorship_id=case.id,
        area=case.area,
        code=code,
        description=description,
        state="open",
        level=level,
        reported_by=by,
        climbs_at=_until(level, now),
        hops=(states.Hop(level=level, at=now, by=by),),
    )
    return facts.IssueReported(issue=issue)


class Issue:
    """One fault."""

    def __init__(self, state: states.Issue) -> None:
        self.state = state

    @property
    def moves(self) -> tuple[str, ...]:
        """What may be done with it."""
        if self.state.state == "solved":
            return ()
        return (
            ("help", "solve")
            if self.state.level == states.LEVELS[-1]
            else ("help", "hand_on", "solve")
        )

    def climb(self, now: str) -> facts.IssueClimbed | None:
        """It waited long enough; None when it was solved or handed on meanwhile."""
        due = self.state.climbs_at
        if self.state.state == "solved" or due is None or now < due:
            return None
        return facts.IssueClimbed(issue=self._up(now))

    def hand_on(self, now: str, by: str, minutes: int, note: str | None) -> facts.IssueClimbed:
        """To the next level; raises IssueStateForbids at the highest."""
        self._must_allow("hand_on")
        return facts.IssueClimbed(issue=self._up(now, by=by, minutes=minutes, note=note))

    def help(self, now: str, by: str, minutes: int, note: str | None) -> facts.IssueHelped:
        """Remote help, which leaves it where it is."""
        self._must_allow("help")
        hop = states.Hop(level=self.state.level, at=now, by=by, minutes=minutes, note=note)
        return facts.IssueHelped(issue=moved(self.state, now, hops=self._hops(hop)))

    def solve(self, now: str, by: str, remedy: str, minutes: int) -> facts.IssueSolved:
        """It is solved, and how; the remedy stays for the next one with this code."""
        self._must_allow("solve")
        hop = states.Hop(level=self.state.level, at=now, by=by, minutes=minutes)
        solved = {"state": "solved", "remedy": remedy, "solved_by": by, "solved_at": now}
        after = moved(self.state, now, **solved, climbs_at=None, hops=self._hops(hop))
        return facts.IssueSolved(issue=after)

    def forget(self, now: str, member_id: str) -> facts.IssueErased:
        """Somebody who reported, helped or solved left the community."""

        def other(id: str | None) -> str | None:
            return None if id == member_id else id

        after = moved(
            self.state,
            now,
            reported_by=other(self.state.reported_by),
            solved_by=other(self.state.solved_by),
            hops=tuple(replace(hop, by=other(hop.by)) for hop in self.state.hops),
        )
        return facts.IssueErased(issue=after)

    def _must_allow(self, move: str) -> None:
        if move not in self.moves:
            detail = f"the issue is {self.state.state} at {self.state.level}"
            raise IssueStateForbids(detail, allowed=self.moves)

    def _up(self, now: str, **more: Any) -> states.Issue:
        level = states.LEVELS[states.LEVELS.index(self.state.level) + 1]
        hop = states.Hop(level=level, at=now, **more)
        climbs_at = _until(level, now)
        return moved(self.state, now, level=level, climbs_at=climbs_at, hops=self._hops(hop))

    def _hops(self, hop: states.Hop) -> tuple[states.Hop, ...]:
        """With one more; when there are too many, the minutes of the second go to the first."""
        hops = (*self.state.hops, hop)
        if len(hops) <= MOST_HOPS:
            return hops
        first = replace(hops[0], minutes=hops[0].minutes + hops[1].minutes)
        return (first, *hops[2:])


def _until(level: str, now: str) -> str | None:
    seconds = STAYS_SECONDS[level]
    return None if seconds is None else clock.later(now, seconds)
