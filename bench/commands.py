"""Commands: latency of one after the other, and the rate of sixteen at once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from uuid import uuid4

import orjson
from pymongo import MongoClient

from bench.figures import in_turn, medians, ms, percentile, rate
from bench.ground import AREAS, Ground
from bench.load import Make, at_once, one_by_one, request
from bench.plain import echo
from bench.plain.register import register
from bench.processes import GUNICORN, free_port, served
from bench.reads import LIST, naive
from bench.table import Row, at_least, at_most

WRITERS = 16


def registering(ground: Ground) -> Make:
    """Requests that register an institution each, with a token and a fresh key."""
    return bodies(LIST, f"Bearer {ground.token}", keyed=True)


def bodies(path: str, authorization: str = "", *, keyed: bool = False) -> Make:
    """Requests that differ in their body."""
    run, numbers = uuid4().hex[:8], count()

    def make(_: int) -> bytes:
        number = next(numbers)
        body = {"name": f"TBM {run} {number}", "kind": "reading_garden", "area": AREAS[number % 7]}
        key = f"{run}-{number}" if keyed else ""
        return request(
            "POST",
            path,
            orjson.dumps(body),
            Authorization=authorization,
            Idempotency_Key=key,
        )

    return make


@contextmanager
def monolith(ground: Ground) -> Iterator[str]:
    """Falcon and MongoDB in one process."""
    port = free_port()
    threads = ("-k", "gthread", "-w", "2", "--threads", "8", "-b", f"127.0.0.1:{port}")
    process = ground.process("monolith", *GUNICORN, *threads, "bench.plain.monolith:make()")
    with served(process, port, "/readyz") as url:
        yield url


def measure(ground: Ground) -> Iterator[Row]:
    """One after the other first, then sixteen at once."""
    yield latency(ground)
    yield from rates(ground)


def latency(ground: Ground) -> Row:
    """The whole command against a bare RPC and a bare transaction, medians of one at a time."""
    seconds, make = ground.pace.seconds, registering(ground)
    with ground.process("echo", "-m", "bench.plain.echo"), plain_client(ground) as client:
        asker = echo.Client(echo.connect(ground.amqp_uri))
        time.sleep(1.0)
        sides = {
            "command": lambda: one_by_one(ground.url, make, seconds).p50,
            "rpc": lambda: percentile(asker.latencies(seconds / 2), 0.5),
            "transaction": lambda: percentile(transactions(client, seconds / 2), 0.5),
        }
        found = medians(in_turn(ground.pace.rounds, sides))
    base = found["rpc"] + found["transaction"]
    return at_most(
        "command p50, one at a time, vs raw RPC p50 + transaction p50",
        2.0,
        found["command"] / base,
        ours=ms(found["command"]),
        baseline=f"{ms(found['rpc'])} + {ms(found['transaction'])}",
    )


@contextmanager
def plain_client(ground: Ground) -> Iterator["MongoClient[dict[str, object]]"]:
    """A client like the baselines', its collections made."""
    with MongoClient[dict[str, object]](ground.mongo_uri) as client:
        register(client, {})
        yield client


def transactions(client: "MongoClient[dict[str, object]]", seconds: float) -> list[float]:
    """Plain transactions one after the other."""
    found, began = list[float](), time.perf_counter()
    while (sent := time.perf_counter()) - began < seconds:
        register(client, {"name": "TBM", "kind": "reading_garden", "area": "35.71"})
        found.append(time.perf_counter() - sent)
    return found


def rates(ground: Ground) -> Iterator[Row]:
    """Sixteen connections against each side in turn."""
    seconds, ours = ground.pace.seconds, registering(ground)
    plain = bodies("/institutions")
    with naive(ground) as stock, monolith(ground) as single:
        sides: dict[str, Callable[[], float]] = {
            "gateway": lambda: at_once(ground.url, ours, WRITERS, seconds).rate,
            "naive": lambda: at_once(stock, plain, WRITERS, seconds).rate,
            "monolith": lambda: at_once(single, plain, WRITERS, seconds).rate,
        }
        for side in sides.values():
            side()
        found = medians(in_turn(ground.pace.rounds, sides))
    for name, target in (("naive", 2.0), ("monolith", 0.65)):
        yield at_least(
            f"command rate, 16 at once, vs {name}",
            target,
            found["gateway"] / found[name],
            ours=rate(found["gateway"]),
            baseline=rate(found[name]),
        )
