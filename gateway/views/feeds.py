"""View `feeds`: calendars behind tokens, found by the token's digest."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import CalendarFeed
from gateway.views.change import Change

NAME = "feeds"
KINDS = ("calendar_feed",)
INDEXES = [
    IndexModel("token_digest"),
    IndexModel([("member_id", 1), ("created_at", 1), ("_id", 1)]),
]


def fold(feed: CalendarFeed) -> list[Change]:
    """The calendar's document; nobody is shown the digest."""
    told = {name: part for name, part in encode(feed).items() if name != "token_digest"}
    fields = {
        "version": feed.version,
        "eyes": [f"member:{feed.member_id}"],
        "member_id": feed.member_id,
        "token_digest": feed.token_digest,
        "created_at": feed.created_at,
        "feed": told,
    }
    return [
        Change(view=NAME, id=feed.id, part="calendar_feed", sequence=feed.version, fields=fields)
    ]
