"""A command's answer, kept under its key so that asking again gives the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from pymongo import IndexModel

from chassis.call import Call, answer_id
from chassis.errors import KeyForgotten, KeyMismatch
from chassis.settings import Settings
from chassis.work import Document

DAY = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command came to: its result and the facts it caused, or why not."""

    result: Any = None
    facts: Sequence[Document] = ()
    replayed: bool = False


class AlreadyDone(Exception):
    """The inbox or the answers hold this one already."""


def own_indexes(settings: Settings) -> dict[str, list[IndexModel]]:
    """Indexes of the collections that the chassis keeps in every service's database."""
    kept = settings.idempotency_days * DAY
    return {
        "outbox": [
            IndexModel("leased_until", sparse=True),
            IndexModel("recorded_at", sparse=True),
            IndexModel("answered_at", sparse=True, expireAfterSeconds=kept),
        ],
        "inbox": [IndexModel("heard_at", expireAfterSeconds=kept)],
    }


def answer_row(call: Call, result: Any) -> Document:
    """The answer as it waits in the outbox for the caller to ask again."""
    return {
        "_id": answer_id(call),
        "fingerprint": call.fingerprint,
        "result": orjson.dumps(result),
        "answered_at": datetime.now(UTC),
    }


def replayed(row: Document, call: Call) -> Answer:
    """The answer that was kept under the call's key; raises KeyMismatch and KeyForgotten."""
    if row["fingerprint"] != call.fingerprint:
        raise KeyMismatch("use a new key for a new request")
    if row["result"] is None:
        raise KeyForgotten("it was carried out; whom the answer named has left since")
    return Answer(result=orjson.loads(row["result"]), replayed=True)
