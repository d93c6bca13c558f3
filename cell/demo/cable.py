"""The wire between two regions: a TCP relay on loopback that can be cut, healed and listened to."""

import asyncio
import json
import re
import threading
from base64 import urlsafe_b64decode
from collections.abc import Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from cell.ports import HOST

CHUNK_BYTES = 65_536
SIGNED = re.compile(rb"eyJ[\w-]+\.([\w-]+)\.[\w-]+")


class Wire:
    """Carries what is said at `port` to `target`, and back."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._accepting: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.heal()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        self._do(self._ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def heal(self) -> None:
        """Take connections (again), on the same port."""
        self._do(self._listen())

    def cut(self) -> None:
        """Break every connection, and take no new ones."""
        self._do(self._cut())

    def _do(self, step: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(step, self._loop).result(10)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._take, HOST, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        if self._server is not None:
            for taking in self._server.sockets:
                self._loop.remove_reader(taking)
            for _ in ("accepted", "connected"):  # asyncio never closes what a closed server accepts
                await asyncio.sleep(0)
            self._server.close()
            self._server = None
        await self._break()

    async def _break(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _ended(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._break()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection is ours to close from its first moment on."""
        self._writers.add(writer)
        accepting = self._loop.create_task(self._accept(reader, writer))
        self._accepting.add(accepting)
        accepting.add_done_callback(self._accepting.discard)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(HOST, self._target)
        except (OSError, asyncio.CancelledError):
            self._writers.discard(writer)
            writer.close()
            return
        ends = (writer, back)
        self._writers.update(ends)
        ways = (self._carry(reader, back), self._carry(there, writer))
        try:
            done = [asyncio.create_task(way) for way in ways]
            await asyncio.wait(done, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.cancel()
        except asyncio.CancelledError:
            pass  # the end
        finally:
            self._writers.difference_update(ends)
            for end in ends:
                end.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction, until its end."""
        with suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                await self._pass(chunk, writer)

    async def _pass(self, chunk: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(chunk)
        await writer.drain()


class Cable(Wire):
    """A wire that is listened to; `taken` is everything that went through, both ways."""

    def __init__(self, target: int) -> None:
        super().__init__(target)
        self.taken = bytearray()

    def facts(self) -> list[dict[str, Any]]:
        """The signed facts that went through, in their order; what cannot be read is left out."""
        found = []
        for payload in SIGNED.findall(bytes(self.taken)):
            with suppress(ValueError):
                padded = payload + b"=" * (-len(payload) % 4)
                found.append(json.loads(urlsafe_b64decode(padded)))
        return found

    async def _pass(self, chunk: bytes, writer: asyncio.StreamWriter) -> None:
        self.taken += chunk
        await super()._pass(chunk, writer)
