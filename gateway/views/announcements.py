"""View `announcements`: what coordinators told many."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.notifications.states import Announcement
from gateway.views import eyes
from gateway.views.change import Change

NAME = "announcements"
KINDS = ("announcement",)
INDEXES = [
    IndexModel([("eyes", 1), ("created_at", 1), ("_id", 1)]),
]


def fold(announcement: Announcement) -> list[Change]:
    """The announcement's document: for its sender and the coordinators of its area."""
    seen = {"officers", f"member:{announcement.sent_by}"}
    if announcement.area:
        seen.update(eyes.of_area(announcement.area))
    fields = {
        "version": announcement.version,
        "eyes": sorted(seen),
        "created_at": announcement.created_at,
        "announcement": encode(announcement),
    }
    seq = announcement.version
    return [Change(view=NAME, id=announcement.id, part="announcement", sequence=seq, fields=fields)]
