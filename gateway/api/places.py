"""Places and things that events use: the venues' register and the lending pool."""

from chassis.schema import schema_of
from contracts.events import commands, states
from gateway.api.institutions import AREA, WORDS
from gateway.api.shapes import page_of
from gateway.asks import asks, steps
from gateway.describe import Access
from gateway.listing import Listing, as_shown, for_eyes
from gateway.query import flag
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import EQUIPMENT, VENUE, Kind

VENUE_SCHEMA = schema_of(states.Venue)
EQUIPMENT_SCHEMA = schema_of(states.Equipment)
VENUES, THINGS = "Venues", "Equipment"
ACTIVE = flag("active", "Only those in use, or only the others.", "active")


def listing(kind: Kind) -> Listing:
    """A list of a register, by name."""
    return Listing(
        view=kind.view,
        fields=kind.fields,
        item=as_shown(kind),
        sorts={"name": "order", "updated_at": "updated_at"},
        default="name",
        filters=(AREA, ACTIVE, WORDS),
    )


about_thing = steps(EQUIPMENT, {"equipment_id": "id"}, tag=THINGS)


class Venues(Resource):
    """`/v1/venues`"""

    on_get = lists(
        listing(VENUE),
        summary="Places that events use",
        tag=VENUES,
        answer=page_of(VENUE_SCHEMA),
        access=Access.ACTIVE,
        scope=for_eyes("venues"),
    )
    on_post = asks(
        commands.RegisterVenue,
        summary="Register a place",
        tag=VENUES,
        status=201,
        location="/v1/venues/{id}",
        kind=VENUE,
        answer=VENUE_SCHEMA,
        example={"name": "Aula SMAN 4 Kota Kediri", "area": "35.71", "capacity": 80},
    )


class Venue(Resource):
    """`/v1/venues/{id}`"""

    on_get = shows(
        VENUE, summary="One place", tag=VENUES, answer=VENUE_SCHEMA, access=Access.ACTIVE
    )
    on_patch = asks(
        commands.ChangeVenue,
        summary="Change a place",
        tag=VENUES,
        path={"venue_id": "id"},
        kind=VENUE,
        answer=VENUE_SCHEMA,
        matched=True,
    )


class Equipment(Resource):
    """`/v1/equipment`"""

    on_get = lists(
        listing(EQUIPMENT),
        summary="The lending pool",
        tag=THINGS,
        answer=page_of(EQUIPMENT_SCHEMA),
        access=Access.ACTIVE,
        scope=for_eyes("equipment"),
    )
    on_post = asks(
        commands.RegisterEquipment,
        summary="Lend something",
        tag=THINGS,
        status=201,
        location="/v1/equipment/{id}",
        kind=EQUIPMENT,
        answer=EQUIPMENT_SCHEMA,
        example={"name": "Printer label", "area": "35.71"},
    )


class Thing(Resource):
    """`/v1/equipment/{id}`"""

    on_get = shows(
        EQUIPMENT, summary="One thing", tag=THINGS, answer=EQUIPMENT_SCHEMA, access=Access.ACTIVE
    )
    on_patch = about_thing(commands.ChangeEquipment, "Change a thing")


class Reservations(Resource):
    """`/v1/equipment/{id}/reservations`"""

    on_post = about_thing(
        commands.ReserveEquipment,
        "Hold a thing for an event",
        status=201,
        location="/v1/equipment/{id}",
        example={"event_id": "0193"},
    )


RESERVATION = {"reservation_id": "reservation_id"}


class HandOver(Resource):
    """`/v1/equipment/{id}/reservations/{reservation_id}/hand-over`"""

    on_post = about_thing(
        commands.HandOverEquipment,
        "It changed hands",
        path=RESERVATION,
        example={"condition": "baik"},
    )


class Return(Resource):
    """`/v1/equipment/{id}/reservations/{reservation_id}/return`"""

    on_post = about_thing(
        commands.ReturnEquipment, "It is back", path=RESERVATION, example={"condition": "baik"}
    )


class Release(Resource):
    """`/v1/equipment/{id}/reservations/{reservation_id}/release`"""

    on_post = about_thing(commands.ReleaseEquipment, "It is not needed after all", path=RESERVATION)
