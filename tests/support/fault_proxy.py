"""A wire that can be made bad: slow, silent, broken, refusing or lying."""

import asyncio
import random
import socket
import struct
from contextlib import suppress

from cell.demo.cable import CHUNK_BYTES, Wire

AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: a close sends RST and drops what is unsent


class FaultProxy(Wire):
    """Forwards `port` to `target`; its attributes may be changed while traffic flows.

    Delays are seconds per direction. A black hole takes bytes and connections and holds them; what
    it held arrives when it ends, as TCP would send it again. What is cut is cut with RST.
    """

    def __init__(self, target: int) -> None:
        super().__init__(target)
        self.latency_seconds = self.jitter_seconds = 0.0
        self.bytes_per_second = 0.0
        self.connections = 0
        self._corrupting: set[asyncio.StreamWriter] = set()
        self._flows = asyncio.Event()

    def heal(self) -> None:
        """A good wire from now on, on the same port as before."""
        self.latency_seconds = self.jitter_seconds = self.bytes_per_second = 0.0
        self._loop.call_soon_threadsafe(self._flows.set)
        super().heal()

    def blackhole(self) -> None:
        """Hold everything from now on, and say nothing."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def hang_up(self) -> None:
        """Close every connection in order (FIN); new ones are taken."""
        self._do(self._close())

    def reset(self) -> None:
        """Break every connection (RST); new ones are taken."""
        self._do(self._break())

    def corrupt(self) -> None:
        """Begin the next chunk of every direction with a wrong byte: no frame starts like that."""
        self._loop.call_soon_threadsafe(lambda: self._corrupting.update(self._writers))

    # -- in the loop ------------------------------------------------------------------------

    async def _close(self) -> None:
        for writer in list(self._writers):
            writer.close()

    async def _break(self) -> None:
        for writer in self._writers:
            plain: socket.socket = writer.transport.get_extra_info("socket")
            with suppress(OSError):
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        await super()._break()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await super()._accept(reader, writer)
        self._corrupting &= self._writers

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction: everything in order, each chunk when it is due."""
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(256)
        reading = asyncio.create_task(self._read(reader, due))
        try:
            while (taken := await due.get())[1]:
                await self._hold(*taken)
                await self._pass(self._perhaps_wrong(taken[1], writer), writer)
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
