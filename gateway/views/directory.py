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


def fold(state: Member | Competencies) -> list[Change]:
    """The entry, emptied of everything personal when he is not (any more) to be found."""
    if isinstance(state, Competencies):
        return [rated(NAME, state)]
    if is_listed(state):
        fields = {"listed": True, **listed_by(state), "entry": entry(state)}
    else:  # the same fields in the same order: a rebuilt document is equal byte for byte
        emptied = dict.fromkeys(listed_by(state))
        fields = {"listed": False, **emptied, "words": [], "entry": None}
    return [Change(view=NAME, id=state.id, part="member", sequence=state.version, fields=fields)]
