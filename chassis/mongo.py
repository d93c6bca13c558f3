"""MongoDB: one client per process and transactions that retry under a bound."""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import pymongo
from pymongo import MongoClient, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from chassis.errors import Busy, Outage

T = TypeVar("T")
Document = dict[str, Any]

WRITE_CONFLICT = 112
DUPLICATE_KEY = 11000
# The primary stepped down, shuts down, or is not one. Source: MongoDB's "Server Discovery and
# Monitoring" specification, the node-is-recovering and not-writable-primary codes.
NOT_PRIMARY = {91, 189, 10058, 10107, 11600, 11602, 13435, 13436}
MAJORITY = WriteConcern("majority")


def connect(uri: str, *, pool: int = 16) -> "MongoClient[Document]":
    """The process's one client; made before any worker, never before a fork.

    Any single operation, finding a server included, takes at most 10 s, or what `within` leaves.
    """
    return MongoClient(
        uri,
        maxPoolSize=pool,
        serverSelectionTimeoutMS=2000,
        connectTimeoutMS=2000,
        timeoutMS=10_000,
        appname="jejaring",
    )


def is_outage(error: BaseException) -> bool:
    """Whether the database was away or slow, as opposed to having said no."""
    if isinstance(error, (ConnectionFailure, ExecutionTimeout, WTimeoutError)):
        return True
    if not isinstance(error, PyMongoError):
        return False
    if isinstance(error, OperationFailure) and _codes(error) & NOT_PRIMARY:
        return True
    return error.timeout or error.has_error_label("TransientTransactionError")


def _codes(error: OperationFailure) -> set[int]:
    """What it failed of; a bulk write is one error for all, and has their codes inside."""
    told = error.details or {}
    failed = [*told.get("writeErrors", ()), *told.get("writeConcernErrors", ())]
    return {error.code or 0, *(int(one["code"]) for one in failed)}


def is_write_conflict(error: BaseException) -> bool:
    """Whether another transaction is writing the same document."""
    return isinstance(error, OperationFailure) and error.code == WRITE_CONFLICT


def upsert_all(collection: "Collection[Document]", updates: Sequence[UpdateOne]) -> None:
    """Upserts in any order by one bulk write; those that met one another are written again."""
    try:
        collection.bulk_write(updates, ordered=False)
    except BulkWriteError as error:
        collection.bulk_write(lost_races(error, updates), ordered=False)


def lost_races(error: BulkWriteError, updates: Sequence[UpdateOne]) -> list[UpdateOne]:
    """Upserts that met one another: to be written again; raises the error when it is another."""
    failed = error.details.get("writeErrors", [])
    unsafe = not failed or error.details.get("writeConcernErrors")
    if unsafe or any(one["code"] != DUPLICATE_KEY for one in failed):
        raise error
    return [updates[one["index"]] for one in failed]


def within(deadline: float) -> AbstractContextManager[object]:
    """Operations inside end by the deadline (on time.time()), with an error if need be."""
    return pymongo.timeout(max(0.05, deadline - time.time()))


class Transactions:
    """Runs a function in a transaction, again on conflicts, until a deadline."""

    def __init__(self, client: "MongoClient[Document]") -> None:
        self._client = client

    def run(self, body: Callable[[ClientSession], T], *, deadline: float) -> T:
        """Commit what `body(session)` did and give its result.

        `deadline` is on the clock of time.time(). Raises Busy when conflicts never end, Outage
        when the database is away, DuplicateKeyError and whatever `body` raises as they are.
        """
        with self._client.start_session() as session:
            attempt = 0
            while True:
                attempt += 1
                try:
                    return self._once(session, body, deadline)
                except (DuplicateKeyError, BulkWriteError):
                    raise
                except PyMongoError as error:
                    self._pause_or_give_up(error, attempt, deadline)

    def _once(
        self, session: ClientSession, body: Callable[[ClientSession], T], deadline: float
    ) -> T:
        with within(deadline):
            session.start_transaction(ReadConcern("snapshot"), MAJORITY)
            try:
                result = body(session)
            except BaseException:
                self._abort(session)
                raise
            self._commit(session, deadline)
        return result

    def _commit(self, session: ClientSession, deadline: float) -> None:
        """Commit; an unknown outcome is asked for again, which MongoDB makes safe."""
        while True:
            try:
                return session.commit_transaction()
            except PyMongoError as error:
                unknown = error.has_error_label("UnknownTransactionCommitResult")
                if not unknown or time.time() > deadline:
                    raise

    def _abort(self, session: ClientSession) -> None:
        try:
            if session.in_transaction:
                session.abort_transaction()
        except PyMongoError:
            pass

    def _pause_or_give_up(self, error: PyMongoError, attempt: int, deadline: float) -> None:
        """Wait a little before the next attempt, or raise what the caller should see."""
        again = error.has_error_label("TransientTransactionError")
        pause = min(0.1, 0.002 * 2 ** min(attempt, 6)) * random.uniform(0.5, 1.5)
        if again and time.time() + pause < deadline:
            time.sleep(pause)
            return
        if is_write_conflict(error):
            raise Busy("too many writers on the same thing", retry_after_seconds=1) from error
        if again or is_outage(error):
            raise Outage(f"database: {type(error).__name__}") from error
        raise error
