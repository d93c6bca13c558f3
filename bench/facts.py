"""Facts: from commit to handled at 100 a second, and how many go through in a second."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4

import orjson

from bench.figures import ms, percentile, rate
from bench.ground import Ground
from bench.own.hearer import DATABASE as HEARER
from bench.own.speaker import DATABASE as SPEAKER
from bench.own.words import Note, Say, Told
from bench.plain import pipe
from bench.plain.register import register
from bench.processes import PROJECT
from bench.rpc import question
from bench.table import Row, at_least, at_most
from chassis.work import outbox_rows
from contracts.envelope import Envelope, seal
from gateway.backend import Backend

PER_SECOND = 100


def measure(ground: Ground) -> Iterator[Row]:
    """Latency first, then throughput."""
    heard = ground.folder / "heard"
    with (
        ground.service("speaker", RELAY_SWEEP_SECONDS="0.2"),
        ground.service("hearer", HEARD_FILE=str(heard)),
    ):
        yield from latency(ground, heard)
        yield throughput(ground, heard)


def latency(ground: Ground, heard: Path) -> Iterator[Row]:
    """Commands at a steady pace; the clock starts before the commit and ends after the effect."""
    heard.write_text("")
    asyncio.run(say_steadily(ground, ground.pace.long_seconds))
    transactions, confirms = plain_latencies(ground)
    time.sleep(1.0)
    lines = [[float(part) for part in line.split()] for line in heard.read_text().splitlines()]
    begun = [began - said for said, began, _ in lines]
    effects = [done - said for said, _, done in lines]
    limit = percentile(transactions, 0.99) + percentile(confirms, 0.99)
    told = f"effect committed: p50 {ms(median(effects))}, p99 {ms(percentile(effects, 0.99))}"
    yield at_most(
        "commit → handled at 100 facts/s, p50", 5, median(begun) * 1000, unit="ms", ours=told
    )
    p99 = percentile(begun, 0.99)
    yield at_most("commit → handled at 100 facts/s, p99", 20, p99 * 1000, unit="ms", ours=told)
    yield at_most(
        "commit → handled p99 vs transaction p99 + confirm p99",
        3,
        p99 / limit,
        ours=ms(p99),
        baseline=ms(limit),
    )


async def say_steadily(ground: Ground, seconds: float) -> None:
    """One command every 10 ms, whatever became of those before."""
    backend, began = Backend(ground.amqp_uri, "bench"), time.perf_counter()
    running, asked = asyncio.create_task(backend.run()), list[asyncio.Task[object]]()
    for number in range(int(seconds * PER_SECOND)):
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
        asked.append(asyncio.create_task(backend.ask(question(Say(id=uuid4().hex)))))
    await asyncio.gather(*asked)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def plain_latencies(ground: Ground) -> tuple[list[float], list[float]]:
    """Plain transactions and single confirmed publishes, at the same pace."""
    transactions, confirms = list[float](), list[float]()
    connection = ground.amqp()
    connection.channel().queue_declare(
        pipe.QUEUE, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
    )
    for _ in range(int(ground.pace.long_seconds * PER_SECOND / 4)):
        began = time.perf_counter()
        register(ground.mongo, {"name": "TBM"})
        between = time.perf_counter()
        pipe.confirmed(connection, [b"x" * 600])
        transactions.append(between - began)
        confirms.append(time.perf_counter() - between)
        time.sleep(1 / PER_SECOND)
    connection.close()
    return transactions, confirms


def throughput(ground: Ground, heard: Path) -> Row:
    """A full outbox through relay, broker and dedupe, beside raw publish and consume."""
    count = 20_000 if ground.pace.rounds > 2 else 6_000
    ours, raw = list[float](), list[float]()
    for _ in range(max(1, ground.pace.rounds // 2)):
        raw.append(through_raw(ground, count))
        ours.append(through_ours(ground, heard, count))
    return at_least(
        "facts/s, outbox → relay → broker → dedupe, vs raw publish + consume",
        0.25,
        median(ours) / median(raw),
        ours=rate(median(ours)),
        baseline=rate(median(raw)),
    )


def through_ours(ground: Ground, heard: Path, count: int) -> float:
    """Rows are put into the outbox under a lease that ends when the last one is there."""
    heard.write_text("")
    rows = [row for number in range(count) for row in outbox_rows([envelope(number)], 0)]
    starts = datetime.now(UTC) + timedelta(seconds=1 + count / 10_000)
    leased = {"leased_until": starts.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    outbox = ground.mongo[SPEAKER]["outbox"]
    for first in range(0, count, 2000):
        outbox.insert_many([{**row, **leased} for row in rows[first : first + 2000]])
    if datetime.now(UTC) > starts:
        raise RuntimeError("the outbox could not be filled before the lease ended")
    until = time.monotonic() + 60
    while ground.mongo[HEARER]["inbox"].estimated_document_count() < count:
        if time.monotonic() > until:
            raise RuntimeError("not all facts were heard within a minute")
        time.sleep(0.05)
    ground.mongo[HEARER]["inbox"].delete_many({})
    time.sleep(0.5)
    last = max(float(line.split()[1]) for line in heard.read_text().splitlines())
    return count / (last - starts.timestamp())


def envelope(number: int) -> Envelope:
    """A fact like any other."""
    note = Note(id=f"{number}-{uuid4().hex[:8]}", version=1, said_at=0.0)
    return seal(Told(note=note), id=uuid4().hex, region="bench", time="2026-01-01T00:00:00.000Z")


def through_raw(ground: Ground, count: int) -> float:
    """A publisher in a process of its own, the consumer here."""
    body = orjson.dumps({"text": "x" * 560})
    hearer = ground.amqp()
    pipe.prepare(hearer)
    command = [sys.executable, "-m", "bench.plain.pipe", str(count), str(len(body))]
    environment = ground.environment()
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as speaker:
        assert speaker.stdin
        assert speaker.stdout
        speaker.stdout.readline()
        began = time.perf_counter()
        speaker.stdin.write(b"go\n")
        speaker.stdin.flush()
        pipe.consume(hearer, count)
        took = time.perf_counter() - began
    hearer.close()
    return count / took
