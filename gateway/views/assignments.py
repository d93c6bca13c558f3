"""View `assignments`: many open cases assigned at once, before and after it was confirmed."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.mentoring.states import Assignment
from gateway.views.change import Change

NAME = "assignments"
KINDS = ("assignment",)
INDEXES = [
    IndexModel([("eyes", 1), ("created_at", 1), ("_id", 1)]),
]


def fold(assignment: Assignment) -> list[Change]:
    """The document."""
    fields = {
        "version": assignment.version,
        "eyes": ["officers", f"member:{assignment.proposed_by}"],
        "created_at": assignment.created_at,
        "assignment": encode(assignment),
    }
    seq = assignment.version
    return [Change(view=NAME, id=assignment.id, part="assignment", sequence=seq, fields=fields)]
