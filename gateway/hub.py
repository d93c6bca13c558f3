"""Live changes to many listeners: one reader of the log per worker, fan-out by audience."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chassis.errors import Outage
from chassis.log import get_logger
from gateway.cursor import Head, Place, write
from gateway.feed import Feed, Unshown, told
from gateway.metrics import STREAMS
from gateway.viewer import Viewer

log = get_logger()

POLL_SECONDS = 1.0
BEAT_SECONDS = 15.0
BATCH = 500
CATCH_UP = 100
MOST_WAITING = 64
RETRY = b"retry: 2000\n\n"
BEAT = b": still here\n\n"

Document = Mapping[str, Any]
Standing = Callable[[Viewer], Awaitable[Viewer | None]]


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream: who listens, how far he is, what waits for him."""

    viewer: Viewer
    place: Place
    head: Head
    standing: Standing
    waiting: deque[tuple[Document, bytes | None]] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    behind: bool = True
    ended: bool = False

    def offer(self, row: Document, data: bytes | None) -> None:
        """Put a change before him, None for one that cannot be told.

        Who is too slow catches up by reading the log himself.
        """
        if self.behind:
            return
        if len(self.waiting) >= MOST_WAITING:
            self.behind = True
            self.waiting.clear()
        else:
            self.waiting.append((row, data))
        self.arrived.set()

    def owe(self, reached: Place) -> None:
        """Let the cursors on the way to a place name what is passed over on that way."""
        unshown = tuple(sorted({*self.place.unshown, *reached.unshown}))
        self.place = replace(self.place, missed=reached.missed, unshown=unshown)

    def next_event(self) -> bytes:
        """The event of what waits longest; nothing for what he knows or cannot be told."""
        row, data = self.waiting.popleft()
        if row["position"] <= self.place.position:
            return b""
        if data is not None:
            return self.event(row, data)
        try:
            self.place = self.place.without(row)
        except Outage:  # he comes back, and is told to wait
            self.end()
        return b""

    def end(self) -> None:
        """Close the stream; the client comes back with his cursor."""
        self.ended = True
        self.arrived.set()

    def event(self, row: Document, data: bytes) -> bytes:
        """One server-sent event; its id is the cursor after it."""
        self.place = self.place.after(row)
        return frame(write(self.place, self.head), data)


def frame(cursor: str, data: bytes) -> bytes:
    """The bytes of a `change` event."""
    return b"id: %s\nevent: change\ndata: %s\n\n" % (cursor.encode(), data)


class Hub:
    """All listeners of this worker."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._woken = asyncio.Event()
        self._by_audience: dict[str, set[Listener]] = {}
        self._listeners: set[Listener] = set()
        self._position = 0
        self._epoch = ""
        self._checked_at = 0.0
        self.closed = False

    def wake(self) -> None:
        """Something was written."""
        self._woken.set()

    def close(self) -> None:
        """No more streams: the worker stops."""
        self.closed = True
        for listener in self._listeners:
            listener.end()

    async def run(self) -> None:
        """Read the log when woken, or every second, and hand its rows round; for ever."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._woken.wait()
            self._woken.clear()
            try:
                if self._listeners:
                    await self._round()
            except Outage as error:
                log.info("stream waits", error=str(error))
                await asyncio.sleep(POLL_SECONDS)

    async def _round(self) -> None:
        if time.monotonic() - self._checked_at >= POLL_SECONDS:
            self._checked_at = time.monotonic()
            await self._check()
        while rows := await self._feed.rows_after(self._position, BATCH):
            await self._hand_round(rows)
            self._position = rows[-1]["position"]
            if len(rows) < BATCH:
                return

    async def _check(self) -> None:
        """End the streams of who lost his session, his roles, or whose log was begun anew."""
        head = await self._feed.head()
        for listener in tuple(self._listeners):
            viewer = await listener.standing(listener.viewer)
            same = viewer is not None and viewer.audiences == listener.viewer.audiences
            if not same or head.epoch != listener.head.epoch:
                listener.end()

    async def _hand_round(self, rows: Sequence[Document]) -> None:
        wanted = [(row, found) for row in rows if (found := self._interested(row))]
        documents = await self._feed.documents([row for row, _ in wanted])
        for row, listeners in wanted:
            rendered: dict[str | None, bytes] = {}
            for listener in listeners:
                data: bytes | None = None
                try:
                    data = told(row, documents, listener.viewer, rendered)
                except Unshown as error:
                    self._feed.report(row, error)
                listener.offer(row, data)

    def _interested(self, row: Document) -> set[Listener]:
        return {one for audience in row["ever"] for one in self._by_audience.get(audience, ())}

    # -- one stream ---------------------------------------------------------------------------

    async def events(
        self, viewer: Viewer, place: Place, head: Head, standing: Standing
    ) -> AsyncGenerator[bytes]:
        """The bytes of one stream from a place on; an outage ends it with how long to wait."""
        listener = Listener(viewer=viewer, place=place, head=head, standing=standing)
        self._join(listener)
        try:
            yield RETRY
            while not (listener.ended or self.closed):
                listener.behind = False
                async for event in self._caught_up(listener):
                    yield event
                while not (listener.behind or listener.ended):
                    yield await self._next(listener)
        except Outage as error:
            log.info("stream ends", error=str(error))
            yield b"retry: %d\n\n" % (1000 * error.retry_after_seconds)
        finally:
            self._leave(listener)

    async def _caught_up(self, listener: Listener) -> AsyncIterator[bytes]:
        """Everything the log has after his place."""
        more = True
        while more and not listener.ended:
            page = await self._feed.after(listener.place, await self._feed.head(), CATCH_UP)
            found, place = await self._feed.told(page, listener.viewer)
            listener.owe(place)
            for row, change in found:
                yield listener_event(listener, place, row, change)
            listener.place, more = place, page.more

    async def _next(self, listener: Listener) -> bytes:
        """The events that wait, or a beat when none came for a while.

        With each beat he looks again for what could not be shown.
        """
        listener.arrived.clear()
        if not listener.waiting and not listener.ended:
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await listener.arrived.wait()
            except TimeoutError:
                listener.behind = bool(listener.place.unshown)
                return BEAT
        events = []
        while listener.waiting:
            events.append(listener.next_event())
        return b"".join(events)

    def _join(self, listener: Listener) -> None:
        if not self._listeners:
            self._position = listener.head.position
        self._listeners.add(listener)
        for audience in listener.viewer.audiences:
            self._by_audience.setdefault(audience, set()).add(listener)
        STREAMS.set(len(self._listeners))

    def _leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        for audience in listener.viewer.audiences:
            listeners = self._by_audience.get(audience, set())
            listeners.discard(listener)
            if not listeners:
                self._by_audience.pop(audience, None)
        STREAMS.set(len(self._listeners))


def listener_event(listener: Listener, reached: Place, row: Document, data: bytes) -> bytes:
    """An event while catching up; until the page is whole, its cursor is the place before it."""
    normal = listener.place.again is None and reached.again is None
    if normal:
        return listener.event(row, data)
    return frame(write(listener.place, listener.head), data)
