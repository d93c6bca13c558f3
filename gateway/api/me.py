"""Oneself: profile, roles, consents, export of everything, and leaving."""

import asyncio
from typing import Any
from zlib import crc32

import orjson
from falcon.asgi import Request, Response

from contracts import common
from contracts.members import commands
from gateway.api import held
from gateway.api.shapes import Consents, ConsentsForm, Me, answer
from gateway.asked import Asked
from gateway.asks import asks
from gateway.describe import Access, Operation, Success, described
from gateway.pages import Page
from gateway.problems import Problem
from gateway.query import read_query
from gateway.question import Reply
from gateway.reads import READ_HEADERS, digest, write_page
from gateway.resource import Resource
from gateway.shown import MEMBER, Shown
from gateway.viewer import Viewer
from gateway.views.change import Document

TAG = "Me"
MARKS = 10**9  # as many as fit behind the version in an ETag that If-Match understands
PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 0.0)


def reading(summary: str, schema: Any, about: str = "It.") -> Operation:
    """A read of something of one's own."""
    return Operation(
        summary=summary,
        tag=TAG,
        access=Access.SIGNED_IN,
        success=Success(about=about, schema=schema, headers=READ_HEADERS),
        problems=(404, 503),
        conditional=True,
    )


READ = reading("Oneself, with the roles in force", answer(Me))
READ_CONSENTS = reading("One's standing consents", answer(Consents))
EXPORT = reading(
    "Everything that is held about oneself, as a file",
    held.SCHEMA,
    about=(
        "One document; each list is complete. Not in it: secrets (password, codes, sessions, where "
        "a channel reaches one), the proofs in the ledger of consents (`member.consents` has what "
        "stands and since when), and feedback, which is anonymous."
    ),
)


def with_roles(asked: Asked, reply: Reply) -> Shown:
    """The changed profile as GET shows it."""
    return me(reply.result, asked.viewer)


def me(state: Document, viewer: Viewer) -> Shown:
    """A profile with roles; the ETag is the version, and tells who holds an office from who did."""
    roles = viewer.roles() if state["state"] == "active" else []
    offices = [role for role in roles if role["role"] != "member"]
    mark = f"-{crc32(orjson.dumps(offices)) % MARKS}" if offices else ""
    return Shown(body={**state, "roles": roles}, etag=f"{state['version']}{mark}")


def consents(state: Document) -> Shown:
    """The consents of a profile."""
    body = {name: state[name] for name in ("id", "version", "updated_at", "consents")}
    return Shown(body=body, etag=str(state["version"]))


def with_consents(_: Asked, reply: Reply) -> Shown:
    """The changed consents as GET shows them."""
    return consents(reply.result)


async def own(self: Resource, viewer: Viewer) -> Document:
    """The caller's document; raises Problem (404) when the views do not know him.

    Who signs in a moment after his account was made may be on the way to the views.
    """
    assert viewer.member_id is not None
    for pause in PAUSES_SECONDS:
        document = await self.front.store.get("members", viewer.member_id, MEMBER.fields)
        if document is not None and document.get("member"):
            return document
        await asyncio.sleep(pause)
    raise Problem(common.NOT_FOUND)


class Item(Resource):
    """`/v1/me`"""

    async def show(self, req: Request, resp: Response) -> None:
        """Profile and roles; the ETag changes with either, so a phone may ask often."""
        viewer = await self.front.admit(req, READ)
        read_query(req, {})
        shown = me((await own(self, viewer))["member"], viewer)
        write_page(self.front, req, resp, page(shown), private=True)

    on_get = described(show, READ)
    on_patch = asks(
        commands.ChangeMe,
        summary="Change one's profile; a new password ends the other sessions",
        tag=TAG,
        kind=MEMBER,
        render=with_roles,
        answer=answer(Me),
        matched=True,
        example={"job_area": "circulation"},
    )
    on_delete = asks(
        commands.Leave,
        summary="Leave, and have one's personal data erased",
        tag=TAG,
        kind=MEMBER,
        render=with_roles,
        answer=answer(Me),
        matched=True,
    )


class ConsentsItem(Resource):
    """`/v1/me/consents`"""

    async def show(self, req: Request, resp: Response) -> None:
        """The standing answers."""
        viewer = await self.front.admit(req, READ_CONSENTS)
        read_query(req, {})
        shown = consents((await own(self, viewer))["member"])
        write_page(self.front, req, resp, page(shown), private=True)

    on_get = described(show, READ_CONSENTS)
    on_put = asks(
        commands.SetConsents,
        summary="Give or withdraw consents",
        tag=TAG,
        form=ConsentsForm,
        kind=MEMBER,
        render=with_consents,
        answer=answer(Consents),
        matched=True,
        example={"consents": [{"purpose": "directory", "granted": True, "text_version": "2026-1"}]},
    )


class Export(Resource):
    """`/v1/me/export`"""

    async def show(self, req: Request, resp: Response) -> None:
        """All that the views hold about the caller, as an attachment."""
        viewer = await self.front.admit(req, EXPORT)
        read_query(req, {})
        document = await own(self, viewer)
        rest = await held.everything(self.front, viewer)
        body = {"member": document["member"], "roles": viewer.roles(), **rest}
        raw = orjson.dumps(body)
        write_page(self.front, req, resp, Page(raw, digest(raw)), private=True)
        resp.set_header("Content-Disposition", 'attachment; filename="jejaring.json"')

    on_get = described(show, EXPORT)


def page(shown: Shown) -> Page:
    """The bytes of what is shown."""
    return Page(orjson.dumps(shown.body), shown.etag)
