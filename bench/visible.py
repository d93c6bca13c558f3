"""From commit to visible at 100 changes a second: in the gateway's view and on the live stream."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from datetime import datetime

import orjson
from pymongo.errors import PyMongoError

from bench.commands import registering
from bench.figures import ms, percentile
from bench.ground import Ground
from bench.load import Load, at_once, request
from bench.table import Row, at_most

PER_SECOND = 100
WRITERS = 8
TARGET_MS = 30


def age(instant: str) -> float:
    """Seconds since an instant that a resource carries: when its transaction began."""
    return time.time() - datetime.fromisoformat(instant).timestamp()


class View(threading.Thread):
    """Watches the view's documents as the database commits them."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(daemon=True)
        views = ground.mongo["jejaring_views"]["institutions"]
        wanted = [{"$match": {"operationType": {"$in": ["insert", "replace", "update"]}}}]
        self._stream = views.watch(wanted, full_document="updateLookup", max_await_time_ms=500)
        self.ages: list[float] = []
        self.ended = False

    def run(self) -> None:
        """Until told to end."""
        seen: set[str] = set()
        with contextlib.suppress(PyMongoError), self._stream:
            while not self.ended:
                event = self._stream.try_next()
                if event and event["documentKey"]["_id"] not in seen:
                    seen.add(event["documentKey"]["_id"])
                    self.ages.append(age(event["fullDocument"]["updated_at"]))


async def listen(port: int, ages: list[float], begun: threading.Event) -> None:
    """One live stream; every event's age when it arrived."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("GET", "/v1/stream"))
    await reader.readuntil(b"\r\n\r\n")
    begun.set()
    try:
        while line := await reader.readline():
            if line.startswith(b"data: "):
                ages.append(age(orjson.loads(line[6:])["resource"]["updated_at"]))
    finally:
        writer.close()


async def while_writing(ground: Ground, ages: list[float]) -> Load:
    """Listen while a thread writes at the steady pace."""
    begun = threading.Event()
    listener = asyncio.create_task(listen(ground.cell.plan.ports.http, ages, begun))
    await asyncio.to_thread(begun.wait, 10)
    make, seconds = registering(ground), ground.pace.long_seconds
    load = await asyncio.to_thread(at_once, ground.url, make, WRITERS, seconds, PER_SECOND)
    await asyncio.sleep(1.0)
    listener.cancel()
    await asyncio.gather(listener, return_exceptions=True)
    return load


def measure(ground: Ground) -> Iterator[Row]:
    """Both at once, under the same load."""
    view, heard = View(ground), list[float]()
    view.start()
    load = asyncio.run(while_writing(ground, heard))
    view.ended = True
    view.join(5)
    told = f"{load.rate:.0f} commands/s were answered"
    for name, ages in (("in the view", view.ages), ("on the stream", heard)):
        yield at_most(
            f"commit → visible {name} at 100/s, p99",
            TARGET_MS,
            percentile(ages, 0.99) * 1000,
            unit="ms",
            ours=f"p50 {ms(percentile(ages, 0.5))} of {len(ages)}; {told}",
        )
