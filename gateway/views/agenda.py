"""View `agenda`: who has which place at which event, here or in another region."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import AwayRegistration, Registration
from gateway.views import eyes
from gateway.views.change import Change, Document, plain, words

NAME = "agenda"
KINDS = ("registration", "away_registration")
FILTERS = ("state", "words")
SHOWN = (
    "id",
    "version",
    "region",
    "created_at",
    "updated_at",
    "event_id",
    "name",
    "state",
    "member_id",
    "answers",
    "position",
    "offer_expires_at",
    "needs_reconfirm",
    "ticket",
    "attended_at",
    "cancelled_reason",
)
INDEXES = [
    IndexModel([("event_id", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("event_id", 1), ("order", 1), ("_id", 1)]),
    *(IndexModel([("event_id", 1), (name, 1), ("created_at", 1), ("_id", 1)]) for name in FILTERS),
    IndexModel([("area", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("area", 1), ("state", 1), ("created_at", 1)]),
    IndexModel([("created_at", 1), ("_id", 1)]),
    IndexModel([("member_id", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("event_id", 1), ("member_id", 1)]),
    IndexModel("registration.registered_by", partialFilterExpression={"member_id": None}),
]


def fold(state: Registration | AwayRegistration) -> list[Change]:
    """The registration's document; one in another region has the same shape."""
    if isinstance(state, AwayRegistration):
        part, fields = "away_registration", away_fields(state)
    else:
        part, fields = "registration", fields_of(state)
    return [Change(view=NAME, id=state.id, part=part, sequence=state.version, fields=fields)]


def away_fields(away: AwayRegistration) -> Document:
    """As a registration here, but of no area: it is none of this region's events."""
    told = encode(away)
    shown = {name: told.get(name) for name in SHOWN} | {
        "area": away.occasion.area,
        "registered_by": away.member_id,
        "event_region": away.event_region,
        "refused": away.refused,
    }
    return {
        "version": away.version,
        "eyes": eyes.of_away_registration(away),
        "event_id": away.event_id,
        "area": None,
        "member_id": away.member_id,
        "state": away.state,
        "order": plain(away.name or ""),
        "words": words((away.name,)),
        "created_at": away.created_at,
        "updated_at": away.updated_at,
        "registration": shown,
        "occasion": told["occasion"],
    }


def fields_of(registration: Registration) -> Document:
    """The registration's document."""
    return {
        "version": registration.version,
        "eyes": eyes.of_registration(registration),
        "event_id": registration.event_id,
        "area": registration.area,
        "member_id": registration.member_id,
        "state": registration.state,
        "order": plain(registration.name or ""),
        "words": words((registration.name,)),
        "created_at": registration.created_at,
        "updated_at": registration.updated_at,
        "registration": encode(registration),
    }
