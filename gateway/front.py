"""Everything a responder needs, put together once per worker, and how a caller is let in."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from falcon.asgi import Request
from falcon.routing import CompiledRouter

from chassis import clock
from chassis.errors import Outage
from chassis.log import get_logger
from chassis.settings import Settings
from contracts import common
from contracts.catalogue import FACTS
from contracts.codec import Malformed
from contracts.envelope import open_fact, read
from contracts.fact import Fact
from gateway.backend import Backend
from gateway.describe import Access, Operation
from gateway.feed import Feed
from gateway.freshness import Freshness
from gateway.hub import Hub
from gateway.identity import Bearer, Identity
from gateway.issuer import OutsideIssuer
from gateway.limits import Limit
from gateway.pages import Pages
from gateway.photos import Photos
from gateway.pool import Pool
from gateway.problems import Problem
from gateway.tail import Tail
from gateway.viewer import MAY_SIGN_IN, NOBODY, Viewer, Viewers
from gateway.views import fold_state
from gateway.views.log import LOGGED
from gateway.views.store import Store

log = get_logger()

MOST_PROMISED = 50  # a command about more is an import, which nobody waits for line by line
AGAIN_SECONDS = 1.0
ANY_TYPE = (None, "*/*", "application/json")


@dataclass
class Front:
    """The gateway of one worker."""

    settings: Settings
    store: Store
    backend: Backend
    identity: Identity
    viewers: Viewers
    pages: Pages
    freshness: Freshness
    feed: Feed
    hub: Hub
    tail: Tail
    photos: Photos
    outside: OutsideIssuer | None
    limit: Limit
    auth_limit: Limit
    router: CompiledRouter = field(default_factory=CompiledRouter)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    pool: Pool = field(init=False)
    _today: tuple[float, str] = (0.0, "")

    def __post_init__(self) -> None:
        self.pool = Pool(self.store, self.pages)

    @classmethod
    def of(cls, settings: Settings) -> "Front":
        """All parts, wired, nothing running; made inside the worker's event loop."""
        store = Store(settings.mongo_uri)
        outside = OutsideIssuer(settings, store) if settings.oidc_issuer else None
        identity = Identity(store, settings.public_url, outside)
        viewers, pages, feed = Viewers(store), Pages(), Feed(store)
        hub = Hub(feed)
        return cls(
            settings=settings,
            store=store,
            backend=Backend(settings.amqp_uri, settings.region, settings.ask_deadline_seconds),
            identity=identity,
            viewers=viewers,
            pages=pages,
            freshness=Freshness(store),
            feed=feed,
            hub=hub,
            tail=Tail(store, identity, viewers, pages, hub.wake),
            photos=Photos.of(settings, store.client),
            outside=outside,
            limit=Limit(settings.rate_limit_per_minute),
            auth_limit=Limit(settings.auth_limit_per_minute),
        )

    def start(self) -> None:
        """Run what runs beside the requests."""
        runners = [self.backend.run, self.freshness.run, self.tail.run, self.hub.run]
        if self.outside:
            runners.append(self.outside.run)
        self.tasks = [asyncio.create_task(kept_running(one)) for one in runners]

    async def stop(self) -> None:
        """End it all."""
        self.hub.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.store.close()

    # -- letting in -------------------------------------------------------------------------

    async def admit(self, req: Request, operation: Operation) -> Viewer:
        """Who calls, when he may; raises Problem: 401, 403, 406 or 429."""
        self._must_accept(req, operation)
        authorization = req.get_header("Authorization")
        if operation.auth:
            self.auth_limit.take(req.context.address)
        if authorization is None or operation.auth:
            self.limit.take(req.context.address)
            viewer = NOBODY
        else:
            viewer = await self._signed_in(req, authorization)
        must_be_allowed(viewer, operation.access)
        req.context.viewer = viewer
        return viewer

    def _must_accept(self, req: Request, operation: Operation) -> None:
        if req.get_header("Accept") in ANY_TYPE and operation.success.content_type in ANY_TYPE:
            return
        offered = (operation.success.content_type, *operation.success.also)
        if not any(req.client_accepts(media) for media in offered):
            raise Problem(common.NOT_ACCEPTABLE)

    async def _signed_in(self, req: Request, authorization: str) -> Viewer:
        scheme, _, token = authorization.partition(" ")
        try:
            if scheme.lower() != "bearer" or not token:
                raise Problem(common.TOKEN_INVALID, "send Authorization: Bearer <token>")
            bearer = await self.identity.bearer(token)
        except Problem:
            self.limit.take(req.context.address)
            raise
        self.limit.take(bearer.member_id)
        viewer = await self.viewers.load(bearer.member_id, self.today())
        if viewer.state and viewer.state not in MAY_SIGN_IN:
            raise Problem(common.TOKEN_INVALID, f"the account is {viewer.state}")
        req.context.bearer = bearer
        return viewer

    def today(self) -> str:
        """The region's date, looked up at most once a second."""
        if time.monotonic() - self._today[0] > 1.0:
            self._today = (time.monotonic(), clock.today(self.settings.timezone))
        return self._today[1]

    async def standing(self, bearer: Bearer | None, viewer: Viewer) -> Viewer | None:
        """The viewer as he is now; None when his token or session is over."""
        if bearer is None or viewer.member_id is None:
            return viewer
        if bearer.expires_at < clock.timestamp() or bearer.session_id in self.identity.ended:
            return None
        now = await self.viewers.load(viewer.member_id, self.today())
        return now if now.state in MAY_SIGN_IN else None

    # -- read your writes -------------------------------------------------------------------

    async def fold_in(self, facts: Iterable[Mapping[str, Any]], viewer: Viewer) -> None:
        """Fold what the viewer's command caused into the views before its answer leaves."""
        opened: list[Fact] = []
        for raw in facts:
            with contextlib.suppress(Malformed):
                opened.append(open_fact(read(raw), FACTS))
        await self.write_through([(fact.kind, fact.state) for fact in opened], viewer)

    async def write_through(self, states: Sequence[tuple[str, Any]], viewer: Viewer) -> None:
        """Write now, forget what is kept about it; if it fails, the projector does it later.

        The states are (kind, state); his next sync waits until the log has them.
        """
        changes = [change for kind, state in states for change in fold_state(kind, state)]
        if not changes:
            return
        try:
            writes: list[Awaitable[None]] = [self.store.apply(changes)]
            if viewer.member_id is not None:
                writes.append(self.store.promise(viewer.member_id, promised(states)))
            await asyncio.gather(*writes)
        except Outage as error:
            log.warning("write-through failed", error=str(error))
        for place in dict.fromkeys((change.view, change.id) for change in changes):
            with contextlib.suppress(Outage):
                await self.tail.note(*place)


async def kept_running(run: Callable[[], Awaitable[None]]) -> None:
    """Run for ever: what ends by a fault is logged, and begun again after a second."""
    while True:
        try:
            await run()
        except Exception as error:
            log.error("bug", running=run.__qualname__, exc_info=error)
        await asyncio.sleep(AGAIN_SECONDS)


def promised(states: Sequence[tuple[str, Any]]) -> dict[str, int]:
    """The rows of the log that will tell of these states, with their versions; the last ones."""
    rows = {f"{kind}:{state.id}": state.version for kind, state in states if kind in LOGGED}
    return dict(list(rows.items())[-MOST_PROMISED:])


def must_be_allowed(viewer: Viewer, access: Access) -> None:
    """Raise Problem: 401 for nobody, 403 for somebody else than it takes."""
    if access is Access.PUBLIC:
        return
    if viewer.member_id is None:
        raise Problem(common.NOT_SIGNED_IN)
    if access is Access.ACTIVE and not viewer.active:
        raise Problem(common.FORBIDDEN, "for active members")
    if access is Access.OPERATOR and not viewer.operator:
        raise Problem(common.FORBIDDEN, "for the operator")
