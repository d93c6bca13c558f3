"""View `issues`: faults, where they are, and how those like them were solved."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.mentoring.states import Issue
from gateway.views.change import Change

NAME = "issues"
KINDS = ("issue",)
INDEXES = [
    IndexModel([("mentorship_id", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("code", 1), ("state", 1), ("updated_at", 1), ("_id", 1)]),
    IndexModel([("area", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("created_at", 1), ("_id", 1)]),
    IndexModel("issue.hops.by"),
]


def fold(issue: Issue) -> list[Change]:
    """The document."""
    fields = {
        "version": issue.version,
        "mentorship_id": issue.mentorship_id,
        "area": issue.area,
        "code": issue.code,
        "state": issue.state,
        "level": issue.level,
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "issue": encode(issue),
    }
    seq = issue.version
    return [Change(view=NAME, id=issue.id, part="issue", sequence=seq, fields=fields)]
