"""Feedback: anonymous, once per attendee; its problems become topics."""

from collections.abc import Mapping
from typing import Any

from chassis.schema import schema_of
from contracts import common
from contracts.events import commands, states
from gateway import sheets
from gateway.api.event_shapes import Topic
from gateway.api.events import seen_event
from gateway.api.shapes import page_of
from gateway.asks import asks, nothing_more
from gateway.describe import Access
from gateway.front import Front
from gateway.listing import Listing, Scope
from gateway.problems import Problem
from gateway.reads import lists
from gateway.resource import Resource
from gateway.shown import TOPIC
from gateway.viewer import Viewer

TAG = "Feedback"
SCHEMA = schema_of(states.Feedback)


async def must_be_concerned(front: Front, viewer: Viewer, given: Mapping[str, Any]) -> None:
    """Raise Problem: 404 for an event he does not see, 403 unless he manages it or speaks there."""
    _, event = await seen_event(front, viewer, given["id"])
    speaks = any(one["member_id"] == viewer.member_id for one in event["speakers"])
    if not speaks and not viewer.manages(event["id"], event["area"]):
        raise Problem(common.FORBIDDEN, "for who manages the event and for its speakers")


def of_event(_: Viewer, given: Mapping[str, Any]) -> Scope:
    """The answers about one event."""
    return Scope(view="feedback", query={"event_id": {"$eq": given["id"]}})


class Collection(Resource):
    """`/v1/events/{id}/feedback`"""

    on_get = lists(
        Listing(
            view="feedback",
            fields=("feedback",),
            item=lambda document, _: document["feedback"],
            sorts={"id": "order"},
            default="id",
            columns=sheets.FEEDBACK,
        ),
        summary="What attendees said, without names",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=of_event,
        guard=must_be_concerned,
    )
    on_post = asks(
        commands.GiveFeedback,
        summary="Say how it was; once, and nobody can tell who",
        tag=TAG,
        path={"event_id": "id"},
        status=201,
        location="/v1/events/{event_id}/feedback",
        render=nothing_more,
        answer=SCHEMA,
        example={"score": 4, "problems": ["Barcode tidak terbaca pemindai"]},
    )


class ProblemTopic(Resource):
    """`/v1/events/{id}/feedback/{feedback_id}/topic`"""

    on_post = asks(
        commands.TakeProblem,
        summary="Make a topic of a problem",
        tag=TAG,
        path={"event_id": "id", "feedback_id": "feedback_id"},
        status=201,
        location="/v1/event-requests/{id}",
        kind=TOPIC,
        answer=schema_of(Topic),
        as_read=True,
        example={"number": 1},
    )
