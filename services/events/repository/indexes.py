"""Indexes, and the refusals that the unique ones stand for."""

from pymongo import ASCENDING, IndexModel

from chassis.errors import Refusal
from services.events.errors import AlreadyRegistered, CertificateStateForbids

TEXT = {"$type": "string"}
TAKES_PART: dict[str, object] = {
    "state": {"$in": ["confirmed", "waiting", "offered", "attended", "no_show"]},
    "member_id": TEXT,
}

AWAY: dict[str, object] = {
    "state": {"$in": ["asked", "confirmed", "waiting", "offered", "attended", "no_show"]},
    "member_id": TEXT,
}

UNIQUE: dict[str, type[Refusal]] = {
    "registration_open": AlreadyRegistered,
    "away_open": AlreadyRegistered,
    "certificate_valid": CertificateStateForbids,
}


def _unique(name: str, keys: tuple[str, ...], only: dict[str, object]) -> IndexModel:
    pairs = [(key, ASCENDING) for key in keys]
    return IndexModel(pairs, name=name, unique=True, partialFilterExpression=only)


def _on(*keys: str, only: dict[str, object] | None = None) -> IndexModel:
    narrowed = {"partialFilterExpression": only} if only else {}
    return IndexModel([(key, ASCENDING) for key in keys], **narrowed)


INDEXES: dict[str, list[IndexModel]] = {
    "event_request": [_on("state", "created_at"), _on("backers"), _on("requested_by")],
    "event": [
        _on("venue.venue_id", "starts_at", only={"venue.venue_id": TEXT}),
        _on("series_id", "starts_at", only={"series_id": TEXT}),
        _on("speakers.answer_by", only={"state": {"$in": ["draft", "published"]}}),
        _on("speakers.member_id"),
        _on("ends_at"),
    ],
    "registration": [
        _unique("registration_open", ("event_id", "member_id"), TAKES_PART),
        _on("event_id", "state", "position"),
        _on("member_id", only={"member_id": TEXT}),
        _on("offer_expires_at", only={"state": "offered"}),
    ],
    "away_registration": [
        _unique("away_open", ("event_id", "member_id"), AWAY),
        _on("member_id", only={"member_id": TEXT}),
    ],
    "equipment": [
        _on("reservations.event_id"),
        _on("reservations.ends_at"),
        _on("owner_member_id", only={"owner_member_id": TEXT}),
    ],
    "series": [_on("made_until", only={"ended": False})],
    "certificate": [
        _unique("certificate_valid", ("registration_id",), {"state": "valid"}),
        _on("event_id"),
        _on("member_id", only={"member_id": TEXT}),
    ],
    "calendar_feed": [_on("member_id", only={"revoked": False})],
}
