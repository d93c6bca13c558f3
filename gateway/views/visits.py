"""View `visits`: what happened at a school, as it was written down there."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.mentoring.states import Visit
from gateway.views.change import Change

NAME = "visits"
KINDS = ("visit",)
INDEXES = [
    IndexModel([("mentorship_id", 1), ("started_at", 1), ("_id", 1)]),
    IndexModel([("area", 1), ("started_at", 1), ("_id", 1)]),
    IndexModel([("started_at", 1), ("_id", 1)]),
    IndexModel("logged_by"),
]


def fold(visit: Visit) -> list[Change]:
    """The document."""
    fields = {
        "version": visit.version,
        "mentorship_id": visit.mentorship_id,
        "area": visit.area,
        "started_at": visit.started_at,
        "logged_by": visit.logged_by,
        "visit": encode(visit),
    }
    seq = visit.version
    return [Change(view=NAME, id=visit.id, part="visit", sequence=seq, fields=fields)]
