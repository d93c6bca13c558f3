"""Asks the services: commands over one AMQP connection per worker, every wait under a deadline.

Direct reply-to, transient, no confirms: a lost command shows as a timeout and is safe to repeat
with its key. A command that no queue takes comes back and is an outage at once.
"""

import asyncio
import contextlib
import time
from itertools import count
from typing import Any

import aiormq
import orjson
from aiormq.abc import AbstractChannel, AbstractConnection
from aiormq.exceptions import AMQPError
from pamqp.commands import Basic

from chassis.errors import Outage
from chassis.log import get_logger
from contracts import common
from gateway import metrics
from gateway.circuit import Circuit
from gateway.problems import Problem
from gateway.question import Question, Reply, read, written

log = get_logger()

REPLIES = "amq.rabbitmq.reply-to"
BACKOFF_SECONDS = (0.05, 0.2, 0.5, 1.0, 2.0)
CONNECT_SECONDS = 4.0
PATIENCE_SECONDS = 1.0
HEARTBEAT_SECONDS = 10
MOST_IN_FLIGHT = 512
BROKER_ERRORS = (AMQPError, OSError, TimeoutError, RuntimeError)


class Backend:
    """The services of one region."""

    def __init__(self, uri: str, region: str, deadline_seconds: float = 5.0) -> None:
        mark = "&" if "?" in uri else "?"
        self._uri = f"{uri}{mark}heartbeat={HEARTBEAT_SECONDS}&timeout={int(CONNECT_SECONDS)}"
        self._region, self._deadline_seconds = region, deadline_seconds
        self._channel: AbstractChannel | None = None
        self._ready = asyncio.Event()
        self._waiting: dict[str, asyncio.Future[bytes]] = {}
        self._numbers = count(1)
        self.circuits: dict[str, Circuit] = {}

    @property
    def connected(self) -> bool:
        """Whether commands can leave."""
        return self._channel is not None

    # -- the connection ---------------------------------------------------------------------

    async def run(self) -> None:
        """Keep connected, for ever."""
        failures = 0
        while True:
            started = time.monotonic()
            try:
                await self._session()
            except BROKER_ERRORS as error:
                log.warning("broker lost", error=type(error).__name__)
            finally:
                self._lost()
            failures = 0 if time.monotonic() - started > 5 else failures + 1
            await asyncio.sleep(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)])

    async def _session(self) -> None:
        """One connection's life."""
        async with asyncio.timeout(CONNECT_SECONDS):
            connection = await aiormq.connect(self._uri)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                channel = await self._opened(connection)
            self._channel = channel
            self._ready.set()
            ends = (connection.closing, channel.closing)
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            with contextlib.suppress(*BROKER_ERRORS):
                async with asyncio.timeout(1.0):
                    await connection.close()

    async def _opened(self, connection: AbstractConnection) -> AbstractChannel:
        """A channel that hands replies and returns straight to who waits, without a task each."""
        channel: Any = await connection.channel(publisher_confirms=False)

        async def delivered(frame: Any) -> None:
            self._settle(await message_of(channel, frame), returned=False)

        async def returned(frame: Any) -> None:
            self._settle(await message_of(channel, frame), returned=True)

        channel._on_deliver_frame = delivered
        channel._on_return_frame = returned
        await channel.basic_consume(REPLIES, _nothing, no_ack=True)
        return channel  # type: ignore[no-any-return]

    def _settle(self, message: Any, *, returned: bool) -> None:
        """Give the reply to who waits for it; late ones are nobody's."""
        waiting = self._waiting.pop(message.header.properties.correlation_id or "", None)
        if waiting is None or waiting.done():
            return
        if returned:
            waiting.set_exception(Outage("the service is not there"))
        else:
            waiting.set_result(message.body)

    def _lost(self) -> None:
        self._channel = None
        self._ready.clear()
        waiting, self._waiting = self._waiting, {}
        for one in waiting.values():
            if not one.done():
                one.set_exception(Outage("the connection to the broker was lost"))

    # -- asking -----------------------------------------------------------------------------

    async def ask(self, question: Question, deadline_seconds: float | None = None) -> Reply:
        """Ask once. Raises Problem (refused, busy), Outage (no answer in time) or Bug."""
        service = question.command.service
        seconds = deadline_seconds or self._deadline_seconds
        circuit = self.circuits.setdefault(service, Circuit())
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
        until = time.monotonic() + seconds
        number = str(next(self._numbers))
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                channel = await self._leaving(seconds)
                self._waiting[number] = answer
                await self._publish(channel, question, number, until - time.monotonic())
                return await answer
        except TimeoutError:
            raise Outage(f"no answer within {seconds:g} s") from None
        except BROKER_ERRORS as error:
            raise Outage("the broker is away") from error
        finally:
            self._waiting.pop(number, None)

    async def _leaving(self, seconds: float) -> AbstractChannel:
        """The channel; right after a start or a loss it may take a moment."""
        if self._channel is None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(PATIENCE_SECONDS, seconds / 2)):
                    await self._ready.wait()
        if self._channel is None:
            raise Outage("the broker is away")
        return self._channel

    async def _publish(self, channel: Any, question: Question, number: str, seconds: float) -> None:
        properties = Basic.Properties(
            content_type="application/json",
            delivery_mode=1,
            reply_to=REPLIES,
            correlation_id=number,
            message_id=number,
            expiration=str(max(1, int(seconds * 1000))),
        )
        await channel.basic_publish(
            orjson.dumps(written(question, time.time() + seconds)),
            routing_key=f"ask.{self._region}.{question.command.service}",
            properties=properties,
            mandatory=True,
            wait=False,
        )


async def message_of(channel: Any, frame: Any) -> Any:
    """The whole message that a deliver or return frame begins."""
    return await channel._read_content(frame, await channel._get_frame())


async def _nothing(_: Any) -> None:
    """Replies are settled before they become anybody's callback."""
