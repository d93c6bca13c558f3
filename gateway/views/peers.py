"""View `peers`: this region as others know it, and the regions that it is paired with."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.federation.states import Identity, Peer
from gateway.views.change import Change, Document

NAME = "peers"
KINDS = ("peer", "identity")
INDEXES = [IndexModel([("order", 1), ("_id", 1)])]


def fold(state: Identity | Peer) -> list[Change]:
    """The region's document; its own has no state."""
    told, part = encode(state), "peer" if isinstance(state, Peer) else "identity"
    fields: Document = {"version": state.version, "order": state.id, part: told}
    if isinstance(state, Peer):
        fields["state"] = state.state
    return [Change(view=NAME, id=state.id, part=part, sequence=state.version, fields=fields)]
