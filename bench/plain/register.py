"""The plain transaction of three inserts that all the baselines for commands share.

`register` alone is the bare transaction. The baselines that stand for whole applications (naive
and monolith) call `decide`, which first does what every such application must do and ours does:
check the body with a schema, and read in the transaction who asks, whether he may, and whether the
area is in use. Without it they were compared with a command that decides while they only wrote.
"""

import os
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from marshmallow import Schema, fields, validate
from pymongo import MongoClient
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Check = Callable[[Any], None]


class Body(Schema):
    """What a client may send."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    kind = fields.String(required=True, validate=validate.OneOf(["reading_garden", "school"]))
    area = fields.String(required=True, validate=validate.Length(1, 20))


BODY = Body()


def decide(client: "MongoClient[Any]", raw: dict[str, Any]) -> dict[str, Any]:
    """Validate, read who may, register; raises ValidationError and PermissionError."""
    body: dict[str, Any] = BODY.load(raw)
    actor, members = os.environ["ACTOR"], client["jejaring_members"]

    def check(session: Any) -> None:
        open_ones = {"member_id": actor, "state": {"$in": ["offered", "accepted"]}}
        member = members["member"].find_one({"_id": actor}, session=session)
        roles = [one["role"] for one in members["appointment"].find(open_ones, session=session)]
        area = members["area"].find_one({"_id": body["area"]}, session=session)
        if not member or not area or "coordinator" not in roles:
            raise PermissionError("not yours to register")

    return register(client, body, check)


def unchecked(_: Any) -> None:
    """The bare transaction checks nothing."""


def register(
    client: "MongoClient[Any]", body: dict[str, Any], check: Check = unchecked
) -> dict[str, Any]:
    """Insert an institution, a row about it, and the answer; all or nothing."""
    database = client["bench"]
    document = {"_id": uuid4().hex, **body, "version": 1, "created_at": time.time()}

    def inserts(session: Any) -> None:
        check(session)
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
