"""Asks the services: commands over one AMQP connection per worker, every wait under a deadline.

Direct reply-to, transient, no confirms: a lost command shows as a timeout and is safe to repeat
with its key. A command that no queue takes comes back and is an outage at once.
"""

import asyncio
import contextlib
import time
from collections import defaultdict
from itertools import count

import orjson

from chassis import wire
from chassis.circuit import Circuit
from chassis.errors import Outage
from chassis.log import get_logger
from contracts import common
from gateway import metrics
from gateway.amqp import Address, Connection
from gateway.problems import Problem
from gateway.question import Question, Reply, read

log = get_logger()

BACKOFF_SECONDS = (0.05, 0.2, 0.5, 1.0, 2.0)
CONNECT_SECONDS = 4.0
PATIENCE_SECONDS = 1.0
MOST_IN_FLIGHT = 512
MOST_BODY_BYTES = 1024 * 1024  # the broker's max_message_size; over it, it ends the channel


class Backend:
    """The services of one region."""

    def __init__(self, uri: str, region: str, deadline_seconds: float = 5.0) -> None:
        self._address = Address.of(uri)
        self._region, self._deadline_seconds = region, deadline_seconds
        self._connection: Connection | None = None
        self._free = asyncio.Event()
        self._waiting: dict[bytes, asyncio.Future[bytes]] = {}
        self._numbers = count(1)
        self.circuits: defaultdict[str, Circuit] = defaultdict(Circuit)

    @property
    def connected(self) -> bool:
        """Whether commands can leave."""
        return self._free.is_set()

    # -- the connection ---------------------------------------------------------------------

    async def run(self) -> None:
        """Keep connected, for ever."""
        failures = 0
        while True:
            started = time.monotonic()
            try:
                await self._session()
            except (OSError, ValueError) as error:
                log.warning("broker lost", error=repr(error))
            finally:
                self._lost()
            failures = 0 if time.monotonic() - started > 5 else failures + 1
            await asyncio.sleep(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)])

    async def _session(self) -> None:
        """One connection's life; raises the OSError that ended it."""
        connection = self._connection = Connection(self._settle, self._flow)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await connection.open(self._address)
            raise await connection.ended
        finally:
            await connection.close()

    def _flow(self, free: bool) -> None:
        """Commands may leave, or may not: not connected, blocked by the broker, or too slow."""
        if free:
            self._free.set()
        else:
            self._free.clear()

    def _settle(self, number: bytes, body: bytes | None) -> None:
        """Give the reply to who waits for it; late ones are nobody's."""
        waiting = self._waiting.pop(number, None)
        if waiting is None or waiting.done():
            return
        if body is None:
            waiting.set_exception(Outage("the service is not there"))
        else:
            waiting.set_result(body)

    def _lost(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for one in waiting.values():
            if not one.done():
                one.set_exception(Outage("the connection to the broker was lost"))

    # -- asking -----------------------------------------------------------------------------

    async def ask(self, question: Question, deadline_seconds: float | None = None) -> Reply:
        """Ask once. Raises Problem (refused, busy, too large), Outage (no answer) or Bug."""
        service = question.command.service
        seconds = deadline_seconds or self._deadline_seconds
        circuit = self.circuits[service]
        circuit.enter()
        started = time.monotonic()
        try:
            raw = await self._exchange(question, seconds)
        except Outage:
            circuit.failed()
            self._count(service, "outage", circuit)
            raise
        except BaseException:
            circuit.left()
            raise
        circuit.answered()
        metrics.ASKED.labels(service).observe(time.monotonic() - started)
        reply = orjson.loads(raw)
        self._count(service, next(iter(reply), "bug"), circuit)
        return read(reply)

    def _count(self, service: str, outcome: str, circuit: Circuit) -> None:
        metrics.ASK_OUTCOMES.labels(service, outcome).inc()
        metrics.CIRCUIT.labels(service).set(circuit.is_open)

    async def _exchange(self, question: Question, seconds: float) -> bytes:
        if len(self._waiting) >= MOST_IN_FLIGHT:
            raise Problem(common.BUSY, retry_after_seconds=1)
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        connection = await self._leaving(seconds)
        number = b"%d" % next(self._numbers)
        answer: asyncio.Future[bytes] = loop.create_future()
        self._waiting[number] = answer
        bell = loop.call_at(until, _late, answer, seconds)
        try:
            self._publish(connection, question, number, until - loop.time())
            return await answer
        finally:
            bell.cancel()
            self._waiting.pop(number, None)

    async def _leaving(self, seconds: float) -> Connection:
        """The connection; right after a start or a loss it may take a moment."""
        if not self._free.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(PATIENCE_SECONDS, seconds / 2)):
                    await self._free.wait()
        if self._connection is None or not self._free.is_set():
            raise Outage("the broker is away")
        return self._connection

    def _publish(
        self, connection: Connection, question: Question, number: bytes, seconds: float
    ) -> None:
        """Send it; raises Problem (413) for a body that the broker would hang up on."""
        body = wire.body(
            question.command,
            question.actor,
            wire.Patience(connection.name, time.monotonic(), seconds),
            request_id=question.request_id,
            traceparent=question.traceparent,
            key=question.key,
            fingerprint=question.fingerprint,
            if_match=question.if_match,
        )
        raw = orjson.dumps(body)
        if len(raw) > MOST_BODY_BYTES:
            raise Problem(common.TOO_LARGE, f"at most {MOST_BODY_BYTES} bytes as a command")
        queue = f"ask.{self._region}.{question.command.service}"
        connection.publish(queue, number, raw, max(1, int(seconds * 1000)))


def _late(answer: "asyncio.Future[bytes]", seconds: float) -> None:
    """The deadline passed."""
    if not answer.done():
        answer.set_exception(Outage(f"no answer within {seconds:g} s"))
