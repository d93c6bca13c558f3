"""A broker of one channel in the test's own event loop: it signs in, and does as the test says."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pamqp import commands, frame, header
from pamqp.body import ContentBody
from pamqp.heartbeat import Heartbeat

ANSWERS: dict[str, Any] = {
    "ProtocolHeader": commands.Connection.Start(
        server_properties={}, mechanisms="PLAIN", locales="en_US"
    ),
    "Connection.StartOk": commands.Connection.Tune(2047, 131072, 60),
    "Connection.Open": commands.Connection.OpenOk(),
    "Connection.Close": commands.Connection.CloseOk(),
    "Channel.Open": commands.Channel.OpenOk(),
    "Basic.Consume": commands.Basic.ConsumeOk("tag"),
    "Basic.Qos": commands.Basic.QosOk(),
}
ON_CHANNEL = ("Channel.Open", "Basic.Consume", "Basic.Qos")
DELIVER = commands.Basic.Deliver("tag", 1, False, "", "reply")
HEARTBEAT = Heartbeat()
RETURN = commands.Basic.Return(312, "NO_ROUTE", "", "queue")


@dataclass(frozen=True)
class Command:
    """What was published: its queue, its properties, its body, and whether it may come back."""

    queue: str
    mandatory: bool
    properties: Any
    body: bytes
    frames: int


def content(method: Any, number: str, body: bytes, *, most: int = 100_000, **more: Any) -> bytes:
    """A reply or a return as bytes."""
    properties = commands.Basic.Properties(correlation_id=number, **more)
    parts = [body[at : at + most] for at in range(0, len(body), most)]
    written = [method, header.ContentHeader(0, len(body), properties), *map(ContentBody, parts)]
    return b"".join(frame.marshal(one, 1) for one in written)


class PlainBroker:
    """Takes connections; `told` says what each command is answered with."""

    def __init__(self) -> None:
        self.said: list[list[str]] = []  # the names of all frames, per connection
        self.commands: list[Command] = []
        self.sign_in: Any = None
        self.answers = dict(ANSWERS)
        self.told: Callable[[Command], bytes] = lambda _: b""
        self._writers: list[asyncio.StreamWriter] = []
        self._published: Any = None  # method, properties, bytes missing, body, frames of the body
        self._server: Any = None
        self._port = 0

    async def start(self, tls: Any = None) -> None:
        """Listen; after a stop, where it listened before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port, ssl=tls)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everybody and listen no more."""
        self._server.close()
        self.hang_up()
        await self._server.wait_closed()
        await asyncio.sleep(0.01)

    def uri(self, scheme: str = "amqp", tail: str = "") -> str:
        """Where it is."""
        return f"{scheme}://koko:p%40ss@127.0.0.1:{self._port}/{tail}"

    def say(self, method: Any, channel: int = 0) -> None:
        """Send a frame to the newest connection."""
        self.say_raw(frame.marshal(method, channel))

    def say_raw(self, data: bytes) -> None:
        """Send anything to the newest connection."""
        self._writers[-1].write(data)

    def hang_up(self) -> None:
        """End all connections without a word."""
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self.said.append([])
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            await reader.readexactly(8)
            self._hear(header.ProtocolHeader(), writer)
            while True:
                self._hear(await self._frame(reader), writer)
                if self._published is not None and not self._published[2]:
                    self._answer(writer)
        writer.close()

    async def _frame(self, reader: asyncio.StreamReader) -> Any:
        head = await reader.readexactly(7)
        rest = await reader.readexactly(int.from_bytes(head[3:7], "big") + 1)
        return frame.unmarshal(head + rest)[2]

    def _hear(self, one: Any, writer: asyncio.StreamWriter) -> None:
        self.said[-1].append(one.name)
        if isinstance(one, commands.Connection.StartOk):
            self.sign_in = one
        if isinstance(one, commands.Basic.Publish):
            self._published = [one, None, 1, b"", 0]
        elif isinstance(one, header.ContentHeader):
            self._published[1:3] = [one.properties, one.body_size]
        elif isinstance(one, ContentBody):
            self._published[2] -= len(one.value)
            self._published[3] += one.value
            self._published[4] += 1
        elif one.name in self.answers and self.answers[one.name] is not None:
            channel = 1 if one.name in ON_CHANNEL else 0
            writer.write(frame.marshal(self.answers[one.name], channel))

    def _answer(self, writer: asyncio.StreamWriter) -> None:
        method, properties, _, body, parts = self._published
        self._published = None
        command = Command(method.routing_key, method.mandatory, properties, body, parts)
        self.commands.append(command)
        writer.write(self.told(command))


async def until(true: Callable[[], object], seconds: float = 10.0) -> None:
    """Let the loop run until it is so."""
    for _ in range(int(seconds / 0.002)):
        if true():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("it never came to be")
