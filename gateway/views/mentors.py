"""View `mentors`: what mentors can, where, and how many cases they have."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.mentoring.states import Mentor
from gateway.views.change import Change

NAME = "mentors"
KINDS = ("mentor",)
INDEXES = [
    IndexModel([("area", 1), ("updated_at", 1), ("_id", 1)]),
    IndexModel([("updated_at", 1), ("_id", 1)]),
]


def fold(mentor: Mentor) -> list[Change]:
    """The document."""
    fields = {
        "version": mentor.version,
        "eyes": ["coordinators", f"member:{mentor.id}"],
        "area": mentor.area,
        "updated_at": mentor.updated_at,
        "mentor": encode(mentor),
    }
    seq = mentor.version
    return [Change(view=NAME, id=mentor.id, part="mentor", sequence=seq, fields=fields)]
