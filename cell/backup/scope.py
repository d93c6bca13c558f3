"""What of a cell is copied: what somebody decided or sent, not what is made again from it."""

from collections.abc import Iterator
from typing import Any

from pymongo import MongoClient

from cell.database import AUDIT, DATABASES

VIEWS = "jejaring_views"
FILES = "jejaring_files"
BUCKETS = ("photos",)
# Views, the change log and its head are made again when the services restate: a new epoch makes
# every phone start over. These two nobody restates.
KEPT_OF_VIEWS = ("parked", "sessions")
OF_PROCESSES = ("leases",)  # which of them does the next round
# How peers are reached: without it they are told, and asked for, everything once more.
OF_PEERS = ("jejaring_federation", "reach")


def databases() -> list[str]:
    """Every database of a cell."""
    return sorted({AUDIT, *(name for names in DATABASES.values() for name in names)})


def database_of(speaker: str) -> str:
    """The database of a service."""
    return f"jejaring_{speaker}"


def is_kept(database: str, collection: str) -> bool:
    """Whether a copy holds the collection; the pieces of photos are kept as files."""
    if collection.startswith("system.") or collection in OF_PROCESSES:
        return False
    if (database, collection) == OF_PEERS:
        return False
    if database == VIEWS:
        return collection in KEPT_OF_VIEWS
    return not (database == FILES and collection.endswith(".chunks"))


def collections(client: "MongoClient[Any]") -> Iterator[tuple[str, str]]:
    """Database and name of everything to copy, in order."""
    for database in databases():
        for name in sorted(client[database].list_collection_names()):
            if is_kept(database, name):
                yield database, name


def occupied(client: "MongoClient[Any]") -> str | None:
    """A collection that holds something already, or None when the cell is empty."""
    for database in databases():
        for name in client[database].list_collection_names():
            if not name.startswith("system.") and client[database][name].find_one({}, ["_id"]):
                return f"{database}.{name}"
    return None
