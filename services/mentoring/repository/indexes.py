"""Indexes, and the refusals that the unique ones stand for."""

from pymongo import ASCENDING, IndexModel
from pymongo.collation import Collation

from chassis.errors import Refusal
from services.mentoring.errors import MentorshipTaken, OfferOpen, VisitInvalid
from services.mentoring.model.states import OPEN

# Goals that differ in case, accents, spaces or punctuation only are the same goal.
SAME_WORDS = Collation("id", strength=1, alternate="shifted")

UNIQUE: dict[str, type[Refusal]] = {
    "mentorship_open": MentorshipTaken,
    "offer_open": OfferOpen,
    "visit_client": VisitInvalid,
}


def _unique(
    name: str,
    keys: tuple[str, ...],
    only: dict[str, object],
    collation: Collation | None = None,
) -> IndexModel:
    pairs, worded = [(key, ASCENDING) for key in keys], {"collation": collation}
    options = worded if collation else {}
    return IndexModel(pairs, name=name, unique=True, partialFilterExpression=only, **options)


def _on(*keys: str, only: dict[str, object] | None = None) -> IndexModel:
    narrowed = {"partialFilterExpression": only} if only else {}
    return IndexModel([(key, ASCENDING) for key in keys], **narrowed)


INDEXES: dict[str, list[IndexModel]] = {
    "mentorship": [
        _unique(
            "mentorship_open", ("institution_id", "goal"), {"state": {"$in": [*OPEN]}}, SAME_WORDS
        ),
        _on("state", "created_at"),
        _on("institution_id", "state"),
    ],
    "offer": [
        _unique("offer_open", ("mentorship_id",), {"state": "offered"}),
        _on("mentorship_id", "created_at"),
        _on("expires_at", only={"state": "offered"}),
        _on("state", only={"state": "offered"}),
    ],
    "mentor": [_on("available_from", only={"available": False})],
    "visit": [_unique("visit_client", ("mentorship_id", "client_id"), {})],
    "issue": [
        _on("climbs_at", only={"state": "open"}),
        _on("code", "state", "solved_at"),
    ],
    "follow_up": [
        _on("mentorship_id", "created_at", "day"),
        _on("due_on", only={"state": "planned"}),
    ],
}
