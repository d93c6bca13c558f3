"""The audit log: who did what by virtue of an office, for officers and for the operator."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from falcon.asgi import Request, Response

from contracts import common
from gateway import exports
from gateway.api.shapes import page_of
from gateway.asked import ID
from gateway.describe import JSON, Access, Operation, Success, described
from gateway.problems import Problem
from gateway.query import (
    CURSOR,
    LIMIT,
    TIME,
    Parameter,
    filters,
    read_cut,
    read_query,
    write_cursor,
)
from gateway.resource import Resource
from gateway.views import acts
from gateway.views.change import Document
from gateway.views.store import Slice, Store

SORTS = {"at": "at"}
AT_ONCE = 200
LONGEST_CELL = 2000
FILTERS = {
    one.name: one
    for one in (
        Parameter(name="actor", about="By this member.", pattern=ID.pattern, field="actor"),
        Parameter(
            name="subject",
            about="About this: `member/<id>`, `event/<id>`, or the path that a file came from.",
            pattern=r"[A-Za-z0-9._:/-]{1,120}",
            longest=120,
            field="subject",
        ),
        Parameter(name="from", about="Then or later.", pattern=TIME, field="at", compare="$gte"),
        Parameter(name="to", about="Before.", pattern=TIME, field="at", compare="$lt"),
    )
}
SORT = Parameter(name="sort", about="The order.", one_of=("at", "-at"), default="-at")
TITLES = {
    "en": ("time", "who", "roles", "act", "subject", "fields", "before", "after", "request"),
    "id": (
        "waktu",
        "siapa",
        "peran",
        "tindakan",
        "subjek",
        "isian",
        "sebelum",
        "sesudah",
        "permintaan",
    ),
}


TEXT, TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
VALUES = {
    "type": ["object", "null"],
    "description": "For officers, and for whom it is about in his copy; null once it was erased.",
}
ACT: dict[str, Any] = {
    "type": "object",
    "description": "One act of somebody who holds an office.",
    "required": ["id", *acts.FIELDS, "before", "after"],
    "properties": {
        "id": TEXT,
        "at": {**TEXT, "format": "date-time"},
        "actor": TEXT,
        "roles": TEXTS,
        "act": TEXT,
        "subject": TEXT,
        "fact": {"type": ["string", "null"]},
        "sequence": {"type": ["integer", "null"]},
        "fields": TEXTS,
        "request_id": TEXT,
        "before": VALUES,
        "after": VALUES,
    },
}
READ = Operation(
    summary="What was done by virtue of an office, and which files were taken out",
    tag="Operations",
    access=Access.SIGNED_IN,
    success=Success(about="A page.", schema=page_of(ACT), also=(exports.MEDIA,)),
    query={**FILTERS, **exports.PARAMETERS, "sort": SORT, "limit": LIMIT, "cursor": CURSOR},
    problems=(403, 503),
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The log as somebody reads it; values are personal, so not everybody's."""

    store: Store
    query: Document
    cut: Slice
    with_values: bool

    async def page(self, sort: str) -> bytes:
        """One page as JSON."""
        items, after = await self.items(self.cut)
        following = write_cursor(sort, *after) if after else None
        return orjson.dumps({"items": items, "next": following})

    async def rows(self) -> AsyncIterator[Sequence[exports.Cells]]:
        """All from the cursor on, as cells."""
        cut: Slice | None = replace(self.cut, limit=AT_ONCE)
        while cut:
            items, after = await self.items(cut)
            yield [cells(item) for item in items]
            cut = replace(cut, after=after) if after else None

    async def items(self, cut: Slice) -> tuple[list[Document], tuple[str, str] | None]:
        """The acts of a slice, and the place after them if there are more."""
        found = await self.store.acts(self.query, cut)
        taken = found[: cut.limit]
        ids = [row["_id"] for row in taken] if self.with_values else []
        values = await self.store.values_of(ids) if ids else {}
        after = (taken[-1]["at"], taken[-1]["_id"]) if len(found) > cut.limit else None
        return [item(row, values.get(row["_id"], {})) for row in taken], after


def item(row: Mapping[str, Any], values: Mapping[str, Any]) -> Document:
    """An act as it is shown."""
    told = {name: row[name] for name in acts.FIELDS}
    return {"id": row["_id"], **told, "before": values.get("before"), "after": values.get("after")}


def cells(told: Mapping[str, Any]) -> exports.Cells:
    """An act as a row of a sheet."""
    values = [_short(told["before"]), _short(told["after"])]
    named = [told[name] for name in ("at", "actor", "roles", "act", "subject", "fields")]
    return [*named, *values, told["request_id"]]


def _short(value: Any) -> str:
    return orjson.dumps(value).decode()[:LONGEST_CELL] if value else ""


class Collection(Resource):
    """`/v1/operations/audit`"""

    async def show(self, req: Request, resp: Response) -> None:
        """A page, or all as CSV; officers see what it was before and after, the operator not."""
        viewer = await self.front.admit(req, READ)
        if not (viewer.officer or viewer.operator):
            raise Problem(common.FORBIDDEN, "for officers and the operator")
        given = read_query(req, READ.query)
        reading = Reading(
            store=self.front.store,
            query=filters(given, READ.query),
            cut=read_cut(given, SORTS, SORT.default),
            with_values=viewer.officer,
        )
        if exports.as_csv(given):
            sheet = exports.Sheet(name="audit", titles=TITLES, parts=reading.rows())
            await exports.send(req, resp, given, sheet)
            return
        resp.data = await reading.page(given.get("sort", SORT.default))
        resp.content_type = JSON
        resp.set_header("Cache-Control", "no-store")

    on_get = described(show, READ)
