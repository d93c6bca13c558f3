"""View `directory`: active members who consented to be found, and what they are good at."""

from pymongo import IndexModel

from contracts.members.states import Competencies, Member
from gateway.views.change import Change
from gateway.views.members import entry, is_listed, listed_by, rated

NAME = "directory"
KINDS = ("member", "competencies")
FILTERS = ("area", "job_area", "institution_id", "skills", "words")
INDEXES = [
    IndexModel([("listed", 1), ("order", 1), ("_id", 1)]),
    IndexModel([("listed", 1), ("updated_at", 1), ("_id", 1)]),
    *(IndexModel([("listed", 1), (name, 1), ("order", 1), ("_id", 1)]) for name in FILTERS),
]
EMPTY = dict.fromkeys(("order", "area", "state", "job_area", "institution_id", "updated_at"))


def fold(state: Member | Competencies) -> list[Change]:
    """The entry, emptied of everything personal when he is not (any more) to be found."""
    if isinstance(state, Competencies):
        return [rated(NAME, state)]
    if is_listed(state):
        fields = {"listed": True, **listed_by(state), "entry": entry(state)}
    else:
        fields = {"listed": False, **EMPTY, "words": [], "entry": None}
    return [Change(view=NAME, id=state.id, part="member", sequence=state.version, fields=fields)]
