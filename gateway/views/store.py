"""The gateway's door to its views: reads, and the write-through of what a command just caused."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from pymongo import AsyncMongoClient, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError
from pymongo.write_concern import WriteConcern

from chassis.errors import Outage
from chassis.mongo import lost_races
from gateway.views import DATABASE, acts, beside
from gateway.views.change import Change, Document

T = TypeVar("T")

DEADLINE_SECONDS = 4.0
GATHER_SECONDS = 0.005
OPTIONS: dict[str, Any] = {
    "maxPoolSize": 32,
    "serverSelectionTimeoutMS": 2000,
    "connectTimeoutMS": 2000,
    "appname": "jejaring-gateway",
}


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Which part of which order: after a (value, id), at most `limit`."""

    field: str
    descending: bool = False
    after: tuple[str, str] | None = None
    limit: int = 20

    def bound(self, query: Mapping[str, Any]) -> Document:
        """The query from the place on; the first condition is what the index can seek by."""
        if self.after is None:
            return dict(query)
        value, last = self.after
        reached, beyond = ("$lte", "$lt") if self.descending else ("$gte", "$gt")
        place = [
            {self.field: {reached: value}},
            {"$or": [{self.field: {beyond: value}}, {"_id": {beyond: last}}]},
        ]
        return {"$and": [dict(query), *place]}


async def reached(work: Awaitable[T]) -> T:
    """What the database answers; raises Outage when it is away or slow.

    One timer of ours instead of the driver's `timeoutMS`, which costs a fifth of a small read.
    """
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await work
    except (PyMongoError, TimeoutError) as error:
        raise Outage(f"database: {type(error).__name__}") from error


