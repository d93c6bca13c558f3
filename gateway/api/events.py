"""Events: planned, announced, moved, held or called off."""

from typing import Any

import orjson

from chassis.schema import schema_of
from contracts.events import commands, states
from gateway.api.event_shapes import EventPage
from gateway.api.institutions import AREA, REGION, WORDS
from gateway.api.shapes import page_of
from gateway.asked import ID
from gateway.asks import asks, steps
from gateway.front import Front
from gateway.listing import Listing, as_shown, for_eyes
from gateway.query import Parameter, period
from gateway.reads import lists, seen_document, shows
from gateway.resource import Resource
from gateway.shown import EVENT
from gateway.viewer import Viewer
from gateway.views.change import Document

TAG = "Events"
SCHEMA = schema_of(EventPage)
LISTING = Listing(
    view="calendar",
    fields=EVENT.fields,
    item=as_shown(EVENT),
    sorts={"starts_at": "starts_at", "updated_at": "updated_at"},
    default="starts_at",
    filters=(
        Parameter(
            name="area",
            about="In this area, or hosted by it too.",
            pattern=AREA.pattern,
            longest=40,
            field="areas",
        ),
        Parameter(name="kind", about="Of this kind.", one_of=states.KINDS, field="kind"),
        Parameter(name="state", about="In this state.", one_of=states.STATES, field="state"),
        Parameter(
            name="series_id",
            about="Of this series.",
            pattern=ID.pattern,
            field="series_id",
        ),
        REGION,
        *period("starts_at", "Begins"),
        WORDS,
    ),
)


async def seen_event(
    front: Front, viewer: Viewer, event_id: str
) -> tuple[Document, dict[str, Any]]:
    """An event's document and the event; raises Problem (404) for one that he does not see."""
    found = await seen_document(front, viewer, EVENT, event_id)
    return found, orjson.loads(found["body"])


act = steps(EVENT, {"event_id": "id"}, tag=TAG, answer=SCHEMA, as_read=True)


class Collection(Resource):
    """`/v1/events`"""

    on_get = lists(
        LISTING,
        summary="The calendar: announced events, and drafts for who plans them",
        tag=TAG,
        answer=page_of(SCHEMA),
        scope=for_eyes("calendar", hidden={"$ne": True}),
    )
    on_post = asks(
        commands.PlanEvent,
        summary="Plan an event",
        tag=TAG,
        status=201,
        location="/v1/events/{id}",
        kind=EVENT,
        answer=SCHEMA,
        as_read=True,
        example={
            "title": "Gathering Desember",
            "kind": "gathering",
            "area": "35.71",
            "topics": ["Mencetak barcode"],
            "starts_at": "2026-12-10T02:00:00Z",
            "ends_at": "2026-12-10T05:00:00Z",
            "capacity": 20,
        },
    )


class Item(Resource):
    """`/v1/events/{id}`"""

    on_get = shows(EVENT, summary="One event", tag=TAG, answer=SCHEMA)
    on_patch = act(commands.ChangeEvent, "Change an event")


class Publication(Resource):
    """`/v1/events/{id}/publish`"""

    on_post = act(commands.PublishEvent, "Announce a draft")


class Rescheduling(Resource):
    """`/v1/events/{id}/reschedule`"""

    on_post = act(
        commands.RescheduleEvent,
        "Move an announced event in time or place",
        example={
            "starts_at": "2026-12-11T02:00:00Z",
            "ends_at": "2026-12-11T05:00:00Z",
            "reason": "Aula dipakai ujian",
        },
    )


class Cancellation(Resource):
    """`/v1/events/{id}/cancel`"""

    on_post = act(commands.CancelEvent, "Call an event off", example={"reason": "Pemateri sakit"})


class Closing(Resource):
    """`/v1/events/{id}/close`"""

    on_post = act(commands.CloseEvent, "End an event that was held")


class HostAnswer(Resource):
    """`/v1/events/{id}/host`"""

    on_post = act(commands.AnswerAsHost, "The house agrees, or not", example={"agrees": True})


class Cohosts(Resource):
    """`/v1/events/{id}/cohosts`"""

    on_post = act(commands.InviteCohost, "Ask another area to host too", example={"area": "35.06"})


class CohostAnswer(Resource):
    """`/v1/events/{id}/cohosts/{area}/answer`"""

    on_post = act(
        commands.AnswerAsCohost,
        "The other area accepts, or not",
        path={"area": "area"},
        example={"accepts": True},
    )
