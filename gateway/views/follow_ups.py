"""View `follow_ups`: whether a library still runs after 30, 90 and 180 days."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.mentoring.states import FollowUp
from gateway.views.change import Change

NAME = "follow_ups"
KINDS = ("follow_up",)
OUTCOMES = ("running", "stopped", "withdrawn", "waiting")
INDEXES = [
    IndexModel([("mentorship_id", 1), ("due_on", 1), ("_id", 1)]),
    IndexModel([("area", 1), ("due_on", 1), ("_id", 1)]),
    IndexModel([("due_on", 1), ("_id", 1)]),
    IndexModel("follow_up.answered_by"),
]


def outcome(follow_up: FollowUp) -> str:
    """What came of it; a case that was opened again or ended withdraws those that wait."""
    if follow_up.state == "done":
        return "running" if follow_up.running else "stopped"
    return "withdrawn" if follow_up.state == "withdrawn" else "waiting"


def fold(follow_up: FollowUp) -> list[Change]:
    """The document."""
    fields = {
        "version": follow_up.version,
        "mentorship_id": follow_up.mentorship_id,
        "area": follow_up.area,
        "due_on": follow_up.due_on,
        "day": follow_up.day,
        "state": follow_up.state,
        "outcome": outcome(follow_up),
        "settled": outcome(follow_up) != "waiting",
        "follow_up": encode(follow_up),
    }
    seq = follow_up.version
    return [Change(view=NAME, id=follow_up.id, part="follow_up", sequence=seq, fields=fields)]
