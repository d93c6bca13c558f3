"""Offers: a case for a mentor and perhaps a partner, until 72 hours are over (source: F4)."""

from typing import Any, Final

from chassis import clock
from chassis.aggregate import begun, moved
from contracts.mentoring import facts, states
from services.mentoring.errors import OfferStateForbids

ANSWER_SECONDS = 72 * 3600
ALLOWED: Final = {
    "offered": ("accept", "decline", "ask"),
    "accepted": (),
    "declined": (),
    "lapsed": (),
    "withdrawn": (),
}


def make(
    region: str,
    now: str,
    case: states.Mentorship,
    mentor_id: str,
    partner_id: str | None,
    offered_by: str | None,
) -> facts.OfferMade:
    """A new offer of the case."""
    offer = states.Offer(
        **begun(clock.new_id(), region, now),
        mentorship_id=case.id,
        area=case.area,
        mentor_id=mentor_id,
        partner_id=partner_id,
        offered_by=offered_by,
        state="offered",
        expires_at=clock.later(now, ANSWER_SECONDS),
    )
    return facts.OfferMade(offer=offer)


class Offer:
    """One offer and how it ends."""

    def __init__(self, state: states.Offer) -> None:
        self.state = state

    def accept(self, now: str) -> facts.OfferAccepted:
        """The mentor takes the case."""
        self._must_wait(now, "accept")
        return facts.OfferAccepted(offer=self._ended(now, "accepted"))

    def decline(self, now: str, reason: str | None) -> facts.OfferDeclined:
        """Mentor or partner says no."""
        self._must_wait(now, "decline")
        return facts.OfferDeclined(offer=self._ended(now, "declined", reason=reason))

    def ask(self, now: str, question: str) -> facts.OfferQuestioned:
        """Ask before answering; the time begins anew, once, so he is refused a second time."""
        self._must_wait(now, "ask")
        if self.state.question is not None:
            detail = "a question was asked already"
            raise OfferStateForbids(detail, allowed=("accept", "decline"))
        until = clock.later(now, ANSWER_SECONDS)
        after = moved(self.state, now, question=question, expires_at=until)
        return facts.OfferQuestioned(offer=after)

    def lapse(self, now: str) -> facts.OfferLapsed | None:
        """Its time is over; None when somebody was faster, or its time began anew."""
        if self.state.state != "offered" or now < self.state.expires_at:
            return None
        return facts.OfferLapsed(offer=self._ended(now, "lapsed"))

    def withdraw(self, now: str) -> facts.OfferWithdrawn | None:
        """The case needs nobody any more, or somebody else; None when it is not open."""
        if self.state.state != "offered":
            return None
        return facts.OfferWithdrawn(offer=self._ended(now, "withdrawn"))

    def _must_wait(self, now: str, move: str) -> None:
        """Raise OfferStateForbids unless it is open and its time is not over."""
        allowed = ALLOWED[self.state.state]
        if move not in allowed:
            raise OfferStateForbids(f"the offer is {self.state.state}", allowed=allowed)
        if self.state.expires_at <= now:
            raise OfferStateForbids("the offer has lapsed", allowed=())

    def _ended(self, now: str, state: str, **more: Any) -> states.Offer:
        return moved(self.state, now, state=state, **more)
