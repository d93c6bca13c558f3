"""A member's place at an event of another region: asked for here, decided there (source: I3)."""

from dataclasses import dataclass, replace
from typing import Any, Final

from chassis.aggregate import begun, moved
from contracts.events import facts, states
from services.events.errors import RegistrationStateForbids
from services.events.model.known import KnownEvent

OPEN: Final = ("asked", "confirmed", "waiting", "offered")
GIVEN_UP: Final = ("cancel", "forget")
GONE: dict[str, Any] = {
    "position": None,
    "offer_expires_at": None,
    "needs_reconfirm": False,
    "ticket": None,
}
ERASED: dict[str, Any] = {
    "name": None,
    "email": None,
    "phone": None,
    "institution": None,
    "answers": None,
}


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """What another region is told of a member: what he consented to, and nothing else."""

    member_id: str
    name: str
    language: str
    email: str | None = None
    phone: str | None = None
    institution: str | None = None


def occasion_of(event: KnownEvent | states.Event) -> states.Occasion:
    """When and where it is."""
    place = event.venue
    named = ", ".join(part for part in (place.name, place.address) if part) if place else None
    return states.Occasion(
        title=event.title,
        area=event.area,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        timezone=event.timezone,
        place=named[:300] if named else None,
    )


def ask(
    id: str,
    region: str,
    now: str,
    event: KnownEvent,
    visitor: Visitor,
    answers: dict[str, Any] | None,
) -> facts.AwayRegistrationAsked:
    """Ask for a place; the other region decides."""
    state = states.AwayRegistration(
        **begun(id, region, now),
        event_id=event.id,
        event_region=event.region,
        occasion=occasion_of(event),
        wish="register",
        state="asked",
        answers=answers,
        **vars(visitor),
    )
    return facts.AwayRegistrationAsked(away_registration=state)


class Away:
    """One registration abroad and what may happen to it."""

    def __init__(self, state: states.AwayRegistration) -> None:
        self.state = state

    def wish(
        self, now: str, wish: str, answers: dict[str, Any] | None
    ) -> facts.AwayRegistrationChanged:
        """Accept an offer, come at the new date too, or answer again."""
        if wish == "accept_offer":
            self._must_be("offered")
        self._must_be(*OPEN)
        said = {"answers": answers} if answers is not None else {}
        after = moved(self.state, now, wish=wish, **said)
        return facts.AwayRegistrationChanged(away_registration=after)

    def cancel(self, now: str, reason: str | None) -> facts.AwayRegistrationCancelled:
        """He will not come, whatever was decided meanwhile."""
        self._must_be(*OPEN)
        gone = {**GONE, "wish": "cancel", "state": "cancelled", "cancelled_reason": reason}
        return facts.AwayRegistrationCancelled(away_registration=moved(self.state, now, **gone))

    def erase(self, now: str, reason: str) -> facts.AwayRegistrationErased | None:
        """His name is gone, here and there; None when it is gone already."""
        if self.state.wish == "forget":
            return None
        after = moved(self.state, now, wish="forget", **ERASED)
        if after.state in OPEN:
            after = replace(after, **GONE, state="cancelled", cancelled_reason=reason)
        return facts.AwayRegistrationErased(away_registration=after)

    def answer(
        self, now: str, told: states.VisitorRegistration
    ) -> facts.AwayRegistrationAnswered | facts.AwayRegistrationUpdated | None:
        """What the other region decided; None when something newer was heard."""
        before = self.state
        if told.version <= before.heard:
            return None
        if before.wish in GIVEN_UP:
            after = moved(before, now, heard=told.version)
            return facts.AwayRegistrationUpdated(away_registration=after)
        after = moved(
            before,
            now,
            heard=told.version,
            state=told.state,
            occasion=told.occasion or before.occasion,
            position=told.position,
            offer_expires_at=told.offer_expires_at,
            needs_reconfirm=told.needs_reconfirm,
            ticket=told.ticket,
            attended_at=told.attended_at,
            cancelled_reason=told.cancelled_reason,
            refused=told.refused,
        )
        asked_again = after.needs_reconfirm and not before.needs_reconfirm
        if after.state != before.state or asked_again:
            return facts.AwayRegistrationAnswered(away_registration=after)
        return facts.AwayRegistrationUpdated(away_registration=after)

    def _must_be(self, *allowed: str) -> None:
        if self.state.state not in allowed:
            detail = f"the registration is {self.state.state}"
            raise RegistrationStateForbids(detail, allowed=())
