"""Where a service decides: one transaction per command or heard fact, exactly one effect."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from nameko.extensions import DependencyProvider
from pymongo import IndexModel
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

from chassis import clock, topology
from chassis.answer import AlreadyDone, Answer, answer_row, own_indexes, replayed
from chassis.broker import Publisher
from chassis.call import Actor, Call, Seen, answer_id, unasked
from chassis.connections import Connections
from chassis.errors import KeyRunning, Outage, Refusal
from chassis.log import bind
from chassis.mongo import Transactions, is_write_conflict, within
from chassis.relay import Relay
from chassis.replicas import Kept, lacks, note_all
from chassis.settings import Settings
from chassis.work import Document, Refused, Work, outbox_rows
from contracts.codec import encode
from contracts.command import Command
from contracts.envelope import Envelope, seal
from contracts.fact import Fact

HEAR_SECONDS = 20.0
RESTATE_BATCH = 200

Handler = Callable[[Any, Any], Any]
Sweep = Callable[[Any], Any]


class Desk(DependencyProvider):
    """A service's door to its database: `decide` commands, `hear` facts, `restate` aggregates."""

    def __init__(
        self,
        *,
        database: str,
        work: type[Work] = Work,
        unique: Mapping[str, type[Refusal]] | None = None,
        indexes: Mapping[str, Sequence[IndexModel]] | None = None,
        keeps: Kept | None = None,
        speaks: bool = True,
    ) -> None:
        self._name, self._work, self.speaks = database, work, speaks
        self._unique, self._indexes, self._keeps = unique or {}, indexes or {}, keeps or {}
        self._connections = Connections()

    def setup(self) -> None:
        """Connect once, before any worker exists."""
        self.settings: Settings = self.container.config["settings"]
        client = self._connections.open(self.settings)
        self.database = client[self._name]
        self.transactions = Transactions(client)
        self.relay = Relay(
            self.database["outbox"],
            Publisher(self.settings.amqp_uri),
            region=self.settings.region,
            speaker=self.container.service_name,
            sweep_seconds=self.settings.relay_sweep_seconds,
        )

    def declare(self, connection: Any) -> None:
        """Create the exchange that the relay speaks to."""
        topology.declare_facts(connection)

    def index(self) -> None:
        """Create the indexes; the broker may still be on its way."""
        for name, wanted in {**own_indexes(self.settings), **self._indexes}.items():
            if wanted:
                self.database[name].create_indexes(list(wanted))

    def start(self) -> None:
        """Run the relay, unless the service says nothing."""
        self._relaying = (
            self.container.spawn_managed_thread(self.relay.run) if self.speaks else None
        )

    def stop(self) -> None:
        """Let the relay finish its batch; the outbox keeps the rest."""
        if self._relaying is not None:
            self.relay.stop()
            self._relaying.wait()

    def get_dependency(self, _: Any) -> "Desk":
        """The desk itself."""
        return self

    def ping(self) -> None:
        """Raise when the database does not answer."""
        self.database.command("ping")

    # -- commands ---------------------------------------------------------------------------

    def decide(self, handler: Handler, call: Call) -> Answer:
        """Run `handler(work, command)` once for the call's key.

        Raises Refusal when a rule says no (nothing is changed, unless the handler returned
        Refused) and Outage when the database is away.
        """
        bind(request_id=call.request_id, traceparent=call.traceparent, verb=call.verb)
        try:
            return self._decided(handler, call)
        except (Refusal, DuplicateKeyError, BulkWriteError) as error:
            replay = None if isinstance(error, KeyRunning) else self._replay(call)
            if replay is None:
                raise
            return replay
        except AlreadyDone:
            replay = self._replay(call)
            if replay is None:
                raise KeyRunning("try again", retry_after_seconds=1) from None
            return replay

    def _decided(self, handler: Handler, call: Call) -> Answer:
        def body(session: ClientSession) -> tuple[Any, list[Document], list[Document]]:
            work = self._open(session, call)
            result = handler(work, call.command)
            refused = isinstance(result, Refused)
            result = result if refused else encode(result)
            rows = work.close() if refused else self._closed(work, result)
            return result, [encode(envelope) for envelope in work.recorded], rows

        result, facts, rows = self._transact(body, call.deadline)
        self.relay.kick(rows)
        if isinstance(result, Refused):
            result.refusal.facts = facts
            raise result.refusal
        return Answer(result=result, facts=facts)

    def _open(self, session: ClientSession, call: Call) -> Work:
        return self._work(self.database, session, call, self.settings.region)

    def _transact(self, body: Callable[[ClientSession], Any], deadline: float) -> Any:
        try:
            return self.transactions.run(body, deadline=deadline)
        except (DuplicateKeyError, BulkWriteError) as error:
            raise self._refusal_for(error) from error

    def _refusal_for(self, error: DuplicateKeyError | BulkWriteError) -> Exception:
        """The refusal that a unique index stands for."""
        told = str(error.details or error)
        for index, refusal in self._unique.items():
            if f"index: {index} " in told:
                return refusal()
        return error

    def _closed(self, work: Work, result: Any) -> list[Document]:
        """Close the work with the answer to the call's key, in the same transaction."""
        if work.call.key is None:
            return work.close()
        try:
            return work.close(answer_row(work.call, result))
        except (DuplicateKeyError, BulkWriteError):
            raise AlreadyDone from None
        except PyMongoError as error:
            if is_write_conflict(error):
                raise KeyRunning("the first one has not ended", retry_after_seconds=1) from error
            raise

    def _replay(self, call: Call) -> Answer | None:
        """The stored answer to the call's key; raises KeyMismatch and KeyForgotten."""
        if call.key is None:
            return None
        try:
            with within(call.deadline):
                row = self.database["outbox"].find_one({"_id": answer_id(call)})
        except PyMongoError as error:
            raise Outage(f"database: {error!r}") from error
        return None if row is None else replayed(row, call)

    # -- facts of others, restating, sweeps ---------------------------------------------------

    def hear(self, handler: Handler, envelope: Envelope, fact: Fact) -> None:
        """Run `handler(work, fact)` and mark the inbox in one transaction; once per fact."""
        deadline = time.time() + HEAR_SECONDS
        call = unasked(deadline, envelope.correlationid, envelope.traceparent)
        bind(request_id=call.request_id, traceparent=call.traceparent, fact=envelope.name)

        def body(session: ClientSession) -> list[Document]:
            work = self._open(session, call)
            mark = {"_id": envelope.id, "heard_at": datetime.now(UTC)}
            try:
                work.collection("inbox").insert_one(mark)
            except DuplicateKeyError:
                raise AlreadyDone from None
            handler(work, fact)
            return work.close()

        try:
            self.relay.kick(self._transact(body, deadline))
        except AlreadyDone:
            return

    def lacks(self, shown: Iterable[Seen]) -> bool:
        """Whether somebody was shown something that has not been heard here yet."""
        return lacks(self.database, self._keeps, shown)

    def remember(self, facts: Iterable[Fact]) -> None:
        """Note what others say of what this service `keeps`; in any order, as often as it comes."""
        with within(time.time() + HEAR_SECONDS):
            note_all(self.database, self._keeps, facts)

    def sweep(self, handler: Sweep, seconds: float = 5.0, actor: Actor | None = None) -> Any:
        """Run `handler(work)` in a transaction of its own: what no caller asked for, or not yet."""
        deadline = time.time() + seconds
        call = Call(command=Command(), actor=actor or Actor(address="sweep"), deadline=deadline)

        def body(session: ClientSession) -> tuple[Any, list[Document]]:
            work = self._open(session, call)
            return handler(work), work.close()

        result, rows = self._transact(body, deadline)
        self.relay.kick(rows)
        return result

    def restate(self, kind: str, said: Callable[[Document], Fact]) -> int:
        """Say every aggregate of a kind again, in batches; `said(document)` makes the fact.

        Gives how many. Sequences are those of the aggregates, so holders of the same or of newer
        state ignore it.
        """
        batch: list[Envelope] = []
        count = 0
        for document in self.database[kind].find({}, batch_size=RESTATE_BATCH):
            batch.append(self._restated(said(document)))
            count += 1
            if len(batch) == RESTATE_BATCH:
                self._say(batch)
                batch = []
        self._say(batch)
        return count

    def _restated(self, fact: Fact) -> Envelope:
        return seal(fact, id=clock.new_id(), region=self.settings.region, time=clock.now())

    def _say(self, batch: Sequence[Envelope]) -> None:
        if batch:
            self.database["outbox"].insert_many(list(outbox_rows(batch, 0)))
