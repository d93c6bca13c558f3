"""Indexes, and the refusals that the unique ones stand for."""

from pymongo import ASCENDING, IndexModel

from chassis.errors import Refusal
from services.members.errors import AppointmentTaken, AreaOverlaps, ContactTaken, NpsnTaken

OPEN: dict[str, object] = {"state": {"$in": ["offered", "accepted"]}}
TEXT = {"$type": "string"}
SAME_ROLE = ("member_id", "role", "area", "event_id", "deputy")

UNIQUE: dict[str, type[Refusal]] = {
    "area_codes": AreaOverlaps,
    "institution_npsn": NpsnTaken,
    "member_email": ContactTaken,
    "member_phone": ContactTaken,
    "appointment_open": AppointmentTaken,
}


def _unique(name: str, keys: tuple[str, ...], only: dict[str, object]) -> IndexModel:
    pairs = [(key, ASCENDING) for key in keys]
    return IndexModel(pairs, name=name, unique=True, partialFilterExpression=only)


def _purged() -> IndexModel:
    return IndexModel("purge_at", expireAfterSeconds=0)


INDEXES: dict[str, list[IndexModel]] = {
    "area": [_unique("area_codes", ("codes",), {"active": True})],
    "institution": [_unique("institution_npsn", ("npsn",), {"npsn": TEXT})],
    "member": [
        _unique("member_email", ("email",), {"email": TEXT}),
        _unique("member_phone", ("phone",), {"phone": TEXT}),
    ],
    "appointment": [
        _unique("appointment_open", SAME_ROLE, OPEN),
        IndexModel([("member_id", ASCENDING), ("state", ASCENDING)]),
        IndexModel([("role", ASCENDING), ("state", ASCENDING)]),
        IndexModel([("event_id", ASCENDING)], partialFilterExpression={"event_id": TEXT}),
        IndexModel([("ends_on", ASCENDING)], partialFilterExpression=OPEN),
    ],
    "competencies": [IndexModel("evidence.expires_on")],
    "innovation": [IndexModel("created_by"), IndexModel("authors.member_id")],
    "code": [IndexModel("member_id"), _purged()],
    "code_request": [IndexModel("asked_at"), IndexModel("username"), _purged()],
    "attempt": [_purged()],
    "family": [IndexModel("member_id"), _purged()],
    "letter": [IndexModel("due_at"), IndexModel("to")],
    "consent_ledger": [IndexModel([("member_id", ASCENDING), ("at", ASCENDING)])],
}
