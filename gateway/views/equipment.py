"""View `equipment`: what members and institutions lend to events."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import Equipment
from gateway.views import eyes
from gateway.views.change import Change, plain, words

NAME = "equipment"
KINDS = ("equipment",)
FILTERS = ("area", "active", "owner_member_id", "words")
INDEXES = [
    IndexModel([("order", 1), ("_id", 1)]),
    IndexModel([("updated_at", 1), ("_id", 1)]),
    IndexModel("equipment.owner_member_id"),
    IndexModel("equipment.reservations.reserved_by"),
    *(IndexModel([(name, 1), ("order", 1), ("_id", 1)]) for name in FILTERS),
]


def fold(equipment: Equipment) -> list[Change]:
    """The thing's document."""
    fields = {
        "version": equipment.version,
        "eyes": eyes.of_equipment(equipment),
        "order": plain(equipment.name),
        "words": words((equipment.name, equipment.description)),
        "area": equipment.area,
        "active": equipment.active,
        "owner_member_id": equipment.owner_member_id,
        "updated_at": equipment.updated_at,
        "equipment": encode(equipment),
    }
    seq = equipment.version
    return [Change(view=NAME, id=equipment.id, part="equipment", sequence=seq, fields=fields)]
