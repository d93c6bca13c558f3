"""The register of places, and two events that want the same one."""

import pytest

from contracts.events import commands, states
from services.events.errors import (
    AreaInvalid,
    Forbidden,
    InstitutionInvalid,
    Invalid,
    VenueInvalid,
    VenueTaken,
    VenueUnknown,
)
from services.events.handlers.changing import change_event
from services.events.handlers.events import cancel_event, reschedule_event
from services.events.handlers.places import change_venue, register_venue
from services.events.handlers.planning import plan_event
from tests.support.events import ENDS, HOUR, STARTS, a_region, an_event, later, seats_of

SCHOOL = {"name": "Aula SMAN 4", "area": "35.71", "institution_id": "sman4", "capacity": 40}


def registered(work=None, **fields):
    work = work or a_region()
    state = register_venue(work.by("rudi"), commands.RegisterVenue(**{**SCHOOL, **fields}))
    return work, state


def a_plan(venue_id, starts_at=STARTS, ends_at=ENDS):
    return commands.PlanEvent(
        title="Klinik",
        kind="clinic",
        area="35.71",
        starts_at=starts_at,
        ends_at=ends_at,
        venue=states.Place(name="?", venue_id=venue_id),
    )


def test_a_place_is_entered_by_coordinators_of_its_area():
    _, venue = registered(power=True)

    assert (venue.name, venue.power, venue.active) == ("Aula SMAN 4", True, True)
    for member in ("dewi", "ayu"):
        with pytest.raises(Forbidden):
            register_venue(a_region().by(member), commands.RegisterVenue(**SCHOOL))


def test_a_place_needs_an_active_area_a_known_house_and_a_whole_position():
    sari = a_region().by("sari")
    for fields, refused in (
        ({"area": "35.05"}, AreaInvalid),
        ({"institution_id": "x"}, InstitutionInvalid),
        ({"latitude": -7.8}, Invalid),
    ):
        with pytest.raises(refused):
            register_venue(sari, commands.RegisterVenue(**{**SCHOOL, **fields}))


def test_a_place_is_changed_by_coordinators_of_its_area():
    work, venue = registered()
    rudi = work.by("rudi")

    after = change_venue(rudi, commands.ChangeVenue(venue_id=venue.id, internet=True))
    same = change_venue(rudi, commands.ChangeVenue(venue_id=venue.id, internet=True))

    assert (after.internet, same.version, rudi.said()) == (True, 2, ["VenueChanged"])
    with pytest.raises(Forbidden):
        change_venue(work.by("dewi"), commands.ChangeVenue(venue_id=venue.id, internet=False))
    with pytest.raises(Invalid):
        change_venue(rudi, commands.ChangeVenue(venue_id=venue.id, longitude=112.0))
    with pytest.raises(VenueUnknown):
        change_venue(rudi, commands.ChangeVenue(venue_id="x", internet=False))


def test_an_event_names_the_place_as_the_register_does():
    work, venue = registered()

    event = plan_event(work.by("rudi"), a_plan(venue.id))

    assert (event.venue.name, event.venue.institution_id) == ("Aula SMAN 4", "sman4")
    assert event.host.state == "asked"


def test_a_place_out_of_use_or_unknown_holds_no_event():
    work, venue = registered()
    change_venue(work.by("rudi"), commands.ChangeVenue(venue_id=venue.id, active=False))

    for id in (venue.id, "x"):
        with pytest.raises(VenueInvalid) as told:
            plan_event(work.by("rudi"), a_plan(id))
        assert told.value.pointer == "/venue/venue_id"


@pytest.mark.parametrize(("start", "end"), [(-HOUR, HOUR), (HOUR, 2 * HOUR), (0, 0), (-HOUR, 9999)])
def test_two_events_do_not_share_a_place(start, end):
    work, venue = registered()
    plan_event(work.by("rudi"), a_plan(venue.id))
    span = (later(start, STARTS), later(end, ENDS if end == 0 else STARTS))

    with pytest.raises(VenueTaken) as told:
        plan_event(work.by("rudi"), a_plan(venue.id, *span))
    assert told.value.pointer == "/venue"
    assert f"venue:{venue.id}" in work.locks.taken


def test_one_may_begin_when_the_other_ends_and_what_was_called_off_is_free():
    work, venue = registered()
    first = plan_event(work.by("rudi"), a_plan(venue.id))

    plan_event(work.by("rudi"), a_plan(venue.id, ENDS, later(HOUR, ENDS)))
    cancel_event(work.by("rudi"), commands.CancelEvent(event_id=first.id, reason="banjir"))
    assert plan_event(work.by("rudi"), a_plan(venue.id)).state == "draft"


def test_changing_and_moving_meet_the_same_rule():
    work, venue = registered()
    plan_event(work.by("rudi"), a_plan(venue.id))
    there = states.Place(name="?", venue_id=venue.id)
    draft, out = an_event("e1"), an_event("e2", state="published")
    work.holds(draft, seats_of(draft), out, seats_of(out))

    with pytest.raises(VenueTaken):
        change_event(work.by("rudi"), commands.ChangeEvent(event_id="e1", venue=there))
    move = commands.RescheduleEvent(event_id="e2", reason="lebih luas", venue=there)
    with pytest.raises(VenueTaken):
        reschedule_event(work.by("rudi"), move)
