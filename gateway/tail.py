"""One look-out per worker: hears of every write to the views and makes what is kept forget."""

import asyncio
import contextlib
from collections.abc import Callable

from chassis.errors import Outage
from chassis.log import get_logger
from gateway.identity import Identity
from gateway.pages import Pages
from gateway.pool import FROM, NAME
from gateway.viewer import Viewers
from gateway.views.store import Store

log = get_logger()

WATCHED = (
    "areas",
    "institutions",
    "frameworks",
    "calendar",
    "innovations",
    "certificates",
    "peers",
    *FROM,
    "keys",
    "sessions",
    "changes",
)
PUBLIC = ("areas", "institutions", "frameworks", "calendar", "innovations", "certificates")
DROPPED = {  # on whose page they stand
    **{view: view for view in PUBLIC},
    "peers": "areas",
    **dict.fromkeys(FROM, NAME),
}
AGAIN_SECONDS = 1.0


class Tail:
    """Follows the views' change stream; while it cannot, what is kept is forgotten each second."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        viewers: Viewers,
        pages: Pages,
        wake: Callable[[], None],
    ) -> None:
        self._store, self._identity, self._viewers = store, identity, viewers
        self._pages, self._wake = pages, wake

    async def run(self) -> None:
        """Follow for ever; a lost stream is opened again."""
        while True:
            try:
                await self._follow()
            except Outage as error:
                log.warning("tail lost", error=str(error))
            finally:
                self._pages.fresh = False
            with contextlib.suppress(Outage):
                await self._forget_all()
            await asyncio.sleep(AGAIN_SECONDS)

    async def _follow(self) -> None:
        """Follow one stream; raises Outage, also when what ended before it cannot be read."""
        stream = self._store.watch(WATCHED)
        async with contextlib.aclosing(stream):
            async for event in stream:
                if not self._pages.fresh:
                    await self._forget_all()
                    self._pages.fresh = True
                if event is None:
                    self._wake()
                elif event[1]:
                    await self.note(*event)
                else:  # a whole view was put in place
                    await self._forget_all()

    async def _forget_all(self) -> None:
        """Forget what is kept and read again who may call; raises Outage when that cannot be."""
        self._viewers.forget()
        self._pages.drop_all()
        try:
            await self._identity.reload()
        finally:
            self._wake()

    async def note(self, view: str, id: str) -> None:
        """A document of a view was written."""
        if view in DROPPED:
            self._pages.drop(DROPPED[view])
        if view == "changes":
            self._wake()
        elif view == "sessions":
            self._identity.end(id)
        elif view == "members":
            self._viewers.forget([id])
        elif view == "keys":
            await self._identity.reload()
        elif view == "appointments":
            self._viewers.forget(await self._named("appointments", id, "member_id"))
        elif view == "areas":
            acting = await self._named("areas", id, "acting_coordinator")
            self._viewers.forget([*acting, *self._viewers.acting_in(id)])

    async def _named(self, view: str, id: str, field: str) -> list[str]:
        """The member that a document names, if any."""
        document = await self._store.get(view, id, [field])
        return [document[field]] if document and document.get(field) else []
