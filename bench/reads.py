"""Reads: a list of 20 from our gateway, bare, cached, and the naive way."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any

from bench.figures import in_turn, medians, ms, percentile, rate
from bench.ground import Ground
from bench.load import reads, request
from bench.processes import GUNICORN, free_port, served
from bench.table import Row, at_least, at_most
from chassis import asking
from chassis.call import Actor
from contracts.members.commands import ChangeInstitution

LIST = "/v1/institutions"
CHANGES = 40

Document = dict[str, Any]


@contextmanager
def bare(ground: Ground, items: Iterable[Document] | None = None) -> Iterator[str]:
    """The bare application with the same institutions as plain documents, or with other ones."""
    if items is None:
        found = ground.mongo["jejaring_members"]["institution"].find()
        items = ({**one, "order": one["name"].lower()} for one in found)
    plain = ground.mongo["bench"]["plain"]
    plain.drop()
    plain.insert_many(list(items))
    plain.create_index([("order", 1), ("_id", 1)])
    port = free_port()
    app = ("-k", "asgi", "-w", "1", "-b", f"127.0.0.1:{port}", "bench.plain.list_app:make()")
    with served(ground.process("bare", *GUNICORN, *app), port, "/readyz") as url:
        yield f"{url}/institutions"


@contextmanager
def naive(ground: Ground) -> Iterator[str]:
    """Stock nameko behind a threaded gateway with a pool of proxies."""
    port = free_port()
    threads = ("-k", "gthread", "-w", "2", "--threads", "16", "-b", f"127.0.0.1:{port}")
    with ExitStack() as stack:
        stack.enter_context(ground.process("naive-service", "-m", "bench.plain.naive_service"))
        gateway = ground.process(
            "naive-gateway", *GUNICORN, *threads, "bench.plain.naive_gateway:make()"
        )
        yield stack.enter_context(served(gateway, port, "/institutions")) + "/institutions"


def measure(ground: Ground) -> Iterator[Row]:
    """Four sides in turn, 32 connections each."""
    pace = ground.pace
    with bare(ground) as plain, naive(ground) as stock:
        sides: dict[str, Callable[[], float]] = {
            "gateway": lambda: reads(ground.url + LIST, ground.token, seconds=pace.seconds).rate,
            "bare": lambda: reads(plain, seconds=pace.seconds).rate,
            "cached": lambda: reads(ground.url + LIST, seconds=pace.seconds).rate,
            "naive": lambda: reads(stock, seconds=pace.seconds).rate,
        }
        for side in sides.values():
            side()  # once to warm up
        found = medians(in_turn(pace.rounds, sides))
    ours, base = found["gateway"], found["bare"]
    yield at_least(
        "gateway list of 20 (token, live) vs bare Falcon ASGI + MongoDB",
        0.75,
        ours / base,
        ours=rate(ours),
        baseline=rate(base),
    )
    yield at_least(
        "cached public list vs live",
        4,
        found["cached"] / ours,
        ours=rate(found["cached"]),
        baseline=rate(ours),
    )
    yield at_least(
        "gateway list vs naive nameko path",
        5,
        ours / found["naive"],
        ours=rate(ours),
        baseline=rate(found["naive"]),
    )
    yield cached_is_right(ground)


def cached_is_right(ground: Ground) -> Row:
    """How long a kept page stays wrong after a change that did not pass this gateway."""
    actor = Actor(member_id=ground.coordinator)
    region = ground.cell.plan.region.id
    found = []
    for number in range(CHANGES):
        name = f"Aaa {time.time_ns()}"
        change = ChangeInstitution(institution_id=ground.institutions[number % 20], name=name)
        asking.call(ground.amqp_uri, region, change, actor=actor)
        found.append(asyncio.run(until_shown(ground, name)))
    return at_most(
        "cached list right after a change made elsewhere, p99 of 40",
        50,
        percentile(found, 0.99) * 1000,
        unit="ms",
        ours=f"p50 {ms(median(found))}",
        baseline="-",
    )


async def until_shown(ground: Ground, name: str) -> float:
    """Seconds until the public list shows a name."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", ground.cell.plan.ports.http)
    raw, wanted = request("GET", f"{LIST}?sort=-updated_at"), name.encode()
    while time.perf_counter() - began < 5:
        writer.write(raw)
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length:")[1].split()[0])
        if wanted in await reader.readexactly(size):
            break
    took = time.perf_counter() - began
    writer.close()
    return took
