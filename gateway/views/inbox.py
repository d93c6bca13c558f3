"""View `inbox`: what a member was told."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.notifications.states import Notice
from gateway.views.change import Change

NAME = "inbox"
KINDS = ("notice",)
INDEXES = [
    IndexModel([("member_id", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("member_id", 1), ("read", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("member_id", 1), ("category", 1), ("created_at", 1), ("_id", 1)]),
]


def fold(notice: Notice) -> list[Change]:
    """The notice's document."""
    fields = {
        "version": notice.version,
        "eyes": [f"member:{notice.member_id}"],
        "member_id": notice.member_id,
        "read": notice.read_at is not None,
        "category": notice.category,
        "created_at": notice.created_at,
        "notice": encode(notice),
    }
    return [Change(view=NAME, id=notice.id, part="notice", sequence=notice.version, fields=fields)]
