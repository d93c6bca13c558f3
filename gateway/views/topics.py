"""View `topics`: wishes for events, the most backed first."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import EventRequest
from gateway.views.change import Change, words

NAME = "topics"
KINDS = ("event_request",)
FILTERS = ("area", "state", "kind", "words")
INDEXES = [
    IndexModel([("rank", 1), ("_id", 1)]),
    IndexModel([("created_at", 1), ("_id", 1)]),
    IndexModel([("updated_at", 1), ("_id", 1)]),
    IndexModel("backed_by"),
    *(IndexModel([(name, 1), ("rank", 1), ("_id", 1)]) for name in FILTERS),
]


def fold(request: EventRequest) -> list[Change]:
    """The wish's document; who backs it stays apart from what is shown."""
    told = {name: part for name, part in encode(request).items() if name != "backers"}
    fields = {
        "version": request.version,
        "eyes": ["active"],
        "area": request.area,
        "state": request.state,
        "kind": request.kind,
        "rank": f"{len(request.backers):06d}",
        "words": words((request.topic, request.description)),
        "created_at": request.created_at,
        "updated_at": request.updated_at,
        "backed_by": list(request.backers),
        "request": {**told, "backers": len(request.backers)},
    }
    seq = request.version
    return [Change(view=NAME, id=request.id, part="event_request", sequence=seq, fields=fields)]
