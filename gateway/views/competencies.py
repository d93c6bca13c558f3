"""View `competencies`: a member's ratings, evidence and endorsements in full."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.members.states import Competencies
from gateway.views.change import Change

NAME = "competencies"
KINDS = ("competencies",)
INDEXES: list[IndexModel] = []


def fold(competencies: Competencies) -> list[Change]:
    """The member's document."""
    fields = {"version": competencies.version, "competencies": encode(competencies)}
    seq = competencies.version
    return [Change(view=NAME, id=competencies.id, part="competencies", sequence=seq, fields=fields)]
