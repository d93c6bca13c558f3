"""What changed for a viewer since a cursor: the change log, read for sync and for the stream.

A cursor holds a position, the audiences it was made for and the log's epoch, under a mac. When the
audiences are others now, the rows of those lost and gained are gone through once more: what is
still visible comes as a resource, what is not as a tombstone (source: features J3).
"""

import asyncio
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import orjson

from chassis.errors import Outage
from contracts import common
from gateway.problems import Problem
from gateway.query import decode_opaque, encode_opaque
from gateway.shown import KINDS, Shown
from gateway.viewer import Viewer
from gateway.views.store import Store

Document = Mapping[str, Any]
MAC_HEX = 20
PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.005
KNOWN = {"$in": sorted(KINDS)}  # a newer projector may log kinds that cannot be shown here


@dataclass(frozen=True, kw_only=True)
class Head:
    """The change log's epoch, its secret for macs, and its newest position."""

    epoch: str
    secret: str
    position: int


@dataclass(frozen=True, kw_only=True)
class Place:
    """How far a client is: all rows up to `position` for `audiences`.

    Up to `fresh` it holds nothing yet, so nothing must be taken away. While `again` is not None,
    the rows of `scope` are gone through once more, and that is how far this has come.
    """

    position: int
    audiences: tuple[str, ...]
    fresh: int = 0
    scope: tuple[str, ...] = ()
    again: int | None = None


@dataclass(frozen=True, kw_only=True)
class Changes:
    """A page of changes, the place after it, and whether more wait."""

    rows: Sequence[Document]
    place: Place
    more: bool


class Feed:
    """Reads the change log."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def head(self) -> Head:
        """The log as it is now; an empty one before the projector ever ran."""
        log = await self._store.get("meta", "log")
        if log is None:
            return Head(epoch="none", secret="none", position=0)
        return Head(epoch=log["epoch"], secret=log["secret"], position=log["position"])

    async def kept_up(self, member_id: str | None) -> None:
        """Wait until the log has what the member was answered; not for long."""
        until, pause = time.monotonic() + PATIENCE_SECONDS, PAUSE_SECONDS
        while member_id and await self._store.owed(member_id) and time.monotonic() < until:
            await paused(pause)
            pause = min(2 * pause, 0.1)

    async def _rows(self, query: Document, limit: int) -> list[dict[str, Any]]:
        """Rows of the log, without those of kinds that nobody here knows."""
        return await self._store.rows({**query, "kind": KNOWN}, limit)

    async def after(self, place: Place, head: Head, limit: int) -> Changes:
        """The next page from a place."""
        if place.again is not None:
            return await self._again(place, place.again, limit)
        if place.position < place.fresh:
            return await self._fresh(place, limit)
        query = {"position": {"$gt": place.position}, "ever": {"$in": list(place.audiences)}}
        rows = await self._rows(query, limit + 1)
        reached = max(head.position, place.position)
        return _page(rows, limit, place, "position", reached, pending=False)

    async def _fresh(self, place: Place, limit: int) -> Changes:
        """What the client never held comes without tombstones."""
        span = {"$gt": place.position, "$lte": place.fresh}
        query = {"position": span, "now": {"$in": list(place.audiences)}}
        rows = await self._rows(query, limit + 1)
        return _page(rows, limit, place, "position", place.fresh, pending=True)

    async def _again(self, place: Place, reached: int, limit: int) -> Changes:
        """Through the audiences that were lost or gained; rows only move up, so none is missed."""
        query = {"position": {"$gt": reached}, "ever": {"$in": list(place.scope)}}
        rows = await self._rows(query, limit + 1)
        if len(rows) > limit:
            return _page(rows, limit, place, "again", reached, pending=True)
        done = replace(place, again=None, scope=())
        return Changes(rows=rows, place=done, more=True)

    async def rows_after(self, position: int, limit: int) -> list[dict[str, Any]]:
        """The log's next rows, for everybody."""
        return await self._rows({"position": {"$gt": position}}, limit)

    async def shown(self, rows: Sequence[Document], viewer: Viewer) -> list[dict[str, Any]]:
        """The rows as changes for a viewer: the resource, or null when it is not his to see."""
        documents = await self.documents(rows)
        return [change(row, visible(row, documents, viewer)) for row in rows]

    async def documents(self, rows: Sequence[Document]) -> dict[str, Document]:
        """The views' documents that rows are about, by row id."""
        found: dict[str, Document] = {}
        for kind in {row["kind"] for row in rows}:
            ids = [row["id"] for row in rows if row["kind"] == kind]
            for document in await self._store.find(KINDS[kind].view, {"_id": {"$in": ids}}):
                found[f"{kind}:{document['_id']}"] = document
        return found


