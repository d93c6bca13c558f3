"""One transaction: the aggregates it changes, the facts about them, and nothing in between."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from pymongo import InsertOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database

from chassis import clock
from chassis.acts import Acts
from chassis.ahead import BY_ID, Ahead, Wanted
from chassis.call import Call
from chassis.errors import Refusal, Stale
from chassis.forgetting import MARKS, mark
from contracts.catalogue import FACTS
from contracts.codec import encode
from contracts.envelope import Envelope, seal
from contracts.fact import Fact, State

Document = dict[str, Any]
S = TypeVar("S", bound=State)

LARGEST_FACT_BYTES = 256 * 1024
HEAD_START_SECONDS = 1.0


@dataclass(frozen=True)
class Refused:
    """What a handler returns to refuse and still keep what it wrote (a counted attempt)."""

    refusal: Refusal


class FactTooLarge(Exception):
    """A fact of this size would be refused by every broker; the change is not made."""


class Bound:
    """A collection inside the transaction; for repositories."""

    def __init__(self, collection: "Collection[Document]", work: "Work") -> None:
        self._collection = collection
        self._session, self._ahead, self._acts = work.session, work.ahead, work.acts

    @property
    def _to_write(self) -> "Collection[Document]":
        """The collection; what was read of it ahead is no longer true."""
        self._ahead.forget(self._collection.name)
        return self._collection

    def find_one(self, filter: Document, **options: Any) -> Document | None:
        """The first document that matches."""
        if options:
            return self._collection.find_one(filter, session=self._session, **options)
        known = self._ahead.take(self._collection.name, filter)
        if known is None:
            found = self._collection.find_one(filter, session=self._session)
        else:
            found = known[0] if known else None
        return self._acts.seen(self._collection.name, found)

    def find(self, filter: Document, **options: Any) -> Iterator[Document]:
        """The documents that match."""
        if options == {"sort": BY_ID}:
            known = self._ahead.take(self._collection.name, filter)
            if known is not None:
                return iter(known)
        return iter(self._collection.find(filter, session=self._session, **options))

    def count(self, filter: Document) -> int:
        """How many match."""
        return self._collection.count_documents(filter, session=self._session)

    def insert_one(self, document: Document) -> None:
        """Add one document; DuplicateKeyError ends the transaction."""
        self._to_write.insert_one(document, session=self._session)

    def insert_many(self, documents: Sequence[Document]) -> None:
        """Add documents; DuplicateKeyError ends the transaction."""
        if len(documents) == 1:
            self.insert_one(documents[0])
        elif documents:
            self._to_write.insert_many(documents, session=self._session)

    def update_one(self, filter: Document, update: Any, upsert: bool = False) -> int:
        """Change the first match; how many matched."""
        done = self._to_write.update_one(filter, update, upsert=upsert, session=self._session)
        return done.matched_count

    def update_many(self, filter: Document, update: Any) -> int:
        """Change all matches; how many matched."""
        return self._to_write.update_many(filter, update, session=self._session).matched_count

    def replace_one(self, filter: Document, document: Document, upsert: bool = False) -> int:
        """Replace the first match; how many matched."""
        done = self._to_write.replace_one(filter, document, upsert=upsert, session=self._session)
        return done.matched_count

    def delete_many(self, filter: Document) -> int:
        """Remove all matches; how many."""
        return self._to_write.delete_many(filter, session=self._session).deleted_count

    def write(self, operations: Sequence[Any]) -> int:
        """One bulk write; how many documents matched or were inserted or removed."""
        done = self._to_write.bulk_write(operations, ordered=True, session=self._session)
        return done.matched_count + done.inserted_count + done.deleted_count


class Work:
    """Everything one command or one heard fact changes, committed together or not at all."""

    def __init__(
        self, database: "Database[Document]", session: ClientSession, call: Call, region: str
    ) -> None:
        self._database, self.session = database, session
        self.call = call
        self.region = region
        self.now = clock.now()
        self.recorded: list[Envelope] = []
        self.acts = Acts(call)
        self.ahead = Ahead(database, session, tuple(self.foreseen()))

    def foreseen(self) -> Iterable[Wanted]:
        """Queries that the call will surely make; the first is about one document by its id."""
        return ()

    def collection(self, name: str) -> Bound:
        """A collection inside this transaction."""
        return Bound(self._database[name], self)

    def to_change(self, state: S) -> S:
        """The state, if it is the version that the caller saw; raises Stale (412) otherwise."""
        if self.call.if_match is not None and state.version != self.call.if_match:
            raise Stale(f"version {state.version} is current, not {self.call.if_match}")
        return state

    def acts_as(self, roles: Iterable[str]) -> None:
        """The caller holds these offices: what he changes from now on is told as his act."""
        self.acts.roles = tuple(sorted(set(roles)))

    def record(self, fact: Fact) -> Any:
        """Write the subject as the fact has it, and the fact; the only way to change an aggregate.

        The stored version must be the one before (or none for version 1); otherwise raises Stale.
        """
        return self.record_many((fact,))[0]

    def record_many(self, facts: Sequence[Fact]) -> list[Any]:
        """`record` for many facts in few round trips; facts about one kind keep their order."""
        for kind in dict.fromkeys(fact.kind for fact in facts):
            self.acts.note_all(kind, self.collection(kind), [f for f in facts if f.kind == kind])
            self._write(kind, [fact.state for fact in facts if fact.kind == kind])
        self.recorded.extend(self._sealed(fact) for fact in facts)
        return [fact.state for fact in facts]

    def _write(self, kind: str, states: Sequence[State]) -> None:
        collection = self.collection(kind)
        if len(states) == 1:
            written = _write_one(collection, states[0])
        else:
            written = collection.write([_operation(state) for state in states])
        if written != len(states):
            raise Stale(f"{kind} was changed by somebody else at the same time")

    def _sealed(self, fact: Fact) -> Envelope:
        return seal(
            fact,
            id=clock.new_id(),
            region=self.region,
            time=self.now,
            traceparent=self.call.traceparent,
            correlation=self.call.request_id,
        )

    def forget_answers(self, *ids: str) -> None:
        """Soon nothing is left in kept answers that were given to one of these or name one."""
        self.collection(MARKS).insert_one(mark(self.call, ids))

    def close(self, answer: Document | None = None) -> list[Document]:
        """Put the facts, and the answer to the caller's key, into the outbox: one write.

        Gives the rows of the facts, for the relay. It is the last thing in the transaction.
        """
        acted = [self._sealed(fact) for fact in self.acts.told(self.now, self.region)]
        rows = list(outbox_rows([*self.recorded, *acted], HEAD_START_SECONDS))
        self.collection("outbox").insert_many([*rows, *([answer] if answer else [])])
        return rows


def _write_one(collection: Bound, state: State) -> int:
    document = {"_id": state.id, **encode(state)}
    if state.version == 1:
        collection.insert_one(document)
        return 1
    return collection.replace_one({"_id": state.id, "version": state.version - 1}, document)


def _operation(state: State) -> Any:
    document = {"_id": state.id, **encode(state)}
    if state.version == 1:
        return InsertOne(document)
    return ReplaceOne({"_id": state.id, "version": state.version - 1}, document)


def outbox_rows(envelopes: Iterable[Envelope], head_start_seconds: float) -> Iterator[Document]:
    """Rows for the outbox; the sweep leaves them to the in-process kick for the head start."""
    recorded_at = clock.real()
    for envelope in envelopes:
        body = orjson.dumps(encode(envelope))
        if len(body) > LARGEST_FACT_BYTES:
            raise FactTooLarge(f"{envelope.type} about {envelope.subject}: {len(body)} bytes")
        yield {
            "_id": envelope.id,
            "key": envelope_key(envelope),
            "body": body,
            "recorded_at": recorded_at,
            "leased_until": clock.later(recorded_at, head_start_seconds),
        }


def envelope_key(envelope: Envelope) -> str:
    """The routing key of a sealed fact."""
    return FACTS[envelope.name].route(envelope.region)
