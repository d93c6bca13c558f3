"""Announcements: what coordinators tell an area, a role, or an event's participants."""

from chassis.schema import schema_of
from contracts.notifications import commands, states
from gateway.api.shapes import page_of
from gateway.asks import asks
from gateway.describe import Access
from gateway.listing import Listing, as_shown, for_eyes
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import ANNOUNCEMENT

TAG = "Announcements"
SCHEMA = schema_of(states.Announcement)


class Collection(Resource):
    """`/v1/announcements`"""

    on_get = lists(
        Listing(
            view="announcements",
            fields=ANNOUNCEMENT.fields,
            item=as_shown(ANNOUNCEMENT),
            sorts={"created_at": "created_at"},
            default="-created_at",
        ),
        summary="What was announced by oneself and in one's areas",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=for_eyes("announcements"),
    )
    on_post = asks(
        commands.Announce,
        summary="Tell an area, the holders of a role, or an event's participants",
        tag=TAG,
        status=201,
        location="/v1/announcements/{id}",
        kind=ANNOUNCEMENT,
        answer=SCHEMA,
        deadline_seconds=15.0,
        example={"area": "35.71", "title": "Pindah grup", "body": "Grup kita pindah."},
    )


class Item(Resource):
    """`/v1/announcements/{id}`"""

    on_get = shows(
        ANNOUNCEMENT, summary="One announcement", tag=TAG, answer=SCHEMA, access=Access.SIGNED_IN
    )
