"""What a visitor's region is told: each change of his place here, and nothing of himself."""

from typing import Any

from chassis.aggregate import begun, moved
from contracts.events import facts, states
from contracts.federation.crossing import OPEN_SCOPES
from services.events.errors import EventUnknown, RegistrationUnknown
from services.events.model.away import occasion_of

PLACE = (
    "state",
    "position",
    "offer_expires_at",
    "needs_reconfirm",
    "ticket",
    "attended_at",
    "cancelled_reason",
)


def must_be_open_abroad(event: states.Event | None, event_id: str) -> states.Event:
    """The event, if other regions may know of it; raises EventUnknown."""
    opened = event and event.scope in OPEN_SCOPES and event.audience != "officers"
    if event is None or not opened or event.published_at is None:
        raise EventUnknown(f"there is no event {event_id} for other regions")
    return event


def must_be_of(region: str, known: Any, id: str) -> None:
    """Raise RegistrationUnknown when what is known under the id is not that region's."""
    if known is not None and getattr(known, "home_region", None) != region:
        raise RegistrationUnknown(f"{id} is no registration of {region}")


def guest_of(away: states.AwayRegistration) -> states.Guest | None:
    """How he can be reached, as far as he consented to it."""
    if away.name is None or not (away.email or away.phone):
        return None
    return states.Guest(name=away.name, email=away.email, phone=away.phone)


def told(
    before: states.VisitorRegistration | None,
    registration: states.Registration,
    event: states.Event,
    now: str,
    wish: int | None,
) -> facts.VisitorRegistrationChanged:
    """His place as it is now; `wish` is the version of the wish that brought it about, if one."""
    said = {name: getattr(registration, name) for name in PLACE}
    said |= {"occasion": occasion_of(event), "refused": None}
    if before is None:
        state = states.VisitorRegistration(
            **begun(registration.id, registration.region, now),
            event_id=event.id,
            home_region=str(registration.home_region),
            away_version=wish or 0,
            **said,
        )
    else:
        version = before.away_version if wish is None else wish
        state = moved(before, now, away_version=version, **said)
    return facts.VisitorRegistrationChanged(visitor_registration=state)


def refused(
    before: states.VisitorRegistration | None,
    away: states.AwayRegistration,
    region: str,
    now: str,
    code: str,
) -> facts.VisitorRegistrationChanged:
    """The wish was not granted; a place that he has stays as it is."""
    if before is None:
        state = _first(away, region, now, state="refused", refused=code)
    else:
        state = moved(before, now, away_version=away.version, refused=code)
    return facts.VisitorRegistrationChanged(visitor_registration=state)


def erased(
    before: states.VisitorRegistration | None,
    away: states.AwayRegistration,
    region: str,
    now: str,
) -> facts.VisitorRegistrationErased:
    """Nothing of him is left here: the receipt."""
    if before is None:
        state = _first(away, region, now, state="cancelled", erased=True)
    else:
        state = moved(before, now, away_version=away.version, erased=True)
    return facts.VisitorRegistrationErased(visitor_registration=state)


def _first(
    away: states.AwayRegistration, region: str, now: str, **said: Any
) -> states.VisitorRegistration:
    return states.VisitorRegistration(
        **begun(away.id, region, now),
        event_id=away.event_id,
        home_region=away.region,
        away_version=away.version,
        **said,
    )
