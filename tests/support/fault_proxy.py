"""A TCP proxy on loopback that makes the wire bad: slow, silent, broken, refusing or lying."""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Self

HOST = "127.0.0.1"
CHUNK_BYTES = 65_536
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: a close sends RST and drops what is unsent


class FaultProxy:
    """Forwards `port` to `target`; its attributes may be changed while traffic flows.

    Delays are seconds per direction. A black hole takes bytes and connections and holds them; what
    it held arrives when it ends, as TCP would send it again.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self.latency_seconds = self.jitter_seconds = 0.0
        self.bytes_per_second = 0.0
        self.port = 0
        self.connections = 0
        self._corrupting: set[asyncio.StreamWriter] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.clear()
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()
        self.refuse()
        self.reset()
        self._do(self._ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def clear(self) -> None:
        """A good wire from now on."""
        self.latency_seconds = self.jitter_seconds = self.bytes_per_second = 0.0
        self._loop.call_soon_threadsafe(self._flows.set)
        self.listen()

    def listen(self) -> None:
        """Take connections (again), on the same port as before."""
        self._do(self._listen())

    def blackhole(self) -> None:
        """Hold everything from now on, and say nothing."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def refuse(self) -> None:
        """Take no new connections; open ones go on."""
        self._do(self._refuse())

    def cut(self) -> None:
        """Close every connection in order (FIN)."""
        self._do(self._close(reset=False))

    def reset(self) -> None:
        """Break every connection (RST)."""
        self._do(self._close(reset=True))

    def corrupt(self) -> None:
        """Begin the next chunk of every direction with a wrong byte: no frame starts like that."""
        self._loop.call_soon_threadsafe(lambda: self._corrupting.update(self._writers))

    # -- in the loop ------------------------------------------------------------------------

    def _do(self, step: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(step, self._loop).result(10)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, HOST, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _close(self, *, reset: bool) -> None:
        for writer in list(self._writers):
            if reset:
                plain: socket.socket = writer.transport.get_extra_info("socket")
                with suppress(OSError):
                    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                writer.transport.abort()
            else:
                writer.close()

    async def _ended(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: both directions, until either ends."""
        self.connections += 1
        try:
            there, back = await asyncio.open_connection(HOST, self._target)
        except OSError:
            writer.close()
            return
        ends = (writer, back)
        self._writers.update(ends)
        ways = [
            asyncio.create_task(self._forward(reader, back)),
            asyncio.create_task(self._forward(there, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            self._writers.difference_update(ends)
            self._corrupting.difference_update(ends)
            for end in ends:
                end.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction: everything in order, each chunk when it is due."""
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(256)
        reading = asyncio.create_task(self._read(reader, due))
        try:
            while (taken := await due.get())[1]:
                await self._hold(*taken)
                writer.write(self._perhaps_wrong(taken[1], writer))
                await writer.drain()
        except OSError:
            pass
        finally:
            reading.cancel()

    async def _read(
        self, reader: asyncio.StreamReader, due: "asyncio.Queue[tuple[float, bytes]]"
    ) -> None:
        chunk = b"x"
        while chunk:
            chunk = b""
            with suppress(OSError):
                chunk = await reader.read(CHUNK_BYTES)
            late = self.latency_seconds + random.uniform(-1, 1) * self.jitter_seconds
            await due.put((self._loop.time() + max(0.0, late), chunk))

    async def _hold(self, due: float, chunk: bytes) -> None:
        """Wait until the chunk may pass."""
        left = due - self._loop.time()
        if left > 0:
            await asyncio.sleep(left)
        if self.bytes_per_second:
            await asyncio.sleep(len(chunk) / self.bytes_per_second)
        await self._flows.wait()

    def _perhaps_wrong(self, chunk: bytes, writer: asyncio.StreamWriter) -> bytes:
        if writer not in self._corrupting:
            return chunk
        self._corrupting.discard(writer)
        return b"\xff" + chunk[1:]
