"""The plain transaction of three inserts that all the baselines for commands share."""

import time
from typing import Any
from uuid import uuid4

from pymongo import MongoClient
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern


def register(client: "MongoClient[Any]", body: dict[str, Any]) -> dict[str, Any]:
    """Insert an institution, a row about it, and the answer; all or nothing."""
    database = client["bench"]
    document = {"_id": uuid4().hex, **body, "version": 1, "created_at": time.time()}

    def inserts(session: Any) -> None:
        database["registered"].insert_one(document, session=session)
        row = {"_id": uuid4().hex, "body": str(document)}
        answer = {"_id": uuid4().hex, "answer": str(document)}
        database["rows"].insert_many([row, answer], session=session)

    with client.start_session() as session:
        session.with_transaction(
            inserts, ReadConcern("snapshot"), WriteConcern("majority"), max_commit_time_ms=5000
        )
    return {**document, "id": document["_id"]}


def latest(client: "MongoClient[Any]") -> list[dict[str, Any]]:
    """The first 20 plain institutions by name."""
    return list(client["bench"]["plain"].find({}).sort([("order", 1), ("_id", 1)]).limit(20))
