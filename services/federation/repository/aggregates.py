"""Aggregates as they lie in their collections; only `Work.record` writes them."""

from collections.abc import Iterable

from chassis.shelf import MongoAggregates
from contracts.federation import states


class MongoPeers(MongoAggregates[states.Peer]):
    """All peers."""

    cls = states.Peer

    def all(self) -> list[states.Peer]:
        """Every one, by id."""
        return self.some({}, sort=[("_id", 1)])


class MongoHiddenItems(MongoAggregates[states.HiddenItem]):
    """What of peers is or was hidden."""

    cls = states.HiddenItem

    def many(self, ids: Iterable[str]) -> list[states.HiddenItem]:
        """Those with one of the ids; one query."""
        return self.some({"_id": {"$in": list(ids)}})

    def blocked(self, peer: str, limit: int) -> list[states.HiddenItem]:
        """What is hidden because its region was blocked, and by nobody in particular."""
        wanted = {"peer": peer, "hidden": True, "hidden_by": None}
        return self.some(wanted, sort=[("_id", 1)], limit=limit)


class MongoErasures(MongoAggregates[states.Erasure]):
    """What peers were asked to erase."""

    cls = states.Erasure
