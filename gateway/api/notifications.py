"""The member's inbox: what he was told, and that he has read it."""

from collections.abc import Mapping
from typing import Any

from chassis.schema import schema_of
from contracts.notifications import commands, states
from gateway.api.shapes import page_of
from gateway.asks import asks, nothing_more
from gateway.describe import Access
from gateway.listing import Listing, Scope, as_shown
from gateway.query import Parameter, flag
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import NOTICE
from gateway.viewer import Viewer

TAG = "Notifications"
SCHEMA = schema_of(states.Notice)
PREVIEW = {
    "type": "object",
    "required": ["kind", "language", "title", "body"],
    "properties": {
        "kind": {"type": "string"},
        "language": {"type": "string"},
        "title": {"type": "string"},
        "body": {"type": "string"},
        "html": {"type": ["string", "null"]},
    },
}


def mine(viewer: Viewer, _: Mapping[str, Any]) -> Scope:
    """One's own inbox."""
    return Scope(view="inbox", query={"member_id": {"$eq": viewer.member_id}})


class Collection(Resource):
    """`/v1/notifications`"""

    on_get = lists(
        Listing(
            view="inbox",
            fields=NOTICE.fields,
            item=as_shown(NOTICE),
            sorts={"created_at": "created_at"},
            default="-created_at",
            filters=(
                flag("read", "Only those read, or only the others.", "read"),
                Parameter(
                    name="category",
                    about="Of this category.",
                    one_of=states.CATEGORIES,
                    field="category",
                ),
            ),
        ),
        summary="What one was told, the newest first",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=mine,
    )


class Item(Resource):
    """`/v1/notifications/{id}`"""

    on_get = shows(NOTICE, summary="One notice", tag=TAG, answer=SCHEMA, access=Access.SIGNED_IN)


class Reading(Resource):
    """`/v1/notifications/{id}/read`"""

    on_post = asks(
        commands.ReadNotice,
        summary="Mark it as read; a second time changes nothing",
        tag=TAG,
        path={"notice_id": "id"},
        kind=NOTICE,
        answer=SCHEMA,
    )


class Preview(Resource):
    """`/v1/notification-templates/{kind}/preview`"""

    on_post = asks(
        commands.PreviewTemplate,
        summary="What a notice of a kind would say, with sample values",
        tag=TAG,
        path={"kind": "kind"},
        render=nothing_more,
        answer=PREVIEW,
        keyed=False,
        example={"language": "en"},
    )
