"""What the service keeps for itself and never says: what was said, heard, and how peers are met."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from pymongo import ReplaceOne

from chassis.shelf import MongoRows
from contracts.codec import encode
from services.federation.model.rows import AbroadRow, Reach, SaidRow

BY_ID = [("_id", 1)]

B = TypeVar("B", SaidRow, AbroadRow)


class MongoBatches(MongoRows[B]):
    """Rows that are looked up and kept many at a time."""

    def many(self, ids: Iterable[str]) -> dict[str, B]:
        """Those with one of the ids, by id; one query."""
        return {row.id: row for row in self.some({"_id": {"$in": sorted(ids)}})}

    def keep_all(self, rows: Sequence[B]) -> None:
        """Insert or replace; one write."""
        written = [
            ReplaceOne({"_id": one.id}, {"_id": one.id, **encode(one)}, True) for one in rows
        ]
        if written:
            self.collection.write(written)


class MongoSaid(MongoBatches[SaidRow]):
    """What was said of our subjects."""

    cls = SaidRow

    def for_peer(self, peer: str, after: str, limit: int) -> list[SaidRow]:
        """What a peer is to know, by id, after one."""
        wanted = {"told": True, "to": {"$in": [None, peer]}, "_id": {"$gt": after}}
        return self.some(wanted, sort=BY_ID, limit=limit)


class MongoAbroad(MongoBatches[AbroadRow]):
    """What peers said of theirs."""

    cls = AbroadRow

    def get(self, id: str) -> AbroadRow | None:
        """One by id."""
        return self.one(id)

    def of_kind(self, kind: str, after: str, limit: int) -> list[AbroadRow]:
        """Of one kind, by id, after one."""
        return self.some({"kind": kind, "_id": {"$gt": after}}, sort=BY_ID, limit=limit)

    def to_hide(self, peer: str, limit: int) -> list[AbroadRow]:
        """Events and innovations of a peer that are not hidden."""
        kinds = {"$in": ["event", "innovation"]}
        shown = {"peer": peer, "hidden": False, "kind": kinds, "withdrawn": False}
        return self.some(shown, sort=BY_ID, limit=limit)

    def hide(self, ids: Iterable[str], hidden: bool) -> None:
        """Note that they are hidden, or not; one write."""
        if wanted := list(ids):
            self.collection.update_many({"_id": {"$in": wanted}}, {"$set": {"hidden": hidden}})


class MongoReaches(MongoRows[Reach]):
    """How peers are reached."""

    cls = Reach

    def get(self, id: str) -> Reach:
        """One by the peer's id; a fresh one when there is none."""
        return self.one(id) or Reach(id=id)

    def keep(self, row: Reach) -> None:  # type: ignore[override]
        """Insert or replace."""
        super().keep(row.id, row)
