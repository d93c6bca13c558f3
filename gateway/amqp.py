"""One AMQP connection of the gateway: commands out, replies and returns in, on one channel.

It lives in the event loop, without a task or a thread. What ends it is told once, in `ended`.
"""

import asyncio
import contextlib
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from pamqp.base import Frame
from pamqp.commands import Basic, Channel
from pamqp.commands import Connection as Methods
from pamqp.frame import marshal
from pamqp.header import ProtocolHeader
from pamqp.heartbeat import Heartbeat

from gateway import frames

# A broker beats when it said nothing in half an interval, so that it may be silent for a whole one.
HEARTBEAT_SECONDS = 4
LOOKS = 4  # per interval; a broker that said nothing in an interval and one look more is lost
CLOSE_SECONDS = 1.0
MOST_UNSENT_BYTES = 4 * 1024 * 1024
ASK_FOR_A_WORD = marshal(Basic.Qos(), frames.CHANNEL)  # as it is already; the broker says so


class Lost(ConnectionError):
    """The connection ended; the message says why."""


@dataclass(frozen=True)
class Address:
    """Where the broker is and who we are there."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    vhost: str
    secure: bool

    @classmethod
    def of(cls, uri: str) -> "Address":
        """Read `amqp[s]://user:password@host:port/vhost`; raises ValueError when it is none."""
        parts = urlsplit(uri)
        if parts.scheme not in ("amqp", "amqps", "pyamqp"):
            raise ValueError(f"{parts.scheme}: is no scheme of AMQP")
        secure = parts.scheme == "amqps"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (5671 if secure else 5672),
            user=unquote(parts.username or "guest"),
            password=unquote(parts.password or "guest"),
            vhost=unquote(parts.path[1:]) or "/",
            secure=secure,
        )


class Connection(asyncio.BufferedProtocol):
    """Opened once, ended once; `flow` is told whenever commands may leave or may not."""

    def __init__(self, settle: frames.Settle, flow: Callable[[bool], None]) -> None:
        self._flow = flow
        self.name = secrets.token_hex(8)
        self._loop = asyncio.get_running_loop()
        self._transport: Any = None
        self._reader = frames.Reader(settle, self._answer)
        self._gathered: list[bytes] | None = None
        self._awaited: asyncio.Future[Any] | None = None
        self._expected: type[Frame] = Methods.Start
        self._opened = self._blocked = self._full = False
        self._lost: Lost | None = None
        self._spoke = True
        self._silent_looks = 0
        self._looking: asyncio.TimerHandle | None = None
        self._largest = frames.LARGEST
        self.ended: asyncio.Future[Lost] = self._loop.create_future()

    # -- opening and closing ----------------------------------------------------------------

    async def open(self, address: Address) -> None:
        """Sign in and listen for replies; raises OSError (Lost among them)."""
        context = ssl.create_default_context() if address.secure else None
        await self._loop.create_connection(lambda: self, address.host, address.port, ssl=context)
        await self._call(ProtocolHeader(), 0, Methods.Start)
        tune = await self._call(_sign_in(address), 0, Methods.Tune)
        self._largest = min(tune.frame_max or frames.LARGEST, frames.LARGEST)
        tuned = Methods.TuneOk(frames.CHANNEL, self._largest, int(HEARTBEAT_SECONDS))
        self._write(marshal(tuned, 0))
        await self._call(Methods.Open(virtual_host=address.vhost), 0, Methods.OpenOk)
        await self._call(Channel.Open(), frames.CHANNEL, Channel.OpenOk)
        consume = Basic.Consume(queue=frames.REPLIES, no_ack=True)
        await self._call(consume, frames.CHANNEL, Basic.ConsumeOk)
        self._opened = True
        self._look()
        self._tell()

    async def close(self) -> None:
        """Say goodbye to a broker that listens, wait a second at most, and hang up."""
        if self._opened:
            self._opened = False
            self._tell()
            with contextlib.suppress(OSError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    farewell = Methods.Close(200, "bye", 0, 0)
                    await self._call(farewell, 0, Methods.CloseOk)
        self._end("closed")

    def _end(self, reason: str) -> None:
        """Hang up and tell everybody why, the first time."""
        if self._lost is not None:
            return
        self._opened, self._lost = False, Lost(reason)
        self._tell()
        if self._transport is not None:
            self._transport.abort()
        if self._looking is not None:
            self._looking.cancel()
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_exception(self._lost)
        if not self.ended.done():
            self.ended.set_result(self._lost)

    def _tell(self) -> None:
        self._flow(self._opened and not self._blocked and not self._full)

    # -- out --------------------------------------------------------------------------------

    def publish(self, queue: str, number: bytes, body: bytes, expires_ms: int) -> None:
        """Send a command; its reply, or its return, comes with the number.

        The first of a turn of the loop leaves at once, those that follow it leave together.
        """
        command = frames.command(queue, number, expires_ms, body, self._largest)
        if self._gathered is not None:
            self._gathered.append(command)
            return
        self._gathered = []
        self._loop.call_soon(self._flush)
        self._write(command)

    def _flush(self) -> None:
        gathered, self._gathered = self._gathered, None
        if gathered and self._lost is None:
            self._write(b"".join(gathered))

    def _write(self, data: bytes) -> None:
        self._spoke = True
        self._transport.write(data)

    def _call(self, frame: Any, channel: int, expected: type[Frame]) -> "asyncio.Future[Any]":
        """Send a method; what it is answered with comes later. Raises Lost."""
        if self._lost is not None:
            raise self._lost
        self._expected, self._awaited = expected, self._loop.create_future()
        self._write(marshal(frame, channel))
        return self._awaited

    def _look(self) -> None:
        """Say something if nothing was said; hang up on who says nothing for too long.

        A broker that fell silent is asked for a word, which a healthy one gives at once. One that
        is too busy to read still beats.
        """
        self._silent_looks += 1
        if self._silent_looks > LOOKS:
            self._end("the broker fell silent")
            return
        if self._silent_looks > 1 and not self._blocked:
            self._write(ASK_FOR_A_WORD)
        elif not self._spoke:
            self._write(marshal(Heartbeat(), 0))
        self._spoke = False
        self._looking = self._loop.call_later(HEARTBEAT_SECONDS / LOOKS, self._look)

    # -- what asyncio tells -----------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        """There is a socket."""
        self._transport = transport
        transport.set_write_buffer_limits(high=MOST_UNSENT_BYTES)

    def connection_lost(self, error: Exception | None) -> None:
        """There is none any more."""
        self._end(repr(error) if error else "the broker hung up")

    def pause_writing(self) -> None:
        """The broker reads too slowly."""
        self._full = True
        self._tell()

    def resume_writing(self) -> None:
        """It caught up."""
        self._full = False
        self._tell()

    def get_buffer(self, _: int) -> memoryview:
        """Where to read to."""
        return self._reader.room()

    def buffer_updated(self, count: int) -> None:
        """Something arrived."""
        self._silent_looks = 0
        try:
            self._reader.take(count)
        except frames.MALFORMED as error:
            self._end(f"malformed: {error!r}")

    def _answer(self, method: Any) -> None:
        """A method that comes once, or tells of the connection itself."""
        if isinstance(method, Methods.Blocked | Methods.Unblocked):
            self._blocked = isinstance(method, Methods.Blocked)
            self._tell()
        elif isinstance(method, Methods.Close | Channel.Close):
            if isinstance(method, Methods.Close):
                self._write(marshal(Methods.CloseOk(), 0))
            self._end(f"{method.reply_code} {method.reply_text}")
        elif self._awaited and isinstance(method, self._expected) and not self._awaited.done():
            self._awaited.set_result(method)
        elif not isinstance(method, Basic.QosOk):  # the word that it was asked for
            raise ValueError(f"{method.name} was not expected")


def _sign_in(address: Address) -> Methods.StartOk:
    """Who we are; of the broker's extensions only those that we use."""
    return Methods.StartOk(
        client_properties={
            "product": "jejaring gateway",
            "capabilities": {"authentication_failure_close": True, "connection.blocked": True},
        },
        response=f"\0{address.user}\0{address.password}",
    )
