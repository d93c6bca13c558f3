"""Between two regions: from commit here to visible there, and how fast a cut is caught up."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from bench.figures import ms, percentile, rate
from bench.ground import SETTINGS, Ground
from bench.table import Row, at_least, at_most
from cell.cell import Cell
from cell.demo.cable import Cable
from cell.demo.person import Body, Person, told
from cell.pair import pair
from chassis import clock
from chassis.work import outbox_rows
from contracts.codec import decode
from contracts.envelope import seal
from contracts.events.facts import EventRestated

PER_SECOND = 10
DAY = 24 * 3600


class Calendar(threading.Thread):
    """Watches a region's calendar; the age of every version of an event when it is there."""

    def __init__(self, mongo: "MongoClient[Any]", event: str) -> None:
        super().__init__(daemon=True)
        wanted = [{"$match": {"documentKey._id": event}}]
        calendar = mongo["jejaring_views"]["calendar"]
        self._stream = calendar.watch(wanted, full_document="updateLookup", max_await_time_ms=200)
        self.ages: dict[int, float] = {}
        self.ended = False

    def run(self) -> None:
        """Until told to end."""
        with suppress(PyMongoError), self._stream:
            while not self.ended:
                change = self._stream.try_next()
                document = (change or {}).get("fullDocument") or {}
                if version := document.get("seq", {}).get("event"):
                    said = datetime.fromisoformat(document["updated_at"]).timestamp()
                    self.ages.setdefault(version, time.time() - said)


def measure(ground: Ground) -> Iterator[Row]:
    """A second region beside the one that is measured on; it speaks, ours hears."""
    with ExitStack() as stack:
        other = stack.enter_context(Cell(ground.folder / "semarang", "semarang", settings=SETTINGS))
        wires = [stack.enter_context(Cable(c.plan.ports.amqp)) for c in (ground.cell, other)]
        ports = {"kediri-raya": wires[0].port, "semarang": wires[1].port}
        pair(ground.cell, other, lambda line: print(line, file=sys.stderr), ports)
        mongo = stack.enter_context(MongoClient[Any](other.plan.database.uri("admin")))
        speaker = stack.enter_context(Person(other.base_url, timeout=30))
        speaker.sign_in(**other.credentials["coordinator"])
        event = announced(speaker)
        yield from latency(ground, speaker, event)
        yield catching_up(ground, mongo, wires, event)


def announced(speaker: Person) -> Body:
    """A shared event."""
    area = told(speaker.get("/v1/region"), 200)["areas"][0]["id"]
    starts = clock.later(clock.now(), 30 * DAY)
    body = {"title": "Lokakarya", "kind": "workshop", "area": area, "scope": "public"}
    body |= {"starts_at": starts, "ends_at": clock.later(starts, 3600)}
    event = speaker.do("POST", "/v1/events", body, 201)
    reason = {"no_speaker_reason": "Belajar bersama"}
    return speaker.do("POST", f"/v1/events/{event['id']}/publish", reason)


def latency(ground: Ground, speaker: Person, event: Body) -> Iterator[Row]:
    """One change every 100 ms; the age of each when our calendar has it."""
    watching = Calendar(ground.mongo, event["id"])
    watching.start()
    began = time.perf_counter()
    for number in range(int(ground.pace.long_seconds * PER_SECOND)):
        time.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
        speaker.do("PATCH", f"/v1/events/{event['id']}", {"title": f"Lokakarya {number}"})
    time.sleep(2.0)
    watching.ended = True
    watching.join(5)
    ages = list(watching.ages.values())
    counted = f"of {len(ages)} changes at {PER_SECOND}/s, through two brokers and two services"
    for share, target in ((0.5, 250), (0.99, 1000)):
        value = percentile(ages, share) * 1000
        name = f"commit in one region → visible in the other, p{share * 100:.0f}"
        yield at_most(name, target, value, unit="ms", ours=f"max {ms(max(ages))}; {counted}")


def catching_up(ground: Ground, mongo: "MongoClient[Any]", wires: list[Cable], event: Body) -> Row:
    """What was said while the link was cut, from the first that arrives to the last."""
    count = 3000 if ground.pace.rounds > 2 else 1000
    for wire in wires:
        wire.cut()
    region, now = "semarang", clock.now()
    rows = []
    for number in range(count):
        state = {**event, "id": f"bench-{number}-{uuid4().hex[:8]}", "version": 2}
        fact = decode(EventRestated, {"event": state})
        rows += outbox_rows([seal(fact, id=uuid4().hex, region=region, time=now)], 0)
    mongo["jejaring_events"]["outbox"].insert_many(rows)
    said = mongo["jejaring_federation"]["said"]
    wait(lambda: said.count_documents({"_id": {"$gt": "event/bench-"}, "told": True}) >= count)
    time.sleep(1.0)
    for wire in wires:
        wire.heal()
    calendar = ground.mongo["jejaring_views"]["calendar"]
    there = {"_id": {"$gt": "bench-", "$lt": "bench."}}
    wait(lambda: calendar.count_documents(there) > 0)
    began, first = time.perf_counter(), calendar.count_documents(there)
    wait(lambda: calendar.count_documents(there) >= count)
    took = time.perf_counter() - began
    return at_least(
        "facts/s caught up after a cut",
        100,
        (count - first) / took,
        unit="/s",
        ours=f"{count} facts, {rate((count - first) / took)}",
    )


def wait(done: Any, seconds: float = 120.0) -> None:
    """Until it is done."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise RuntimeError("not in time")
        time.sleep(0.02)
