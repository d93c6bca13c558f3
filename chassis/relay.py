"""Moves recorded facts from the outbox to the broker: kicked after commit, swept for the rest.

Any number of relays may run: the kick publishes what this process just committed, the sweep takes
what a crash or an outage left behind, under a lease. Rows go only after the broker confirmed them,
so a fact may be published twice and is never lost. Rows that were kicked go many at a time, a
moment later: a removal each would cost as much as the insert did.
"""

import math
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import eventlet
import orjson
from eventlet.event import Event
from prometheus_client import Counter, Gauge
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from chassis import clock, topology
from chassis.broker import Message, Publisher
from chassis.errors import Outage
from chassis.log import get_logger
from contracts.envelope import CONTENT_TYPE

log = get_logger()

BATCH = 200
LEASE_SECONDS = 15.0
MOST_KICKED = 2000
REMOVE_SECONDS = 0.1  # well within the head start that the sweep leaves to the kick
PULSE_EXPIRES_MS = 10_000

RELAYED = Counter("jejaring_facts_relayed_total", "Facts confirmed by the broker", ["speaker"])
UNROUTED = Counter("jejaring_facts_unrouted_total", "Facts that no queue wanted", ["speaker"])
WAITING = Gauge("jejaring_outbox_oldest_seconds", "Age of the oldest recorded fact", ["speaker"])

Document = dict[str, Any]


class Relay:
    """One process's relay for one outbox; `run` is its green thread."""

    def __init__(
        self,
        outbox: "Collection[Document]",
        publisher: Publisher,
        *,
        region: str,
        speaker: str,
        sweep_seconds: float,
    ) -> None:
        self._outbox, self._publisher = outbox, publisher
        self._region, self._speaker, self._sweep_seconds = region, speaker, sweep_seconds
        UNROUTED.labels(speaker)  # told as 0, so that an alert sees the first one
        self._kicked: deque[Document] = deque()
        self._taken: list[str] = []
        self._remove_at = math.inf
        self._wake = Event()
        self._stopping = False

    def kick(self, rows: Sequence[Document]) -> None:
        """Publish these committed rows soon; when too many wait, the sweep takes them."""
        if not rows:
            return
        if len(self._kicked) < MOST_KICKED:
            self._kicked.extend(rows)
        if not self._wake.ready():
            self._wake.send(None)

    def run(self) -> None:
        """Publish kicked rows at once and sweep every interval, until stopped."""
        next_sweep = 0.0
        while not self._stopping:
            try:
                self._drain_kicked()
                if time.monotonic() >= min(self._remove_at, next_sweep):
                    self._remove()
                if time.monotonic() >= next_sweep:
                    next_sweep = self._next_round()
                    self.sweep()
            except (Outage, PyMongoError) as error:
                self._kicked.clear()
                log.warning("relay waits", speaker=self._speaker, error=repr(error))
                eventlet.sleep(0.5)
            self._wait(min(self._remove_at, next_sweep))
        with suppress(PyMongoError):
            self._remove()
        self._publisher.close()

    def _next_round(self) -> float:
        """When every relay of this machine sweeps: their pulses are heard together then."""
        now = time.monotonic()
        return now - now % self._sweep_seconds + self._sweep_seconds

    def _wait(self, until: float) -> None:
        """Sleep until kicked or until the next removal or sweep."""
        if self._kicked or self._stopping:
            return
        if self._wake.ready():
            self._wake = Event()
        with eventlet.Timeout(max(0.001, until - time.monotonic()), False):
            self._wake.wait()

    def _drain_kicked(self) -> None:
        while self._kicked:
            rows = [self._kicked.popleft() for _ in range(min(BATCH, len(self._kicked)))]
            self._publish(rows)
            self._remove_at = min(self._remove_at, time.monotonic() + REMOVE_SECONDS)
            if len(self._taken) >= BATCH:
                self._remove()

    def sweep(self) -> None:
        """Take over and publish what was left behind, then say until when all has been said."""
        now, oldest = clock.real(), self._oldest()
        if oldest:
            while rows := self._leased():
                self.publish(rows)
            now, oldest = clock.real(), self._oldest()
        self._pulse(now, min(now, oldest or now))
        self._publisher.beat()

    def _oldest(self) -> str | None:
        """When the oldest fact that waits was recorded."""
        waiting = {"recorded_at": {"$gt": ""}}
        first = [("recorded_at", 1)]
        row = self._outbox.find_one(waiting, {"recorded_at": 1}, sort=first)
        return row["recorded_at"] if row else None

    def _leased(self) -> list[Document]:
        """Up to a batch of rows nobody is publishing, now ours for the lease."""
        now = clock.real()
        free = {"leased_until": {"$lt": now}}
        found = self._outbox.find(free, {"_id": 1}).sort("leased_until", 1).limit(BATCH)
        ids = [row["_id"] for row in found]
        if not ids:
            return []
        lease = {"leased_until": clock.later(now, LEASE_SECONDS), "leased_by": clock.new_id()}
        self._outbox.update_many({"_id": {"$in": ids}, **free}, {"$set": lease})
        return list(self._outbox.find({"_id": {"$in": ids}, "leased_by": lease["leased_by"]}))

    def publish(self, rows: Sequence[Document]) -> None:
        """Publish rows and remove those that a queue took; the others stay and raise an alarm."""
        self._publish(rows)
        self._remove()

    def _publish(self, rows: Sequence[Document]) -> None:
        unrouted = self._publisher.publish([_message(row) for row in rows])
        taken = [row["_id"] for row in rows if row["_id"] not in unrouted]
        self._taken += taken
        RELAYED.labels(self._speaker).inc(len(taken))
        if unrouted:
            UNROUTED.labels(self._speaker).inc(len(unrouted))
            log.error("facts nobody hears", speaker=self._speaker, count=len(unrouted))

    def _remove(self) -> None:
        """Remove the rows that queues took; if that fails, they are removed with the next ones."""
        self._remove_at = math.inf
        if self._taken:
            self._outbox.delete_many({"_id": {"$in": self._taken}})
            self._taken = []

    def _pulse(self, now: str, upto: str) -> None:
        """Say until when everything recorded here has been published."""
        WAITING.labels(self._speaker).set(clock.seconds_between(upto, now))
        key = f"{self._region}.cell.{self._speaker}.{topology.PULSE}"
        body = orjson.dumps({"speaker": self._speaker, "upto": upto})
        self._publisher.publish(
            [
                Message(
                    exchange=topology.FACTS.name,
                    routing_key=key,
                    body=body,
                    headers={"kind": topology.PULSE},
                    expiration_ms=PULSE_EXPIRES_MS,
                    mandatory=False,
                )
            ]
        )

    def stop(self) -> None:
        """Publish nothing new; what is left waits in the outbox."""
        self._stopping = True
        if not self._wake.ready():
            self._wake.send(None)


def _message(row: Document) -> Message:
    return Message(
        exchange=topology.FACTS.name,
        routing_key=row["key"],
        body=bytes(row["body"]),
        message_id=row["_id"],
        content_type=CONTENT_TYPE,
    )
