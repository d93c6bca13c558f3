"""Load on one loopback server: wrk for fast reads where it is installed, else asyncio."""

import asyncio
import itertools
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.figures import percentile

Make = Callable[[int], bytes]
LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
WRK = shutil.which("wrk")
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


class Misanswered(RuntimeError):
    """An answer was not the expected success: what was measured would mean nothing."""


@dataclass
class Load:
    """What came of a load: answers per second and latencies in seconds."""

    rate: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    count: int = 0
    latencies: list[float] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, latencies: list[float], seconds: float) -> "Load":
        """From single latencies."""
        if not latencies:
            raise Misanswered("nothing was answered")
        return cls(
            rate=len(latencies) / seconds,
            p50=percentile(latencies, 0.5),
            p99=percentile(latencies, 0.99),
            count=len(latencies),
            latencies=latencies,
        )


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """The bytes of a request; header names are written with underscores."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def reads(url: str, token: str = "", connections: int = 32, seconds: float = 3.0) -> Load:
    """GET one address over and over."""
    if WRK:
        return _wrk(url, token, connections, seconds)
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    raw = request("GET", path, Authorization=f"Bearer {token}" if token else "")
    return at_once(url, lambda _: raw, connections, seconds)


def _wrk(url: str, token: str, connections: int, seconds: float) -> Load:
    command = [str(WRK), "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency"]
    headers = ["-H", f"Authorization: Bearer {token}"] if token else []
    told = subprocess.run(
        [*command, *headers, url], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise Misanswered(f"{url}: {told}")
    count = re.search(r"(\d+) requests in", told)
    per_second = re.search(r"Requests/sec:\s*([\d.]+)", told)
    return Load(
        rate=float(per_second[1]) if per_second else 0.0,
        p50=_at(told, 50),
        p99=_at(told, 99),
        count=int(count[1]) if count else 0,
    )


def _at(told: str, share: int) -> float:
    found = re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", told)
    return float(found[1]) * UNITS[found[2]] if found else 0.0


def one_by_one(url: str, make: Make, seconds: float, first: int = 0) -> Load:
    """One connection, one request at a time; `make(number)` gives each request's bytes."""
    parts = urlsplit(url)
    latencies: list[float] = []
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=15) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        for number in itertools.count(first):
            sent = time.perf_counter()
            if sent - began > seconds:
                break
            line.sendall(make(number))
            _must_succeed(_answer(line))
            latencies.append(time.perf_counter() - sent)
    return Load.of(latencies, time.perf_counter() - began)


def _answer(line: socket.socket) -> bytes:
    """One whole answer."""
    told = b""
    while b"\r\n\r\n" not in told:
        told += _more(line)
    head, _, body = told.partition(b"\r\n\r\n")
    found = LENGTH.search(head)
    wanted = int(found[1]) if found else 0
    while len(body) < wanted:
        body += _more(line)
    return told


def _more(line: socket.socket) -> bytes:
    piece = line.recv(65536)
    if not piece:
        raise Misanswered("the connection was closed")
    return piece


def _must_succeed(told: bytes) -> None:
    if not told.startswith(b"HTTP/1.1 2"):
        raise Misanswered(told[:600].decode(errors="replace"))


def at_once(
    url: str, make: Make, connections: int, seconds: float, per_second: float = 0.0, first: int = 0
) -> Load:
    """Several connections side by side; with `per_second` the requests leave at that pace."""
    return asyncio.run(_at_once(url, make, connections, seconds, per_second, first))


async def _at_once(
    url: str, make: Make, connections: int, seconds: float, per_second: float, first: int
) -> Load:
    parts = urlsplit(url)
    numbers, latencies = itertools.count(first), list[float]()
    began = time.perf_counter()

    async def one() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while time.perf_counter() - began < seconds:
            number = next(numbers)
            due = began + (number - first) / per_second if per_second else 0.0
            if due - began > seconds:
                break
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            sent = time.perf_counter()
            writer.write(make(number))
            _must_succeed(await _answered(reader))
            latencies.append(time.perf_counter() - sent)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return Load.of(latencies, time.perf_counter() - began)


async def _answered(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    found = LENGTH.search(head)
    return head + (await reader.readexactly(int(found[1])) if found else b"")
