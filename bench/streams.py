"""Six hundred live streams on one worker: all served, small, and in nobody's way."""

import asyncio
from collections.abc import Iterator
from statistics import median
from typing import Any

from bench.commands import registering
from bench.figures import ms
from bench.ground import Ground
from bench.load import Load, one_by_one, reads, request
from bench.processes import pss_megabytes
from bench.reads import LIST
from bench.table import Row, at_least, at_most

STREAMS = 600
SECONDS = 20.0


def measure(ground: Ground) -> Iterator[Row]:
    """Reads without the streams and with them, in turn."""
    alone, beside, served, grown = list[float](), list[float](), list[int](), list[float]()
    for _ in range(ground.pace.rounds):
        alone.append(p99(ground))
        told = asyncio.run(with_streams(ground))
        beside.append(told["p99"])
        served.append(told["served"])
        grown.append(told["grown"])
    yield at_least(
        f"{STREAMS} live streams on one worker, served", STREAMS, min(served), unit="streams"
    )
    # Later rounds use again what the first one left behind.
    yield at_most("memory per live stream", 25, grown[0] * 1024 / STREAMS, unit="kB")
    yield at_most(
        "p99 of other reads beside the streams vs without",
        1.5,
        median(beside) / median(alone),
        ours=ms(median(beside)),
        baseline=ms(median(alone)),
    )


def p99(ground: Ground) -> float:
    """Of reads, four at a time."""
    load: Load = reads(ground.url + LIST, ground.token, 4, ground.pace.seconds)
    return load.p99


async def with_streams(ground: Ground) -> dict[str, Any]:
    """Open all, measure, cause one change, and count who heard of it."""
    before = pss_megabytes(ground.cell.pid("gateway"))
    port = ground.cell.plan.ports.http
    lines = [await opened(port) for _ in range(STREAMS)]
    heard = [asyncio.create_task(first_event(reader)) for reader, _ in lines]
    await asyncio.sleep(0.5)
    grown = pss_megabytes(ground.cell.pid("gateway")) - before
    found = await asyncio.to_thread(p99, ground)
    await asyncio.to_thread(one_by_one, ground.url, registering(ground), 0.3)
    done, waiting = await asyncio.wait(heard, timeout=SECONDS)
    for task in waiting:
        task.cancel()
    for _, writer in lines:
        writer.close()
    return {"p99": found, "served": sum(task.result() for task in done), "grown": grown}


async def opened(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A live stream that has begun."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    writer.write(request("GET", "/v1/stream"))
    await asyncio.wait_for(reader.readuntil(b"retry: "), SECONDS)
    return reader, writer


async def first_event(reader: asyncio.StreamReader) -> bool:
    """Whether a change came."""
    while line := await reader.readline():
        if line.startswith(b"data: "):
            return True
    return False
