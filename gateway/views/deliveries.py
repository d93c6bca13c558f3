"""View `deliveries`: the ledger of what went over which channel; never an address."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.notifications.states import Delivery
from gateway.views.change import Change

NAME = "deliveries"
KINDS = ("delivery",)
FILTERS = ("state", "channel", "member_id", "kind", "fact_id")
INDEXES = [
    IndexModel([("updated_at", 1), ("_id", 1)]),
    IndexModel([("sender_id", 1), ("updated_at", 1), ("_id", 1)]),
    *(IndexModel([(name, 1), ("updated_at", 1), ("_id", 1)]) for name in FILTERS),
]


def fold(delivery: Delivery) -> list[Change]:
    """The row's document."""
    fields = {
        "version": delivery.version,
        **{name: getattr(delivery, name) for name in FILTERS},
        "sender_id": delivery.sender_id,
        "updated_at": delivery.updated_at,
        "delivery": encode(delivery),
    }
    seq = delivery.version
    return [Change(view=NAME, id=delivery.id, part="delivery", sequence=seq, fields=fields)]
