"""The timeline of a case, page by page, from the views alone."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from falcon.asgi import Request, Response

from gateway.api.mentorships import TAG, seen_case
from gateway.api.shapes import page_of
from gateway.describe import Access, Operation, Success, described
from gateway.front import Front
from gateway.pages import Page
from gateway.query import CURSOR, LIMIT, Parameter, read_cut, read_query, write_cursor
from gateway.reads import READ_HEADERS, answer_page, digest
from gateway.resource import Resource
from gateway.timeline import KINDS, PARTS, Entry, timeline
from gateway.viewer import Viewer
from gateway.views.store import Slice

SORT = Parameter(name="sort", about="The order.", one_of=("at", "-at"), default="at")
SORTS = {"at": "at"}
ENTRY = {
    "type": "object",
    "required": ["at", "kind", "id", "by", "details"],
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "kind": {"type": "string", "enum": list(KINDS)},
        "id": {"type": "string", "description": "Unique in its case."},
        "by": {"type": ["string", "null"], "description": "The member, where one did it."},
        "details": {"type": "object", "additionalProperties": True},
    },
}
READ = Operation(
    summary="What happened to the case, in order, as far as one may see it",
    tag=TAG,
    access=Access.SIGNED_IN,
    success=Success(about="A page.", schema=page_of(ENTRY), headers=READ_HEADERS),
    query={one.name: one for one in (SORT, LIMIT, CURSOR)},
    problems=(404, 503),
    conditional=True,
)


class Timeline(Resource):
    """`/v1/mentorships/{id}/timeline`"""

    async def show(self, req: Request, resp: Response, id: str) -> None:
        """A page of it."""
        viewer = await self.front.admit(req, READ)

        async def live() -> Page:
            given = read_query(req, READ.query)
            body = page(await entries(self.front, viewer, id), given)
            return Page(body, digest(body))

        await answer_page(self.front, req, resp, None, live)

    on_get = described(show, READ)


async def entries(front: Front, viewer: Viewer, mentorship_id: str) -> list[Entry]:
    """All of it, the oldest first; raises Problem (404) for a case that is not his to know of."""
    case = await seen_case(front, viewer, mentorship_id)
    of = {"mentorship_id": {"$eq": mentorship_id}}
    found = await asyncio.gather(*(front.store.find(kind.view, of) for kind in PARTS))
    parts = {kind.name: documents for kind, documents in zip(PARTS, found, strict=True)}
    return timeline(case["mentorship"], parts, viewer)


def page(told: list[Entry], given: Mapping[str, Any]) -> bytes:
    """The entries after the cursor."""
    sort = given.get("sort", SORT.default)
    cut = read_cut(given, SORTS, SORT.default)
    ordered = told[::-1] if cut.descending else told
    rest = [one for one in ordered if is_beyond(one, cut)]
    items = rest[: cut.limit]
    more = len(rest) > cut.limit
    following = write_cursor(sort, items[-1]["at"], items[-1]["id"]) if more else None
    return orjson.dumps({"items": items, "next": following})


def is_beyond(one: Entry, cut: Slice) -> bool:
    """Whether an entry comes after the place of a cursor; ids go the same way as times here."""
    if cut.after is None:
        return True
    place = (one["at"], one["id"])
    return place < cut.after if cut.descending else place > cut.after
