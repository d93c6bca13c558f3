"""View `cases`: institutions that are accompanied, with everything that belongs to a case.

Visits, issues and follow-ups carry the eyes of their case, so they are found through it.
"""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.mentoring.states import ENDED, Mentorship
from gateway.views import eyes
from gateway.views.change import Change, words

NAME = "cases"
KINDS = ("mentorship",)
FILTERS = ("area", "state", "stage", "mentor_id", "partner_id", "institution_id", "words")
INDEXES = [
    IndexModel([("eyes", 1), ("updated_at", 1), ("_id", 1)]),
    IndexModel([("eyes", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("area", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("area", 1), ("open", 1), ("created_at", 1)]),
    IndexModel("follows_id"),
    *(IndexModel([(name, 1), ("updated_at", 1), ("_id", 1)]) for name in FILTERS),
]


def fold(case: Mentorship) -> list[Change]:
    """The case's document."""
    fields = {
        "version": case.version,
        "eyes": eyes.of_case(case),
        **{name: getattr(case, name) for name in FILTERS if name != "words"},
        "open": case.state not in ENDED,
        "words": words((case.institution_name, case.goal)),
        "follows_id": case.follows_id,
        "placed": case.latitude is not None and case.longitude is not None,
        "created_at": case.created_at,
        "updated_at": case.updated_at,
        "mentorship": encode(case),
    }
    seq = case.version
    return [Change(view=NAME, id=case.id, part="mentorship", sequence=seq, fields=fields)]
