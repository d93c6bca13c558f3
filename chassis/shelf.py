"""Collections of a service as shelves of typed things: aggregates, and private rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

from chassis.work import Bound, Document
from contracts.aggregate import Aggregate
from contracts.codec import decode, encode

A = TypeVar("A", bound=Aggregate)
R = TypeVar("R")


def text(value: str) -> Document:
    """Equal to a text: says that it is one, or an index of texts only would not be used."""
    return {"$eq": value, "$type": "string"}


def texts(values: Iterable[str]) -> Document:
    """One of the texts, likewise."""
    return {"$in": list(values), "$type": "string"}


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
