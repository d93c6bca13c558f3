"""Collections of a service as shelves of typed things: aggregates, and private rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

from chassis.work import Bound, Document
from contracts.aggregate import Aggregate
from contracts.codec import decode, encode
from contracts.fact import State

A = TypeVar("A", bound=Aggregate)
K = TypeVar("K", bound=State)
R = TypeVar("R")


class MongoAggregates(Generic[A]):
    """All aggregates of one kind; only `Work.record` writes them."""

    cls: type[A]

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def get(self, id: str) -> A | None:
        """One by id."""
        document = self.collection.find_one({"_id": id})
        return None if document is None else decode(self.cls, document)

    def some(self, filter: dict[str, Any], **options: Any) -> list[A]:
        """Those that match."""
        return [decode(self.cls, found) for found in self.collection.find(filter, **options)]


class MongoReplicas(Generic[K]):
    """What is remembered of another service's aggregates; `cls` names the fields that are kept."""

    cls: type[K]

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def get(self, id: str) -> K | None:
        """One by id."""
        document = self.collection.find_one({"_id": id})
        return None if document is None else decode(self.cls, document)

    def some(self, filter: Document, **options: Any) -> list[K]:
        """Those that match."""
        return [decode(self.cls, found) for found in self.collection.find(filter, **options)]

    def note(self, state: State) -> None:
        """Keep the state of a heard fact, unless the same or a newer one is there."""
        known = encode(decode(self.cls, encode(state)))
        newer = {"$lt": [{"$ifNull": ["$version", 0]}, state.version]}
        after = {"$mergeObjects": ["$$ROOT", {"$literal": known}]}
        step = {"$replaceWith": {"$cond": [newer, after, "$$ROOT"]}}
        self.collection.update_one({"_id": state.id}, [step], upsert=True)


class MongoRows(Generic[R]):
    """Private rows of one kind."""

    cls: type[R]

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def one(self, id: str) -> R | None:
        """One by id."""
        document = self.collection.find_one({"_id": id})
        return None if document is None else decode(self.cls, document)

    def some(self, filter: Document, **options: Any) -> list[R]:
        """Those that match."""
        return [decode(self.cls, found) for found in self.collection.find(filter, **options)]

    def keep(self, id: str, row: R, purge_at: datetime | None = None) -> None:
        """Insert or replace; the database removes it at `purge_at`."""
        extra = {"purge_at": purge_at} if purge_at else {}
        self.collection.replace_one({"_id": id}, {"_id": id, **encode(row), **extra}, upsert=True)

    def drop(self, ids: Iterable[str]) -> None:
        """Remove by id."""
        if listed := list(ids):
            self.collection.delete_many({"_id": {"$in": listed}})
