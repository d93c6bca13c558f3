"""Appointments: roles offered, accepted and ended."""

from collections.abc import Mapping
from typing import Any

from chassis.schema import schema_of
from contracts.members import commands, states
from gateway.api.institutions import AREA
from gateway.api.shapes import page_of
from gateway.asked import ID
from gateway.asks import asks, steps
from gateway.describe import Access
from gateway.listing import Listing, Scope
from gateway.query import Parameter
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import APPOINTMENT
from gateway.viewer import Viewer

TAG = "Appointments"
SCHEMA = schema_of(states.Appointment)
LISTING = Listing(
    view="appointments",
    fields=("appointment",),
    item=lambda document, _: document["appointment"],
    sorts={"starts_on": "starts_on", "updated_at": "updated_at"},
    default="-starts_on",
    filters=(
        AREA,
        Parameter(
            name="member_id",
            about="Of this member.",
            pattern=ID.pattern,
            field="member_id",
        ),
        Parameter(name="role", about="For this role.", one_of=states.ROLES, field="role"),
        Parameter(
            name="state", about="In this state.", one_of=states.APPOINTMENT_STATES, field="state"
        ),
    ),
)


def whose(viewer: Viewer, _: Mapping[str, Any]) -> Scope:
    """All for officers; those of his areas and his own for anybody else."""
    if viewer.officer:
        return Scope(view="appointments", query={})
    own = {"member_id": {"$eq": viewer.member_id}}
    if not viewer.areas:
        return Scope(view="appointments", query=own)
    mine = {"$or": [own, {"area": {"$in": sorted(viewer.areas)}}]}
    return Scope(view="appointments", query=mine)


act = steps(APPOINTMENT, {"appointment_id": "id"}, tag=TAG)


class Collection(Resource):
    """`/v1/appointments`"""

    on_get = lists(
        LISTING,
        summary="Appointments: one's own, and those of one's areas",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=whose,
    )
    on_post = asks(
        commands.OfferAppointment,
        summary="Offer a role",
        tag=TAG,
        status=201,
        location="/v1/appointments/{id}",
        kind=APPOINTMENT,
        answer=SCHEMA,
        example={
            "member_id": "0193",
            "role": "area_coordinator",
            "area": "35.71",
            "starts_on": "2026-12-01",
        },
    )


class Item(Resource):
    """`/v1/appointments/{id}`"""

    on_get = shows(
        APPOINTMENT,
        summary="One appointment",
        tag=TAG,
        answer=SCHEMA,
        access=Access.SIGNED_IN,
    )


class Acceptance(Resource):
    """`/v1/appointments/{id}/accept`"""

    on_post = act(commands.AcceptAppointment, "Take the role")


class Declining(Resource):
    """`/v1/appointments/{id}/decline`"""

    on_post = act(commands.DeclineAppointment, "Say no to the role")


class Ending(Resource):
    """`/v1/appointments/{id}/end`"""

    on_post = act(commands.EndAppointment, "End an appointment")
