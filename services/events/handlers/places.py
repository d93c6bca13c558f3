"""Where an event is: the register of places, whose house it is, and who else is there."""

from chassis import clock
from chassis.aggregate import given
from contracts.events import commands, states
from services.events.errors import VenueInvalid, VenueUnknown
from services.events.handlers.who import authority, institution, usable_area
from services.events.model import venue as venues
from services.events.model.ports import Work
from services.events.model.venue import Venue


def register_venue(work: Work, command: commands.RegisterVenue) -> states.Venue:
    """A new place in an active area, by its coordinators."""
    authority(work).must_coordinate(command.area)
    usable_area(work, command.area)
    _house_is_known(work, command.institution_id)
    fact = venues.register(clock.new_id(), work.region, work.now, **given(command))
    state: states.Venue = work.record(fact)
    return state


def change_venue(work: Work, command: commands.ChangeVenue) -> states.Venue:
    """Other values, or out of use; events that are there keep what they were told."""
    before = work.venues.get(command.venue_id)
    if before is None:
        raise VenueUnknown(f"there is no place {command.venue_id}")
    authority(work).must_coordinate(before.area)
    wanted = given(command, "venue_id")
    _house_is_known(work, wanted.get("institution_id"))
    fact = Venue(work.to_change(before)).change(work.now, wanted)
    return work.record(fact) if fact else before


def place(work: Work, wanted: states.Place | None) -> states.Place | None:
    """Where an event shall be: of the register as it stands there; raises VenueInvalid."""
    if wanted is None or wanted.venue_id is None:
        _house_is_known(work, wanted.institution_id if wanted else None, "/venue/institution_id")
        return wanted
    known = work.venues.get(wanted.venue_id)
    if known is None:
        raise VenueInvalid(f"{wanted.venue_id} is not in the register", pointer="/venue/venue_id")
    return Venue(known).as_place()


def hold(work: Work, *events: states.Event) -> None:
    """Raise VenueTaken when somebody else is there; of two who ask at once, one asks again."""
    for event in events:
        if event.venue and event.venue.venue_id:
            work.locks.one_at_a_time(f"venue:{event.venue.venue_id}")
            span = (event.venue.venue_id, event.starts_at, event.ends_at)
            venues.must_be_free(event, work.events.at_venue(*span))


def _house_is_known(work: Work, id: str | None, pointer: str = "/institution_id") -> None:
    if id is not None:
        institution(work, id, pointer)
