"""Registrations: a seat or a place in line, for oneself or on behalf of others."""

from collections.abc import Mapping
from typing import Any

import orjson

from chassis.schema import schema_of
from contracts import common
from contracts.events import commands, states
from gateway import sheets
from gateway.api import abroad
from gateway.api.event_shapes import AgendaItem, RegistrationPage
from gateway.api.events import seen_event
from gateway.api.fieldwork import coordinated, must_coordinate
from gateway.api.institutions import AREA, WORDS
from gateway.api.shapes import page_of
from gateway.asks import asks, steps
from gateway.describe import Access, Responder
from gateway.front import Front
from gateway.listing import Listing, Scope, as_shown, eyes
from gateway.problems import Problem
from gateway.query import Parameter, period
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import REGISTRATION
from gateway.viewer import Viewer

TAG = "Registrations"
SCHEMA = schema_of(RegistrationPage)
STATE = Parameter(name="state", about="In this state.", one_of=states.AWAY_STATES, field="state")
LISTING = Listing(
    view="agenda",
    fields=REGISTRATION.fields,
    item=as_shown(REGISTRATION),
    sorts={"created_at": "created_at", "name": "order"},
    default="created_at",
    filters=(STATE, WORDS),
    columns=sheets.REGISTRATIONS,
)


async def must_manage(front: Front, viewer: Viewer, given: Mapping[str, Any]) -> None:
    """Raise Problem: 404 for an event he does not see, 403 for one he does not manage.

    Of another region's event everybody sees his own registration there, officers all of the region.
    """
    _, event = await seen_event(front, viewer, given["id"])
    if event["region"] == front.settings.region and not viewer.manages(event["id"], event["area"]):
        raise Problem(common.FORBIDDEN, "for who manages the event")


def of_event(viewer: Viewer, given: Mapping[str, Any]) -> Scope:
    """The registrations of one event that are the viewer's to see."""
    return Scope(view="agenda", query={"event_id": {"$eq": given["id"]}, **eyes(viewer)})


here = steps(
    REGISTRATION,
    {"event_id": "id", "registration_id": "registration_id"},
    tag=TAG,
    answer=SCHEMA,
    as_read=True,
)


def act(command: Any, summary: str, there: Responder, **more: Any) -> Responder:
    """A step of a registration, here or in another region."""
    return abroad.either(here(command, summary, **more), there)


class Collection(Resource):
    """`/v1/events/{id}/registrations`"""

    on_get = lists(
        LISTING,
        summary="Who has a seat or stands in line, for who manages the event",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=of_event,
        guard=must_manage,
    )
    on_post = abroad.either(
        asks(
            commands.Register,
            summary="Take a seat or a place in line, here or in another region",
            tag=TAG,
            path={"event_id": "id"},
            status=201,
            location="/v1/events/{event_id}/registrations/{id}",
            kind=REGISTRATION,
            answer=SCHEMA,
            as_read=True,
            example={"answers": {"laptop": True}},
        ),
        abroad.register(SCHEMA),
    )


class Item(Resource):
    """`/v1/events/{id}/registrations/{registration_id}`"""

    on_get = shows(
        REGISTRATION,
        summary="One registration",
        tag=TAG,
        answer=SCHEMA,
        access=Access.SIGNED_IN,
        param="registration_id",
        within={"event_id": "id"},
    )
    on_patch = act(
        commands.ChangeRegistration,
        "Accept an offered seat, reconfirm a moved date, or answer again",
        abroad.change(SCHEMA),
        example={"reconfirm": True},
    )
    on_delete = act(
        commands.CancelRegistration,
        "Give the seat or the place in line back",
        abroad.cancel(SCHEMA),
    )


OF_AREAS = Listing(
    view="agenda",
    fields=REGISTRATION.fields,
    item=as_shown(REGISTRATION),
    sorts={"created_at": "created_at"},
    default="-created_at",
    filters=(AREA, STATE, *period("created_at", "Registered")),
    columns=sheets.REGISTRATIONS,
)


class OfAreas(Resource):
    """`/v1/registrations`"""

    on_get = lists(
        OF_AREAS,
        summary="Who registered for events of one's areas",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=coordinated("agenda", "created_at"),
        guard=must_coordinate,
    )


def mine(viewer: Viewer, _: Mapping[str, Any]) -> Scope:
    """One's own registrations."""
    return Scope(view="agenda", query={"member_id": {"$eq": viewer.member_id}})


async def with_events(front: Front, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Registrations with when and where their events are; two reads for a page."""
    wanted = sorted({document["event_id"] for document in documents})
    found = await front.store.find("calendar", {"_id": {"$in": wanted}})
    events = {one["_id"]: orjson.loads(one["body"]) for one in found if one.get("body")}
    return [
        agenda_item(document["registration"], events[document["event_id"]])
        if document["event_id"] in events
        else abroad.line(document)
        for document in documents
        if document["event_id"] in events or "occasion" in document
    ]


def agenda_item(registration: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """One line of an agenda."""
    told = {name: event[name] for name in ("title", "starts_at", "ends_at", "timezone", "venue")}
    return {"registration": registration, **told, "event_state": event["state"]}


class Agenda(Resource):
    """`/v1/me/agenda`"""

    on_get = lists(
        Listing(
            view="agenda",
            fields=(*REGISTRATION.fields, "occasion"),
            item=as_shown(REGISTRATION),
            joined=with_events,
            sorts={"created_at": "created_at"},
            default="-created_at",
            filters=(STATE,),
        ),
        summary="What oneself is registered for",
        tag=TAG,
        answer=page_of(schema_of(AgendaItem)),
        access=Access.SIGNED_IN,
        scope=mine,
    )