async def paused(seconds: float) -> None:
    """Let the projector go on."""
    await asyncio.sleep(seconds)


def _page(
    rows: Sequence[Document], limit: int, place: Place, field: str, reached: int, *, pending: bool
) -> Changes:
    """At most `limit` rows; when they are all there were, the place is `reached`."""
    if len(rows) > limit:
        rows = rows[:limit]
        step = {field: rows[-1]["position"]}
        return Changes(rows=rows, place=replace(place, **step), more=True)
    last = rows[-1]["position"] if rows else 0
    step = {field: max(reached, last)}
    return Changes(rows=rows, place=replace(place, **step), more=pending)


def visible(row: Document, documents: Mapping[str, Document], viewer: Viewer) -> Shown | None:
    """The resource of a row, if the viewer is to see it.

    Raises Outage while the document is missing though somebody should see it: the view is being
    rebuilt, and a tombstone now would take away what nobody withdrew.
    """
    if not set(row["now"]).intersection(viewer.audiences):
        return None
    document = documents.get(row["_id"])
    if document is None:
        raise Outage("a view is being rebuilt", retry_after_seconds=2)
    return KINDS[row["kind"]].show(document, viewer)


def change(row: Document, shown: Shown | None) -> dict[str, Any]:
    """One change as sync and stream tell it."""
    return {
        "kind": row["kind"],
        "id": row["id"],
        "version": row["version"],
        "resource": shown.body if shown else None,
    }


def start(viewer: Viewer, head: Head) -> Place:
    """The place of a client that holds nothing."""
    return Place(position=0, audiences=viewer.audiences, fresh=head.position)


def write(place: Place, head: Head) -> str:
    """The place as an opaque cursor."""
    told = [
        head.epoch,
        place.position,
        place.audiences,
        place.fresh,
        place.scope,
        -1 if place.again is None else place.again,
    ]
    return encode_opaque([*told, _mac(told, head)])


def read(cursor: str, viewer: Viewer, head: Head) -> Place | None:
    """The place in a cursor, widened when the viewer's audiences changed.

    None when it is of another epoch (start over); raises Problem (400) when it is not ours.
    """
    told = decode_opaque(cursor)
    if not isinstance(told, list) or len(told) != 7 or not isinstance(told[0], str):
        raise Problem(common.CURSOR)
    if told[0] != head.epoch:
        return None
    if not hmac.compare_digest(str(told[6]).encode(), _mac(told[:6], head).encode()):
        raise Problem(common.CURSOR)
    _, position, audiences, fresh, scope, again, _ = told
    place = Place(
        position=position,
        audiences=tuple(audiences),
        fresh=fresh,
        scope=tuple(scope),
        again=None if again < 0 else again,
    )
    return widened(place, viewer)


def widened(place: Place, viewer: Viewer) -> Place:
    """The place for the audiences of today; those lost or gained are gone through again."""
    differing = set(place.audiences).symmetric_difference(viewer.audiences)
    if not differing:
        return place
    scope = tuple(sorted(differing.union(place.scope)))
    return replace(place, audiences=viewer.audiences, scope=scope, again=0)


def _mac(told: Sequence[Any], head: Head) -> str:
    return hmac.new(head.secret.encode(), orjson.dumps(told), sha256).hexdigest()[:MAC_HEX]
