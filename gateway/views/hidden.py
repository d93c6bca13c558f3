"""View `hidden`: what of other regions is not shown here, for the officers."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.federation.states import HiddenItem
from gateway.views.change import Change

NAME = "hidden"
KINDS = ("hidden_item",)
INDEXES = [IndexModel([("hidden", 1), ("updated_at", 1), ("_id", 1)])]


def fold(item: HiddenItem) -> list[Change]:
    """The item's document."""
    fields = {
        "version": item.version,
        "hidden": item.hidden,
        "peer": item.peer,
        "updated_at": item.updated_at,
        "item": encode(item),
    }
    part, seq = "hidden_item", item.version
    return [Change(view=NAME, id=item.id, part=part, sequence=seq, fields=fields)]