class Store:
    """All views of this cell."""

    def __init__(self, uri: str, database: str = DATABASE) -> None:
        self.client: AsyncMongoClient[Document] = AsyncMongoClient(uri, **OPTIONS)
        self.database = self.client[database]
        self.view = cache(self.database.__getitem__)
        self.audit = self.client[acts.DATABASE]
        self.rebuilt: set[str] = set()
        self._at_once = self.database.with_options(write_concern=WriteConcern(w=1))

    async def close(self) -> None:
        """Let go of all connections."""
        await self.client.close()

    async def ping(self) -> None:
        """Raise Outage when the database does not answer."""
        await reached(self.client.admin.command("ping"))

    async def get(self, view: str, id: str, fields: Sequence[str] | None = None) -> Document | None:
        """One document, or None."""
        return await reached(self.view(view).find_one({"_id": {"$eq": id}}, fields))

    async def find(self, view: str, query: Document, limit: int = 0) -> list[Document]:
        """Documents that match an indexed query, in no order."""
        return await reached(self.view(view).find(query).limit(limit).to_list())

    async def page(
        self, view: str, query: Document, cut: Slice, fields: Sequence[str]
    ) -> list[Document]:
        """One document more than the limit, if there is one; ordered by the field, then the id."""
        way = -1 if cut.descending else 1
        found = self.view(view).find(cut.bound(query), [*fields, cut.field])
        ordered = found.sort([(cut.field, way), ("_id", way)])
        return await reached(ordered.limit(cut.limit + 1).to_list())

    async def tally(
        self, view: str, query: Document, by: Sequence[str], each: str | None = None
    ) -> list[tuple[tuple[Any, ...], int]]:
        """How many documents match an indexed query, by the values of these fields.

        With `each`, a document counts once for every value that this field holds.
        """
        apart: list[Document] = [{"$unwind": f"${each}"}] if each else []
        together = {"_id": {name: f"${name}" for name in by}, "of": {"$sum": 1}}
        lean: Document = {"$project": dict.fromkeys(by, 1)}
        stages = [{"$match": query}, lean, *apart, {"$group": together}]
        found = await reached(self.view(view).aggregate(stages))
        rows = await reached(found.to_list())
        return [(tuple(row["_id"].get(name) for name in by), row["of"]) for row in rows]

    async def acts(self, query: Document, cut: Slice) -> list[Document]:
        """As `page`, of the audit log."""
        way = -1 if cut.descending else 1
        found = self.audit[acts.ACTS].find(cut.bound(query))
        ordered = found.sort([(cut.field, way), ("_id", way)])
        return await reached(ordered.limit(cut.limit + 1).to_list())

    async def values_of(self, ids: Sequence[str]) -> dict[str, Document]:
        """What the fields were and are, by the ids of acts; nothing for who was erased."""
        found = self.audit[acts.VALUES].find({"_id": {"$in": list(ids)}})
        return {row["_id"]: row for row in await reached(found.to_list())}

    async def note(self, row: Document) -> None:
        """Add a row to the audit log; raises Outage."""
        await reached(self.audit[acts.ACTS].insert_one(row))

    async def rows(self, query: Document, limit: int) -> list[Document]:
        """Rows of the change log in the order of their positions."""
        found = self.database["changes"].find(query).sort("position", 1)
        return await reached(found.limit(limit).to_list())

    async def meta(self) -> dict[str, Document]:
        """Pulses, rebuilds and the head of the change log, by id."""
        rows = await reached(self.database["meta"].find({}).to_list())
        self.rebuilt = {row["view"] for row in rows if "view" in row}
        return {row["_id"]: row for row in rows}

    async def parked(self, ids: Document, limit: int) -> list[Document]:
        """Facts parked by the projector and by the services, in order of arrival, as contracts."""
        lean: list[Document] = [
            {"$sort": {"_id": 1}},
            {"$limit": limit},
            {"$project": {"parked": 1}},
        ]
        told = {"$match": {"waiting": True, "_id": ids}}
        stages: list[Document] = [
            {"$match": {"_id": ids}},
            *lean,
            {"$unionWith": {"coll": "unheard", "pipeline": [told, *lean]}},
            *lean[:2],
        ]
        found = await reached(self.database["parked"].aggregate(stages))
        return [row["parked"] for row in await reached(found.to_list())]

    async def apply(self, changes: Sequence[Change]) -> None:
        """Fold into the views now, unless they hold newer already.

        First into those that are being built: these may take the others' place at any moment.
        """
        again = [replace(one, view=beside(one.view)) for one in changes if one.view in self.rebuilt]
        if again:
            await self._apply(again)
        await self._apply(changes)

    async def _apply(self, changes: Sequence[Change]) -> None:
        by_view: dict[str, list[Change]] = {}
        for change in changes:
            by_view.setdefault(change.view, []).append(change)
        writes = [self._write(view, found) for view, found in by_view.items()]
        await reached(writes[0] if len(writes) == 1 else asyncio.gather(*writes))

    async def promise(self, member_id: str, rows: Mapping[str, int]) -> None:
        """Remember for a minute that a member was answered with these versions of log rows."""
        now = datetime.now(UTC)
        changes = [
            UpdateOne(
                {"_id": f"{member_id}/{row}"},
                {
                    "$max": {"version": version},
                    "$set": {"member": member_id, "row": row, "at": now},
                },
                upsert=True,
            )
            for row, version in rows.items()
        ]
        if changes:
            await reached(self._at_once["promised"].bulk_write(changes, ordered=False))

    async def owed(self, member_id: str) -> list[str]:
        """Log rows that are older than what the member was answered."""
        promised = await self.find("promised", {"member": {"$eq": member_id}})
        wanted = {one["row"]: one["version"] for one in promised}
        if not wanted:
            return []
        rows = await self.find("changes", {"_id": {"$in": sorted(wanted)}})
        logged = {row["_id"]: row["version"] for row in rows}
        return [row for row, version in wanted.items() if logged.get(row, 0) < version]

    async def _write(self, view: str, changes: Sequence[Change]) -> None:
        """Several are one bulk write; one alone is spared the driver's bulk machinery."""
        if len(changes) == 1:
            await self._write_one(view, changes[0])
            return
        updates = [change.as_update() for change in changes]
        try:
            await self._at_once[view].bulk_write(updates, ordered=False)
        except BulkWriteError as error:
            lost = lost_races(error, updates)
            await self._at_once[view].bulk_write(lost, ordered=False)

    async def _write_one(self, view: str, change: Change) -> None:
        told: Any = (change.place, change.pipeline(), True)
        try:
            await self._at_once[view].update_one(*told)
        except DuplicateKeyError:  # an upsert that met another
            await self._at_once[view].update_one(*told)

    async def watch(self, collections: Sequence[str]) -> AsyncGenerator[tuple[str, str] | None]:
        """(collection, id) of every write to these; None about once a second when idle.

        A collection that took the place of another comes without an id.

        Writes in quick succession are fetched together: a round trip each would cost more.
        """
        ours = {"$in": list(collections)}
        wanted = {"$match": {"$or": [{"ns.coll": ours}, {"to.coll": ours}]}}
        lean = {"$project": {"ns.coll": 1, "to.coll": 1, "documentKey": 1, "operationType": 1}}
        opening = self.database.watch([wanted, lean], max_await_time_ms=1000)
        async with await reached(opening) as stream:
            yield None
            paused = 0.0
            while stream.alive:
                asked = time.monotonic()
                event = await reached(stream.try_next())
                if event is None:
                    yield None
                    continue
                place = event["to"] if "to" in event else event["ns"]
                yield place["coll"], str(event.get("documentKey", {}).get("_id", ""))
                if asked - paused > GATHER_SECONDS:
                    await asyncio.sleep(GATHER_SECONDS)
                    paused = time.monotonic()
