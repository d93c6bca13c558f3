"""View `venues`: places that events use; contacts are for coordinators."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import Venue
from gateway.views.change import Change, plain, words

NAME = "venues"
KINDS = ("venue",)
FILTERS = ("area", "institution_id", "active", "words")
INDEXES = [
    IndexModel([("order", 1), ("_id", 1)]),
    IndexModel([("updated_at", 1), ("_id", 1)]),
    *(IndexModel([(name, 1), ("order", 1), ("_id", 1)]) for name in FILTERS),
]


def fold(venue: Venue) -> list[Change]:
    """The place's document."""
    fields = {
        "version": venue.version,
        "eyes": ["active"],
        "order": plain(venue.name),
        "words": words((venue.name, venue.address)),
        "area": venue.area,
        "institution_id": venue.institution_id,
        "active": venue.active,
        "updated_at": venue.updated_at,
        "venue": encode(venue),
    }
    return [Change(view=NAME, id=venue.id, part="venue", sequence=venue.version, fields=fields)]
