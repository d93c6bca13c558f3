"""RPC echo: our entrypoint and the gateway's client against raw py-amqp on both ends."""

import asyncio
import time
from collections.abc import Iterator

from bench.figures import in_turn, medians, percentile, rate
from bench.ground import Ground
from bench.own.words import Echo
from bench.plain import echo
from bench.table import Row, at_least
from chassis.call import Actor
from contracts.command import Command
from gateway.backend import Backend
from gateway.question import Question

DEPTH = 32
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def question(command: Command) -> Question:
    """A command as the gateway sends it."""
    return Question(command=command, actor=Actor(), request_id="bench", traceparent=TRACE)


QUESTION = question(Echo(text=echo.BODY.decode()))


def measure(ground: Ground) -> Iterator[Row]:
    """One after the other, then 32 at once."""
    seconds = ground.pace.seconds
    with ground.service("speaker"), ground.process("echo", "-m", "bench.plain.echo"):
        raw = echo.Client(echo.connect(ground.amqp_uri))
        time.sleep(1.0)
        sides = {
            "ours, one": lambda: asyncio.run(answered(ground, seconds, 1)),
            "raw, one": lambda: 1 / percentile(raw.latencies(seconds), 0.5),
            "ours, many": lambda: asyncio.run(answered(ground, seconds, DEPTH)),
            "raw, many": lambda: raw.rate(seconds, DEPTH),
        }
        found = medians(in_turn(ground.pace.rounds, sides))
    for name, target in (("one", 0.65), ("many", 0.5)):
        depth = "sequential" if name == "one" else f"{DEPTH} at once"
        yield at_least(
            f"RPC echo vs raw py-amqp, {depth}",
            target,
            found[f"ours, {name}"] / found[f"raw, {name}"],
            ours=rate(found[f"ours, {name}"]),
            baseline=rate(found[f"raw, {name}"]),
        )


async def answered(ground: Ground, seconds: float, depth: int) -> float:
    """Answers per second with so many askers; for one asker, the inverse of the median latency."""
    backend = Backend(ground.amqp_uri, "bench")
    running = asyncio.create_task(backend.run())
    await backend.ask(QUESTION)
    found, until = list[float](), time.perf_counter() + seconds

    async def ask() -> None:
        while (sent := time.perf_counter()) < until:
            await backend.ask(QUESTION)
            found.append(time.perf_counter() - sent)

    await asyncio.gather(*(ask() for _ in range(depth)))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return 1 / percentile(found, 0.5) if depth == 1 else len(found) / seconds
