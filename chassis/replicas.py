"""What a service remembers of aggregates that others own: of each the newest state it heard.

A note applies only if its version is higher than what is there. So notes need neither an inbox nor
a transaction: twice, late or out of order they change nothing, and a batch of them is one write.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

from pymongo import UpdateOne
from pymongo.database import Database

from chassis.ahead import BY_ID
from chassis.call import Seen
from chassis.mongo import MAJORITY, upsert_all
from chassis.work import Bound, Document, Work
from contracts.codec import decode, encode
from contracts.fact import Fact, State

K = TypeVar("K", bound=State)

Kept = Mapping[str, type[State]]


def collection_of(kind: str) -> str:
    """The name of the collection in which a kind is remembered."""
    return f"known_{kind}"


def note_all(database: "Database[Document]", kept: Kept, facts: Iterable[Fact]) -> None:
    """Keep what the facts say, unless something newer is there; safe when it returns.

    `kept` names for each kind a class with the fields to keep; facts of other kinds are ignored.
    """
    for kind, states in _newest(facts, kept).items():
        collection = database.get_collection(collection_of(kind), write_concern=MAJORITY)
        upsert_all(collection, [UpdateOne(*_note(kept[kind], state), True) for state in states])


def note(work: Work, kept: Kept, fact: Fact) -> None:
    """The same for one fact in a transaction that does more than remember."""
    if fact.kind in kept:
        known = work.collection(collection_of(fact.kind))
        known.update_one(*_note(kept[fact.kind], fact.state), upsert=True)


def lacks(database: "Database[Document]", kept: Kept, shown: Iterable[Seen]) -> bool:
    """Whether somebody was shown something newer than what is remembered of a kind that is kept."""
    wanted: dict[str, dict[str, int]] = {}
    for one in shown:
        if one.kind in kept:
            wanted.setdefault(one.kind, {})[one.id] = one.version
    for kind, versions in wanted.items():
        known = database[collection_of(kind)].find({"_id": {"$in": [*versions]}}, ["version"])
        held = {row["_id"]: row["version"] for row in known}
        if any(held.get(one, 0) < version for one, version in versions.items()):
            return True
    return False


def _newest(facts: Iterable[Fact], kept: Kept) -> dict[str, list[State]]:
    """By kind, of each subject the newest state."""
    found: dict[str, dict[str, State]] = {}
    for fact in facts:
        if fact.kind not in kept:
            continue
        states, state = found.setdefault(fact.kind, {}), fact.state
        if state.id not in states or states[state.id].version < state.version:
            states[state.id] = state
    return {kind: list(states.values()) for kind, states in found.items()}


def _note(cls: type[State], state: State) -> tuple[Document, list[Document]]:
    """Filter and pipeline of one guarded upsert."""
    known = encode(decode(cls, encode(state)))
    newer = {"$lt": [{"$ifNull": ["$version", 0]}, state.version]}
    after = {"$mergeObjects": ["$$ROOT", {"$literal": known}]}
    return {"_id": state.id}, [{"$replaceWith": {"$cond": [newer, after, "$$ROOT"]}}]


class MongoReplicas(Generic[K]):
    """All of one kind, inside a transaction; `cls` names the fields that are kept."""

    cls: type[K]

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def get(self, id: str) -> K | None:
        """One by id."""
        document = self.collection.find_one({"_id": id})
        return None if document is None else decode(self.cls, document)

    def many(self, ids: Iterable[str]) -> list[K]:
        """Those with one of the ids, in their order; one query."""
        return self.some({"_id": {"$in": list(ids)}}, sort=BY_ID)

    def pin(self, id: str) -> None:
        """What is heard of it waits for this transaction, or has this one run once more."""
        self.collection.update_one({"_id": id}, {"$inc": {"pinned": 1}})

    def some(self, filter: Document, **options: Any) -> list[K]:
        """Those that match."""
        return [decode(self.cls, found) for found in self.collection.find(filter, **options)]
