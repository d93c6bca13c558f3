"""A case: asked for, matched, held, stopped, forgotten (source: F1, F4, F11)."""

from dataclasses import replace
from typing import Any, Protocol

from chassis.aggregate import begun, differing
from contracts.mentoring import facts, states
from services.mentoring.errors import MentorshipStateForbids
from services.mentoring.model import checklist
from services.mentoring.model.readiness import must_be_offerable
from services.mentoring.model.states import ALLOWED, OPEN, must_allow
from services.mentoring.model.steps import moved
from services.mentoring.model.template import LATEST, shipped

MOST_LAPSES = 3
BEFORE_AGREEMENT = ("requested", "assessed", "matched")


class House(Protocol):
    """What a case says of its institution."""

    @property
    def name(self) -> str: ...

    @property
    def area(self) -> str: ...

    @property
    def latitude(self) -> float | None: ...

    @property
    def longitude(self) -> float | None: ...


def ask(
    id: str, region: str, now: str, by: str, head_approval: bool, goal: str, **fields: Any
) -> facts.MentorshipRequested:
    """A new case with the checklist of the latest template."""
    case = states.Mentorship(
        **begun(id, region, now),
        state="requested",
        stage=states.STAGES[0],
        goal=" ".join(goal.split()),
        requested_by=by,
        head_approval=head_approval,
        template_version=LATEST,
        items=shipped(LATEST).items,
        **fields,
    )
    return facts.MentorshipRequested(mentorship=_with_approval(case, now, by))


def _with_approval(case: states.Mentorship, now: str, by: str) -> states.Mentorship:
    """The head's approval is an item, done as long as it stands."""
    at = now if case.head_approval else None
    items = checklist.marked(case.items, checklist.APPROVED, at, by)
    return checklist.settled(replace(case, items=items))


class Mentorship:
    """One case and what may happen to it besides readiness, checklist, agreement and sign-off."""

    def __init__(self, state: states.Mentorship) -> None:
        self.state = state

    def change(self, now: str, by: str, wanted: dict[str, Any]) -> facts.MentorshipChanged | None:
        """Take the wanted values; None when they are there.

        What the head agreed to is not unapproved: such a case is held or stopped.
        """
        must_allow(self.state, "change")
        changes = differing(self.state, wanted)
        if not changes:
            return None
        if changes.get("head_approval") is False and self.state.state not in BEFORE_AGREEMENT:
            allowed = ALLOWED[self.state.state]
            raise MentorshipStateForbids("hold or stop it instead", allowed=allowed)
        after = moved(self.state, now, **changes)
        if "head_approval" in changes:
            after = _with_approval(after, now, by)
        return facts.MentorshipChanged(mentorship=after)

    def follow(self, now: str, house: House) -> facts.MentorshipChanged | None:
        """Take over the house's name and place while the case is open; None when it has them."""
        said = {"institution_name": house.name, "area": house.area}
        place = {"latitude": house.latitude, "longitude": house.longitude}
        changes = differing(self.state, {**said, **place})
        if not changes or self.state.state not in OPEN:
            return None
        return facts.MentorshipChanged(mentorship=moved(self.state, now, **changes))

    def match(self, now: str, mentor_id: str, partner_id: str | None) -> facts.MentorshipMatched:
        """A mentor took it, alone or with a partner."""
        must_be_offerable(self.state)
        pair = {"mentor_id": mentor_id, "partner_id": partner_id}
        after = moved(self.state, now, state="matched", lapses=0, state_reason=None, **pair)
        return facts.MentorshipMatched(mentorship=after)

    def lapse(
        self, now: str, nobody_left: bool = False
    ) -> facts.MentorshipChanged | facts.MentorNeeded:
        """One more offer lapsed; at the third, or with nobody left, a coordinator steps in."""
        after = moved(self.state, now, lapses=self.state.lapses + 1)
        if nobody_left or after.lapses % MOST_LAPSES == 0:
            return facts.MentorNeeded(mentorship=after)
        return facts.MentorshipChanged(mentorship=after)

    def unmatch(self, now: str, reason: str) -> facts.MentorshipUnmatched:
        """It waits for another mentor; what was proven stays, the agreement was with him."""
        must_allow(self.state, "unmatch")
        return facts.MentorshipUnmatched(mentorship=self._alone(now, state_reason=reason))

    def hold(self, now: str, reason: str | None) -> facts.MentorshipHeld:
        """It rests."""
        must_allow(self.state, "hold")
        was = {"state_before_hold": self.state.state, "state_reason": reason}
        return facts.MentorshipHeld(mentorship=moved(self.state, now, state="on_hold", **was))

    def resume(self, now: str) -> facts.MentorshipResumed:
        """It goes on where it was."""
        must_allow(self.state, "resume")
        assert self.state.state_before_hold
        back = {"state": self.state.state_before_hold, "state_before_hold": None}
        after = moved(self.state, now, **back, state_reason=None)
        return facts.MentorshipResumed(mentorship=after)

    def stop(self, now: str, reason: str | None) -> facts.MentorshipStopped:
        """It ends without success."""
        must_allow(self.state, "stop")
        ended = {"state": "stopped", "state_reason": reason, "state_before_hold": None}
        return facts.MentorshipStopped(mentorship=moved(self.state, now, **ended))

    def forget(
        self, now: str, member_id: str, is_contact: bool
    ) -> facts.MentorshipErased | facts.MentorshipUnmatched:
        """He left the community: nothing here points to him; his open case waits for another."""
        accompanies = self.state.mentor_id == member_id
        waits = accompanies and self.state.state in OPEN and not self.state.signed_off_at
        after = self._alone(now) if waits else moved(self.state, now)
        after = replace(after, **_without(after, member_id, is_contact))
        if waits:
            return facts.MentorshipUnmatched(mentorship=after)
        return facts.MentorshipErased(mentorship=after)

    def _alone(self, now: str, **changes: Any) -> states.Mentorship:
        """Assessed, without mentor, agreement and votes."""
        items = checklist.marked(self.state.items, checklist.AGREED, None)
        nobody = {"mentor_id": None, "partner_id": None, "agreement": None, "votes": ()}
        back = {"state": "assessed", "state_before_hold": None, "disputed": False}
        after = moved(self.state, now, items=items, **nobody, **back, **changes)
        return replace(after, progress=checklist.progress(items))


def _without(case: states.Mentorship, member_id: str, is_contact: bool) -> dict[str, Any]:
    """The fields of a case in which a member may be named, without him."""

    def other(id: str | None) -> str | None:
        return None if id == member_id else id

    ready = case.readiness
    return {
        "requested_by": other(case.requested_by),
        "mentor_id": other(case.mentor_id),
        "partner_id": other(case.partner_id),
        "contact": None if is_contact else case.contact,
        "readiness": ready and replace(ready, assessed_by=other(ready.assessed_by)),
        "items": tuple(replace(item, done_by=other(item.done_by)) for item in case.items),
        "votes": tuple(replace(vote, by=other(vote.by)) for vote in case.votes),
    }
