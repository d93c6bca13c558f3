"""A storm on one event's seats, beside the most that transactions on one document can do."""

import time
from collections.abc import Callable, Iterator
from itertools import count
from statistics import median
from uuid import uuid4

import orjson
from pymongo import MongoClient
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from bench.commands import plain_client
from bench.figures import in_turn, rate
from bench.ground import Ground
from bench.load import Load, Make, at_once, request
from bench.region import AREA, EVENTS, announced, coordinator, people
from bench.table import Row, at_least, at_most

CROWD, CAPACITY = 50, 300
MOST_SECONDS = 2.0
MEMBERS = 800  # the line behind the seats is 500 long at most
NUMBERS = count()


def measure(ground: Ground) -> Iterator[Row]:
    """Fifty at once register by HTTP for an event of their own each round."""
    run, seconds = uuid4().hex[:6], min(MOST_SECONDS, ground.pace.seconds)
    names = [f"s{run}{number}" for number in range(MEMBERS)]
    people(ground, names, "nowhere", email=False)
    loads = list[Load]()
    with plain_client(ground) as client:
        sides: dict[str, Callable[[], float]] = {
            "ours": lambda: stormed(ground, names, seconds, loads),
            "one document": lambda: on_one_document(client, seconds),
        }
        for side in sides.values():
            side()
        loads.clear()
        found = in_turn(ground.pace.rounds, sides)
    ours, limit = median(found["ours"]), median(found["one document"])
    yield at_least(
        f"registrations for one event, {CROWD} at once, vs transactions on one document",
        0.5,
        ours / limit,
        ours=rate(ours),
        baseline=rate(limit),
    )
    p99 = median(load.p99 for load in loads)
    yield at_most(f"registration, {CROWD} at once for one event, p99", 1.0, p99, unit="s")


def stormed(ground: Ground, names: list[str], seconds: float, loads: list[Load]) -> float:
    """Registrations per second, all answered 201."""
    with coordinator(ground) as who:
        event = announced(who, next(NUMBERS), AREA, capacity=CAPACITY)
    make = registering(ground, f"{EVENTS}/{event['id']}/registrations", names)
    loads.append(at_once(ground.url, make, CROWD, seconds))
    return loads[-1].rate


def registering(ground: Ground, path: str, names: list[str]) -> Make:
    """Requests of the coordinator that give one member after the other a place."""

    def make(number: int) -> bytes:
        return request(
            "POST",
            path,
            orjson.dumps({"member_id": names[number]}),
            Authorization=f"Bearer {ground.token}",
            Idempotency_Key=uuid4().hex,
        )

    return make


def on_one_document(client: "MongoClient[dict[str, object]]", seconds: float) -> float:
    """Transactions one after the other: count a seat, add a registration, a fact and an answer."""
    database, done, began = client["bench"], 0, time.perf_counter()
    database["seats"].update_one({"_id": "event"}, {"$set": {"taken": 0}}, upsert=True)

    def take(session: object) -> None:
        given: dict[str, object] = {"session": session}
        database["seats"].update_one({"_id": "event"}, {"$inc": {"taken": 1}}, **given)  # type: ignore[arg-type]
        body = {"_id": uuid4().hex, "body": "x" * 600}
        database["registered"].insert_one(body, **given)  # type: ignore[arg-type]
        rows = [{"_id": uuid4().hex, "body": "x" * 900} for _ in range(2)]
        database["rows"].insert_many(rows, **given)  # type: ignore[arg-type]

    with client.start_session() as session:
        while time.perf_counter() - began < seconds:
            session.with_transaction(take, ReadConcern("snapshot"), WriteConcern("majority"))
            done += 1
    return done / (time.perf_counter() - began)
