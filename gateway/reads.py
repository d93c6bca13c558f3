"""`lists` and `shows`: responders that answer from the views and never leave the house."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from falcon.asgi import Request, Response
from marshmallow import Schema

from contracts import common
from gateway.asked import ID
from gateway.describe import JSON, Access, Operation, Responder, Success, described
from gateway.front import Front
from gateway.metrics import PAGES
from gateway.pages import Page
from gateway.problems import Problem
from gateway.query import (
    CURSOR,
    LIMIT,
    Parameter,
    filters,
    read_cut,
    read_query,
    write_cursor,
)
from gateway.shown import Kind
from gateway.viewer import Viewer
from gateway.views.change import Document

Given = Mapping[str, Any]
READ_HEADERS = ("ETag", "X-View-Lag-Seconds")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list: its view, what of a document it needs, how it filters, orders and shows.

    `joined` puts documents of other views to those of a page.
    """

    view: str
    fields: Sequence[str]
    item: Callable[[Document, Viewer], Any]
    sorts: Mapping[str, str]
    default: str
    filters: Sequence[Parameter] = ()
    joined: Callable[[Front, list[Document]], Awaitable[list[Any]]] | None = None

    def parameters(self) -> dict[str, Parameter]:
        """All query parameters by name."""
        choices = tuple(name for sort in self.sorts for name in (sort, f"-{sort}"))
        sort = Parameter(
            name="sort", about="The order.", one_of=choices, default=self.default, longest=20
        )
        return {one.name: one for one in (*self.filters, sort, LIMIT, CURSOR)}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which view a viewer's list is taken from, and what it is narrowed to."""

    view: str
    query: Document


ScopeOf = Callable[[Viewer, Given], Scope]
Guard = Callable[[Front, Viewer, Given], Awaitable[None]]


def for_eyes(view: str, **more: Any) -> ScopeOf:
    """The scope of a view whose documents say who sees them."""
    return lambda viewer, _: Scope(view=view, query={**eyes(viewer), **more})


def eyes(viewer: Viewer) -> Document:
    """What a viewer sees."""
    return {"eyes": {"$in": list(viewer.audiences)}}


def as_shown(kind: Kind) -> Callable[[Document, Viewer], Any]:
    """An item as the viewer would be shown it alone."""

    def item(document: Document, viewer: Viewer) -> Any:
        shown = kind.show(document, viewer)
        return shown.body if shown else None

    return item


def rendered(document: Document, _: Viewer) -> Any:
    """An item that was rendered when it was folded."""
    return orjson.Fragment(document["body"])


def lists(
    listing: Listing,
    *,
    summary: str,
    tag: str,
    answer: Mapping[str, Any],
    access: Access = Access.PUBLIC,
    scope: ScopeOf | None = None,
    guard: Guard | None = None,
) -> Responder:
    """A responder for a page of a list; for nobody in particular it is kept as bytes."""
    known = listing.parameters()
    operation = Operation(
        summary=summary,
        tag=tag,
        access=access,
        success=Success(about="A page.", schema=answer, headers=READ_HEADERS),
        query=known,
        problems=(403, 404, 503) if guard else (503,),
        conditional=True,
    )

    async def page(front: Front, viewer: Viewer, given: Given) -> bytes:
        taken = scope(viewer, given) if scope else Scope(view=listing.view, query={})
        cut = read_cut(given, listing.sorts, listing.default)
        query = both(filters({n: v for n, v in given.items() if n in known}, known), taken.query)
        found = await front.store.page(taken.view, query, cut, listing.fields)
        items, beyond = found[: cut.limit], len(found) > cut.limit
        sort = given.get("sort", listing.default)
        following = write_cursor(sort, items[-1][cut.field], items[-1]["_id"]) if beyond else None
        if listing.joined:
            shown = await listing.joined(front, items)
        else:
            shown = [listing.item(one, viewer) for one in items]
        return orjson.dumps({"items": shown, "next": following})

    async def respond(self: Any, req: Request, resp: Response, **params: str) -> None:
        viewer = await self.front.admit(req, operation)

        async def live() -> Page:
            given = {**read_query(req, known), **params}
            if guard:
                await guard(self.front, viewer, given)
            body = await page(self.front, viewer, given)
            return Page(body, digest(body))

        kept = access is Access.PUBLIC and viewer.member_id is None
        await answer_page(self.front, req, resp, listing.view if kept else None, live)

    return described(respond, operation)


def both(one: Document, other: Document) -> Document:
    """A query that holds when both do."""
    return {"$and": [one, other]} if one and other else one or other


def shows(
    kind: Kind,
    *,
    summary: str,
    tag: str,
    answer: type[Schema] | Mapping[str, Any],
    access: Access = Access.PUBLIC,
    param: str = "id",
) -> Responder:
    """A responder for one resource; what a viewer may not see is not there (404)."""
    operation = Operation(
        summary=summary,
        tag=tag,
        access=access,
        success=Success(about="It.", schema=answer, headers=READ_HEADERS),
        problems=(404, 503),
        conditional=True,
    )

    async def respond(self: Any, req: Request, resp: Response, **params: str) -> None:
        viewer = await self.front.admit(req, operation)

        async def live() -> Page:
            read_query(req, {})
            return await one(self.front, kind, params[param], viewer)

        kept = access is Access.PUBLIC and viewer.member_id is None
        await answer_page(self.front, req, resp, kind.view if kept else None, live)

    return described(respond, operation)


async def one(front: Front, kind: Kind, id: str, viewer: Viewer) -> Page:
    """One resource as the viewer is shown it; raises Problem (404)."""
    document = await front.store.get(kind.view, id, kind.fields) if ID.fullmatch(id) else None
    shown = kind.show(document, viewer) if document else None
    if shown is None:
        raise Problem(common.NOT_FOUND)
    return Page(orjson.dumps(shown.body), shown.etag)


async def answer_page(
    front: Front, req: Request, resp: Response, view: str | None, live: Callable[[], Any]
) -> None:
    """The page of a public view from memory if it is there, else live; 304 when it is known."""
    page = None
    if view is not None:
        key = f"{req.path}?{req.query_string}"
        page = front.pages.get(view, key)
        PAGES.labels("live" if page is None else "kept").inc()
    if page is None:
        generation = front.pages.generation(view) if view else 0
        page = await live()
        if view is not None:
            front.pages.keep(view, key, page, generation)
    write_page(front, req, resp, page, private=view is None)


def write_page(
    front: Front,
    req: Request,
    resp: Response,
    page: Page,
    *,
    private: bool,
    conditional: bool = True,
) -> None:
    """The body with ETag and lag, or 304."""
    etag = f'"{page.etag}"'
    resp.set_header("ETag", etag)
    resp.set_header("X-View-Lag-Seconds", front.freshness.header())
    resp.set_header("Cache-Control", "private, no-cache" if private else "no-cache")
    resp.content_type = JSON
    known = req.get_header("If-None-Match")
    if conditional and known is not None and matches(known, etag):
        resp.status = "304 Not Modified"
    else:
        resp.data = page.body


def matches(known: str, etag: str) -> bool:
    """Whether an If-None-Match names the ETag (weak comparison, RFC 9110 §13.1.2)."""
    told = [one.strip().removeprefix("W/") for one in known.split(",")]
    return etag in told or "*" in told


def digest(body: bytes) -> str:
    """A short name of these bytes."""
    return hashlib.blake2b(body, digest_size=9).hexdigest()
