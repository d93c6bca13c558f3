"""View `erasures`: what other regions were asked to erase, and their receipts."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.federation.states import Erasure
from gateway.views.change import Change

NAME = "erasures"
KINDS = ("erasure",)
FILTERS = ("state", "peer")
INDEXES = [
    IndexModel([("asked_at", 1), ("_id", 1)]),
    *(IndexModel([(name, 1), ("asked_at", 1), ("_id", 1)]) for name in FILTERS),
]


def fold(erasure: Erasure) -> list[Change]:
    """The erasure's document."""
    fields = {
        "version": erasure.version,
        "state": erasure.state,
        "peer": erasure.peer,
        "asked_at": erasure.asked_at,
        "erasure": encode(erasure),
    }
    seq = erasure.version
    return [Change(view=NAME, id=erasure.id, part="erasure", sequence=seq, fields=fields)]
