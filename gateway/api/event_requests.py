"""Wishes for events: asked for, backed, accepted or declined."""

from chassis.schema import schema_of
from contracts.events import commands, states
from gateway.api.event_shapes import EventPage, Topic
from gateway.api.institutions import AREA, WORDS
from gateway.api.shapes import page_of
from gateway.asks import asks, steps
from gateway.describe import Access
from gateway.listing import Listing, as_shown, for_eyes
from gateway.query import Parameter
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import EVENT, TOPIC

TAG = "Event requests"
SCHEMA = schema_of(Topic)
LISTING = Listing(
    view="topics",
    fields=TOPIC.fields,
    item=as_shown(TOPIC),
    sorts={"backers": "rank", "created_at": "created_at", "updated_at": "updated_at"},
    default="-backers",
    filters=(
        AREA,
        Parameter(
            name="state", about="In this state.", one_of=states.REQUEST_STATES, field="state"
        ),
        Parameter(name="kind", about="Of this kind.", one_of=states.KINDS, field="kind"),
        WORDS,
    ),
)
act = steps(TOPIC, {"request_id": "id"}, tag=TAG, answer=SCHEMA, as_read=True)


class Collection(Resource):
    """`/v1/event-requests`"""

    on_get = lists(
        LISTING,
        summary="Topics that members wish for, the most backed first",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.ACTIVE,
        scope=for_eyes("topics"),
    )
    on_post = asks(
        commands.RequestEvent,
        summary="Ask for an event",
        tag=TAG,
        status=201,
        location="/v1/event-requests/{id}",
        kind=TOPIC,
        answer=SCHEMA,
        as_read=True,
        example={"topic": "Mencetak barcode", "area": "35.71", "kind": "workshop"},
    )


class Item(Resource):
    """`/v1/event-requests/{id}`"""

    on_get = shows(TOPIC, summary="One wish", tag=TAG, answer=SCHEMA, access=Access.ACTIVE)


class Backing(Resource):
    """`/v1/event-requests/{id}/back`"""

    on_post = act(commands.BackRequest, "Back a wish; once is enough")
    on_delete = act(commands.UnbackRequest, "Take one's backing back")


class Acceptance(Resource):
    """`/v1/event-requests/{id}/accept`"""

    on_post = asks(
        commands.AcceptRequest,
        summary="Make a draft event of a wish",
        tag=TAG,
        path={"request_id": "id"},
        status=201,
        location="/v1/events/{id}",
        kind=EVENT,
        answer=schema_of(EventPage),
        as_read=True,
        example={
            "title": "Lokakarya barcode",
            "kind": "workshop",
            "starts_at": "2026-12-10T02:00:00Z",
            "ends_at": "2026-12-10T05:00:00Z",
        },
    )


class Declining(Resource):
    """`/v1/event-requests/{id}/decline`"""

    on_post = act(
        commands.DeclineRequest, "Say no, with a reason", example={"reason": "Sudah dibahas"}
    )
