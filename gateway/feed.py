"""What changed for a viewer since a cursor: the change log, read for sync and for the stream.

When the audiences are others now, the rows of those lost and gained are gone through once more:
what is still visible comes as a resource, what is not as a tombstone (source: features J3).
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from chassis.log import get_logger
from gateway.cursor import OF_KIND, Head, Place
from gateway.metrics import UNSHOWN
from gateway.shown import KINDS, Shown
from gateway.viewer import Viewer
from gateway.views.store import Store

log = get_logger()

Document = Mapping[str, Any]
PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 0.005
MOST_REPORTED = 1000


class Unshown(Exception):
    """A row cannot be told: a kind that nobody here knows, or a bug."""


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
        self._reported: set[tuple[str, int]] = set()

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

    async def after(self, place: Place, head: Head, limit: int) -> Changes:
        """The next page from a place."""
        if place.again is not None:
            return await self._again(place, place.again, limit)
        if place.position < place.fresh:
            return await self._fresh(place, limit)
        query = {"position": {"$gt": place.position}, "ever": {"$in": list(place.audiences)}}
        rows = await self._store.rows(query, limit + 1)
        reached = max(head.position, place.position)
        return _page(rows, limit, place, "position", reached, pending=False)

    async def _fresh(self, place: Place, limit: int) -> Changes:
        """What the client never held comes without tombstones."""
        span = {"$gt": place.position, "$lte": place.fresh}
        query = {"position": span, "now": {"$in": list(place.audiences)}}
        rows = await self._store.rows(query, limit + 1)
        return _page(rows, limit, place, "position", place.fresh, pending=True)

    async def _again(self, place: Place, reached: int, limit: int) -> Changes:
        """Through the audiences that were lost or gained; rows only move up, so none is missed."""
        query = {"position": {"$gt": reached}, **_in_scope(place)}
        rows = await self._store.rows(query, limit + 1)
        if len(rows) > limit:
            return _page(rows, limit, place, "again", reached, pending=True)
        done = replace(place, again=None, scope=())
        return Changes(rows=rows, place=done, more=True)

    async def rows_after(self, position: int, limit: int) -> list[dict[str, Any]]:
        """The log's next rows, for everybody."""
        return await self._store.rows({"position": {"$gt": position}}, limit)

    async def told(
        self, page: Changes, viewer: Viewer
    ) -> tuple[list[tuple[Document, bytes]], Place]:
        """The rows of a page, each with its change as JSON, and the place after them.

        What could not be shown before is tried again first; what still cannot stays in the place.
        """
        rows = [*await self._unshown(page), *page.rows]
        place = replace(page.place, unshown=())
        documents = await self.documents(rows)
        found = []
        for row in rows:
            try:
                found.append((row, told(row, documents, viewer, {})))
            except Unshown as error:
                self.report(row, error)
                place = place.without(row)
        return found, place

    async def _unshown(self, page: Changes) -> list[dict[str, Any]]:
        """The rows to try again; those that moved up come by themselves, in this page or later."""
        place = page.place
        ids = set(place.unshown).difference(row["_id"] for row in page.rows)
        if not ids:
            return []
        seen = {"position": {"$lte": place.position}, "ever": {"$in": list(place.audiences)}}
        return await self._store.rows({"_id": {"$in": sorted(ids)}, **seen}, len(ids))

    def report(self, row: Document, error: Unshown) -> None:
        """Count a row that could not be shown; log the bug, once per version of the row."""
        if row["kind"] not in KINDS:
            return
        UNSHOWN.labels(row["kind"]).inc()
        if (row["_id"], row["version"]) not in self._reported:
            if len(self._reported) >= MOST_REPORTED:
                self._reported.clear()
            self._reported.add((row["_id"], row["version"]))
            log.error("bug", row=row["_id"], exc_info=error.__cause__)

    async def documents(self, rows: Sequence[Document]) -> dict[str, Document]:
        """The views' documents that rows are about, by row id."""
        found: dict[str, Document] = {}
        for kind in {row["kind"] for row in rows} & KINDS.keys():
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


def _in_scope(place: Place) -> Document:
    """The query for what is gone through once more: audiences, and kinds for those he has."""
    kinds = [one.removeprefix(OF_KIND) for one in place.scope if one.startswith(OF_KIND)]
    audiences = {"ever": {"$in": [one for one in place.scope if not one.startswith(OF_KIND)]}}
    if not kinds:
        return audiences
    return {"$or": [audiences, {"kind": {"$in": kinds}, "ever": {"$in": list(place.audiences)}}]}


def told(
    row: Document, documents: Mapping[str, Document], viewer: Viewer, known: dict[str | None, bytes]
) -> bytes:
    """A row's change as JSON; `known` keeps what was made of this row, by ETag.

    Raises Unshown for whatever goes wrong: it concerns this row alone, and others must not wait
    for it.
    """
    try:
        shown = visible(row, documents, viewer)
        form = shown.etag if shown else None
        if form not in known:
            known[form] = orjson.dumps(change(row, shown))
        return known[form]
    except Exception as error:
        raise Unshown(row["_id"]) from error


def visible(row: Document, documents: Mapping[str, Document], viewer: Viewer) -> Shown | None:
    """The resource of a row, if the viewer is to see it.

    Raises KeyError for a kind that a newer projector logged, and LookupError while the document is
    missing though somebody should see it: a tombstone would take away what nobody withdrew.
    """
    if not set(row["now"]).intersection(viewer.audiences):
        return None
    kind = KINDS[row["kind"]]
    document = documents.get(row["_id"])
    if document is None:
        raise LookupError("no view holds it")
    return kind.show(document, viewer)


def change(row: Document, shown: Shown | None) -> dict[str, Any]:
    """One change as sync and stream tell it."""
    return {
        "kind": row["kind"],
        "id": row["id"],
        "version": row["version"],
        "resource": shown.body if shown else None,
    }
