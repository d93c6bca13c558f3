"""Registrations: `waiting → offered → confirmed → attended / no_show`, or cancelled."""

from dataclasses import replace
from typing import Any, Final

from chassis import clock
from chassis.aggregate import moved
from contracts.events import facts, states
from services.events.errors import OfferLapsed, RegistrationClosed, RegistrationStateForbids

OPEN: Final = ("confirmed", "waiting", "offered")
ALLOWED = {
    "confirmed": ("change", "reconfirm", "cancel", "check_in"),
    "waiting": ("change", "reconfirm", "cancel", "check_in"),
    "offered": ("accept", "change", "reconfirm", "cancel", "check_in"),
    "cancelled": (),
    "attended": (),
    "no_show": ("check_in",),
}
LAPSED, LEFT, HELD = "offer_lapsed", "member_left", "event_held"
NOT_IN_LINE: dict[str, Any] = {"position": None, "offer_expires_at": None}
NO_SEAT: dict[str, Any] = {**NOT_IN_LINE, "needs_reconfirm": False, "ticket": None}
ERASED: dict[str, Any] = {"name": None, "guest": None, "answers": None}
NOBODY_YET = 0
HOUR, DAY = 3600, 24 * 3600


def must_be_open(event: states.Event, now: str) -> None:
    """Raise RegistrationClosed unless it is announced and has not begun."""
    if event.state != "published":
        raise RegistrationClosed(f"the event is {event.state}")
    if event.starts_at <= now:
        raise RegistrationClosed("the event has begun")


def applied(
    id: str, region: str, now: str, event: states.Event, **fields: Any
) -> states.Registration:
    """Who would like to come, before it is known whether there is a seat: its version is 0."""
    return states.Registration(
        id=id,
        version=NOBODY_YET,
        region=region,
        created_at=now,
        updated_at=now,
        event_id=event.id,
        area=event.area,
        state="waiting",
        questions_version=event.questions_version,
        **fields,
    )


class Registration:
    """One person's place at an event and what may happen to it."""

    def __init__(self, state: states.Registration) -> None:
        self.state = state

    # -- what the line decides ----------------------------------------------------------------

    def confirm(self, now: str, ticket: str) -> facts.RegistrationConfirmed:
        """A seat and a ticket."""
        after = moved(self.state, now, **{**NO_SEAT, "state": "confirmed", "ticket": ticket})
        return facts.RegistrationConfirmed(registration=after)

    def wait(self, now: str, position: int) -> facts.RegistrationWaiting:
        """A place in line; the first is 1."""
        return facts.RegistrationWaiting(registration=moved(self.state, now, position=position))

    def move_up(self, now: str, position: int) -> facts.RegistrationMovedUp:
        """The line before him got shorter."""
        return facts.RegistrationMovedUp(registration=moved(self.state, now, position=position))

    def offer(self, now: str, expires_at: str) -> facts.SeatOffered:
        """A seat that is his if he says so in time."""
        after = moved(self.state, now, state="offered", position=None, offer_expires_at=expires_at)
        return facts.SeatOffered(registration=after)

    def lapse(self, now: str) -> facts.SeatOfferLapsed:
        """He did not answer in time; he may register again."""
        changes = {**NO_SEAT, "state": "cancelled", "cancelled_reason": LAPSED}
        return facts.SeatOfferLapsed(registration=moved(self.state, now, **changes))

    # -- what people decide -------------------------------------------------------------------

    def must_hold_offer(self, now: str) -> None:
        """Raise OfferLapsed or RegistrationStateForbids unless there is an offer to accept."""
        lapsed = self.state.cancelled_reason == LAPSED
        if self.state.state == "offered":
            lapsed = str(self.state.offer_expires_at) <= now
        if lapsed:
            raise OfferLapsed("the seat went to the next in line")
        self._must_allow("accept")

    def answered(self, answers: dict[str, Any]) -> states.Registration:
        """The registration with other answers, as part of a change that follows."""
        return replace(self.state, **answers)

    def reconfirm(self, now: str, answers: dict[str, Any]) -> facts.RegistrationReconfirmed | None:
        """He comes at the new date too; None when nothing was asked."""
        self._must_allow("reconfirm")
        if not self.state.needs_reconfirm:
            return None
        after = moved(self.state, now, needs_reconfirm=False, **answers)
        return facts.RegistrationReconfirmed(registration=after)

    def change(self, now: str, answers: dict[str, Any]) -> facts.RegistrationChanged | None:
        """Other answers; None when they are the same."""
        self._must_allow("change")
        if all(getattr(self.state, name) == value for name, value in answers.items()):
            return None
        return facts.RegistrationChanged(registration=moved(self.state, now, **answers))

    def cancel(self, now: str, reason: str | None) -> facts.RegistrationCancelled:
        """He will not come, or it will not take place."""
        self._must_allow("cancel")
        changes = {**NO_SEAT, "state": "cancelled", "cancelled_reason": reason}
        return facts.RegistrationCancelled(registration=moved(self.state, now, **changes))

    # -- what happens to the event, and to the person -----------------------------------------

    def ask_again(self, now: str, ticket: str | None) -> facts.RegistrationToReconfirm:
        """The date moved: the place is kept, with a ticket for the new date."""
        after = moved(self.state, now, needs_reconfirm=True, ticket=ticket)
        return facts.RegistrationToReconfirm(registration=after)

    def attend(self, now: str, at: str, way: str, by: str | None) -> facts.Attended:
        """He was there (`at`); who waited, was not expected or came without a word counts too."""
        if self.state.version != NOBODY_YET:
            self._must_allow("check_in")
        changes = {"state": "attended", "attended_at": at, "checked_in": way, "checked_in_by": by}
        after = moved(self.state, now, **NOT_IN_LINE, needs_reconfirm=False, **changes)
        return facts.Attended(registration=after)

    def miss(self, now: str) -> facts.NoShow:
        """He had a seat and was not there."""
        after = moved(self.state, now, state="no_show", needs_reconfirm=False)
        return facts.NoShow(registration=after)

    def leave(self, now: str) -> facts.RegistrationCancelled:
        """He left the community: cancelled, and the name is gone at once."""
        changes = {**NO_SEAT, **ERASED, "state": "cancelled", "cancelled_reason": LEFT}
        return facts.RegistrationCancelled(registration=moved(self.state, now, **changes))

    def erase(self, now: str) -> facts.RegistrationErased:
        """He left the community: that somebody was there stays, who it was does not."""
        return facts.RegistrationErased(registration=moved(self.state, now, **ERASED))

    def _must_allow(self, move: str) -> None:
        allowed = ALLOWED[self.state.state]
        if move not in allowed:
            raise RegistrationStateForbids(
                f"the registration is {self.state.state}", allowed=allowed
            )


def offer_ends(now: str, starts_at: str) -> str:
    """A day, but two hours before the start at the latest; a quarter of an hour at the least."""
    until = min(clock.later(now, DAY), clock.later(starts_at, -2 * HOUR))
    return max(until, min(clock.later(now, HOUR / 4), starts_at))
