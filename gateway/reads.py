"""`lists` and `shows`: responders that answer from the views and never leave the house."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from falcon.asgi import Request, Response
from marshmallow import Schema

from contracts import common
from gateway import exports
from gateway.asked import ID
from gateway.describe import JSON, Access, Operation, Responder, Success, described
from gateway.front import Front
from gateway.listing import Guard, Listing, Reading, Scope, ScopeOf
from gateway.metrics import PAGES
from gateway.pages import Page
from gateway.problems import Problem
from gateway.query import read_query
from gateway.shown import Kind, seen
from gateway.viewer import Viewer
from gateway.views.change import Document

READ_HEADERS = ("ETag", "X-View-Lag-Seconds")
NOWHERE: Mapping[str, str] = {}


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
    """A responder for a page of a list; for nobody in particular it is kept as bytes.

    A list with columns is there as CSV too: all of it from the cursor on, page after page.
    """
    known = listing.parameters
    offered = {**known, **exports.PARAMETERS} if listing.columns else known
    also = (exports.MEDIA,) if listing.columns else ()
    operation = Operation(
        summary=summary,
        tag=tag,
        access=access,
        success=Success(about="A page.", schema=answer, headers=READ_HEADERS, also=also),
        query=offered,
        problems=(403, 404, 503) if guard else (503,),
        conditional=True,
    )

    async def respond(self: Any, req: Request, resp: Response, **params: str) -> None:
        viewer = await self.front.admit(req, operation)

        async def reading() -> Reading:
            given = {**read_query(req, offered), **params}
            if guard:
                await guard(self.front, viewer, given)
            taken = scope(viewer, given) if scope else Scope(view=listing.view, query={})
            return Reading(listing=listing, viewer=viewer, given=given, scope=taken)

        async def live() -> Page:
            body = await (await reading()).page(self.front)
            return Page(body, digest(body))

        if "format" in req.params and exports.as_csv(read_query(req, offered)):
            whole = await reading()
            await exports.send(req, resp, whole.given, whole.sheet(self.front, tail_of(req.path)))
            return
        kept = access is Access.PUBLIC and viewer.member_id is None
        await answer_page(self.front, req, resp, listing.view if kept else None, live)

    return described(respond, operation)


def tail_of(path: str) -> str:
    """The last part of a path, as a file's name."""
    return path.rpartition("/")[2]


def shows(
    kind: Kind,
    *,
    summary: str,
    tag: str,
    answer: type[Schema] | Mapping[str, Any],
    access: Access = Access.PUBLIC,
    param: str = "id",
    within: Mapping[str, str] = NOWHERE,
) -> Responder:
    """A responder for one resource; what a viewer may not see is not there (404).

    `within` maps fields to path parameters: of which event, say, it must be.
    """
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
            belongs = {field: params[name] for field, name in within.items()}
            return await one(self.front, kind, params[param], viewer, belongs)

        kept = access is Access.PUBLIC and viewer.member_id is None
        await answer_page(self.front, req, resp, kind.view if kept else None, live)

    return described(respond, operation)


async def one(
    front: Front, kind: Kind, id: str, viewer: Viewer, belongs: Mapping[str, str] = NOWHERE
) -> Page:
    """One resource, with these values, as the viewer is shown it; raises Problem (404)."""
    document = await front.store.get(kind.view, id, kind.fields) if ID.fullmatch(id) else None
    shown = kind.show(document, viewer) if document else None
    if shown is None or any(shown.body[field] != value for field, value in belongs.items()):
        raise Problem(common.NOT_FOUND)
    return Page(orjson.dumps(shown.body), shown.etag)


async def seen_document(
    front: Front, viewer: Viewer, kind: Kind, id: str, fields: Sequence[str] = ()
) -> Document:
    """A document whose eyes are the viewer's; raises Problem (404) for any other."""
    wanted = fields or kind.fields
    found = await front.store.get(kind.view, id, wanted) if ID.fullmatch(id) else None
    if found is None or not seen(found, viewer):
        raise Problem(common.NOT_FOUND)
    return found


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


def write_page(front: Front, req: Request, resp: Response, page: Page, *, private: bool) -> None:
    """The body with ETag and lag, or 304."""
    etag = f'"{page.etag}"'
    resp.set_header("ETag", etag)
    resp.set_header("X-View-Lag-Seconds", front.freshness.header())
    resp.set_header("Cache-Control", "private, no-cache" if private else "no-cache")
    resp.content_type = JSON
    known = req.get_header("If-None-Match")
    if known is not None and matches(known, etag):
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
