"""Venues: the register of places, and that two events do not share one (source: features D4)."""

from collections.abc import Iterable
from typing import Any

from chassis.aggregate import begun, differing, moved
from contracts.events import facts, states
from services.events.errors import Invalid, VenueInvalid, VenueTaken


def register(id: str, region: str, now: str, **fields: Any) -> facts.VenueRegistered:
    """A new entry; raises Invalid when only half a position is given."""
    return facts.VenueRegistered(venue=_fitting(states.Venue(**begun(id, region, now), **fields)))


class Venue:
    """One place of the register."""

    def __init__(self, state: states.Venue) -> None:
        self.state = state

    def change(self, now: str, wanted: dict[str, Any]) -> facts.VenueChanged | None:
        """Take the wanted values; None when they are there already."""
        changes = differing(self.state, wanted)
        if not changes:
            return None
        return facts.VenueChanged(venue=_fitting(moved(self.state, now, **changes)))

    def as_place(self) -> states.Place:
        """The place as an event names it; raises VenueInvalid when it is out of use."""
        if not self.state.active:
            raise VenueInvalid(f"{self.state.name} is out of use", pointer="/venue/venue_id")
        return states.Place(
            name=self.state.name,
            address=self.state.address,
            latitude=self.state.latitude,
            longitude=self.state.longitude,
            institution_id=self.state.institution_id,
            venue_id=self.state.id,
        )


def must_be_free(event: states.Event, others: Iterable[states.Event]) -> None:
    """Raise VenueTaken when another event under way uses the place at that time."""
    taken = next((o for o in others if o.id != event.id and overlap(event, o)), None)
    if taken:
        detail = f"{taken.title} is there from {taken.starts_at} to {taken.ends_at}"
        raise VenueTaken(detail, pointer="/venue")


def overlap(one: Any, other: Any) -> bool:
    """Whether two spans (`starts_at`, `ends_at`) share an instant; one may end as one starts."""
    return bool(one.starts_at < other.ends_at and other.starts_at < one.ends_at)


def _fitting(state: states.Venue) -> states.Venue:
    if (state.latitude is None) != (state.longitude is None):
        raise Invalid("latitude and longitude come together", pointer="/latitude")
    return state
