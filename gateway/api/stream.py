"""The live stream: server-sent events with the same changes that sync tells."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import partial

from falcon.asgi import Request, Response

from gateway import cursor as cursors
from gateway.describe import Access, Operation, Success, described
from gateway.query import CURSOR, read_query
from gateway.resource import Resource

RESET = b"event: reset\ndata: {}\n\n"
READ = Operation(
    summary="Live changes (`change` events, their id is a cursor); resumable by Last-Event-ID. "
    "After a `reset` event the cursor was worth nothing: sync from the beginning",
    tag="Sync",
    access=Access.PUBLIC,
    success=Success(
        about="Events, until the session or the connection ends.",
        schema={"type": "string"},
        content_type="text/event-stream",
    ),
    query={"cursor": CURSOR},
    problems=(503,),
)


async def after_reset(events: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    """The events from now on, after the word that those before are not known any more."""
    async with aclosing(events):
        yield RESET
        async for event in events:
            yield event


class Stream(Resource):
    """`/v1/stream`"""

    async def listen(self, req: Request, resp: Response) -> None:
        """From the last event's id on; without one, from now on."""
        viewer = await self.front.admit(req, READ)
        given = read_query(req, READ.query)
        cursor = req.get_header("Last-Event-ID") or given.get("cursor")
        head = await self.front.feed.head()
        place = cursors.read(cursor, viewer, head) if cursor else None
        standing = partial(self.front.standing, getattr(req.context, "bearer", None))
        resp.content_type = "text/event-stream"
        resp.set_header("Cache-Control", "no-store")
        resp.set_header("X-Accel-Buffering", "no")
        if req.method != "HEAD":
            now = cursors.Place(position=head.position, audiences=viewer.audiences)
            events = self.front.hub.events(viewer, place or now, head, standing)
            resp.stream = after_reset(events) if cursor and place is None else events

    on_get = described(listen, READ)
