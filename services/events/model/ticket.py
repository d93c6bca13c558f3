"""Tickets (`ticket+jwt`) and check-in codes (`checkin+jwt`): signed, so verified without a network.

Neither names a person: a ticket says which registration of which event, a code which event.
"""

from typing import Any

from chassis import clock
from chassis.signing import SigningSecret, signed
from contracts.events import states
from services.events.errors import CodeInvalid, TicketOtherEvent

TICKET, CODE = "ticket+jwt", "checkin+jwt"
DAY = 24 * 3600
CODE_SECONDS = 60
GRACE_SECONDS = 15


def ticket(
    key: SigningSecret, issuer: str, event: states.Event, registration_id: str, now: str
) -> str:
    """A ticket; devices take it until a day after the event."""
    said = {"iss": issuer, "sub": registration_id, "event": event.id, "iat": _seconds(now)}
    return signed(key, TICKET, {**said, "exp": _seconds(clock.later(event.ends_at, DAY))})


def code(key: SigningSecret, issuer: str, event: states.Event, now: str) -> dict[str, str]:
    """A code for the screen at the door, and until when: screens ask for the next one before."""
    expires_at = clock.later(now, CODE_SECONDS)
    said = {"iss": issuer, "event": event.id, "iat": _seconds(now), "exp": _seconds(expires_at)}
    return {"code": signed(key, CODE, said), "expires_at": expires_at}


def registration_of(claims: dict[str, Any], issuer: str, event: states.Event) -> str:
    """Whose ticket it is; raises TicketOtherEvent.

    How old it is does not matter here: the time of the scan is judged, and of a moved event the
    old ticket is as good as the new one.
    """
    if claims.get("iss") != issuer or claims.get("event") != event.id:
        raise TicketOtherEvent("the ticket names another event")
    return str(claims.get("sub"))


def must_show(claims: dict[str, Any], issuer: str, event: states.Event, now: str) -> None:
    """Raise CodeInvalid unless the code is of this event and was on the screen just now."""
    if claims.get("iss") != issuer or claims.get("event") != event.id:
        raise CodeInvalid("the code is of another event", pointer="/code")
    if int(claims.get("exp", 0)) + GRACE_SECONDS < _seconds(now):
        raise CodeInvalid("the screen shows a newer code by now", pointer="/code")


def _seconds(instant: str) -> int:
    return int(clock.moment(instant).timestamp())
