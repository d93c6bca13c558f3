"""View `areas`: named sets of official codes, resolvable by code, with who coordinates."""

import orjson
from pymongo import IndexModel

from contracts.codec import encode
from contracts.members.states import Area
from gateway.views.change import Change, plain

NAME = "areas"
KINDS = ("area",)
INDEXES = [
    IndexModel([("order", 1), ("_id", 1)]),
    IndexModel([("active", 1), ("order", 1), ("_id", 1)]),
    IndexModel([("updated_at", 1), ("_id", 1)]),
    IndexModel("codes"),
    IndexModel("acting_coordinator"),
]


def fold(area: Area) -> list[Change]:
    """The area's document."""
    fields = {
        "version": area.version,
        "order": plain(area.name),
        "codes": list(area.codes),
        "active": area.active,
        "acting_coordinator": area.acting_coordinator,
        "updated_at": area.updated_at,
        "body": orjson.dumps(encode(area)),
    }
    return [Change(view=NAME, id=area.id, part="area", sequence=area.version, fields=fields)]
