"""The live stream: server-sent events with the same changes that sync tells."""

from functools import partial

from falcon.asgi import Request, Response

from gateway import feed
from gateway.describe import Access, Operation, Success, described
from gateway.query import CURSOR, read_query
from gateway.resource import Resource
from gateway.viewer import Viewer

READ = Operation(
    summary="Live changes (`change` events, their id is a cursor); resumable by Last-Event-ID",
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


class Stream(Resource):
    """`/v1/stream`"""

    async def listen(self, req: Request, resp: Response) -> None:
        """From the last event's id on; without one, from now on."""
        viewer = await self.front.admit(req, READ)
        cursor = req.get_header("Last-Event-ID") or read_query(req, READ.query).get("cursor")
        head = await self.front.feed.head()
        place = self._place(cursor, viewer, head)
        standing = partial(self.front.standing, getattr(req.context, "bearer", None))
        resp.content_type = "text/event-stream"
        resp.set_header("Cache-Control", "no-store")
        resp.set_header("X-Accel-Buffering", "no")
        if req.method != "HEAD":
            resp.stream = self.front.hub.events(viewer, place, head, standing)

    def _place(self, cursor: str | None, viewer: Viewer, head: feed.Head) -> feed.Place:
        """Where the events begin; after an epoch ended there is only now (sync tells `reset`)."""
        place = feed.read(cursor, viewer, head) if cursor else None
        if place is None:
            return feed.Place(position=head.position, audiences=viewer.audiences)
        return place

    on_get = described(listen, READ)
