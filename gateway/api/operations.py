"""For the operator: facts that could not be heard, and views to be built again."""

import contextlib
from typing import Any

import orjson
from falcon.asgi import Request, Response

from chassis.errors import Outage
from contracts import common
from contracts import operations as commands
from contracts.command import Command
from gateway.api.auth import taken_on
from gateway.api.shapes import Acknowledged, BuiltView, Parked, answer, page_of
from gateway.asks import asks
from gateway.describe import JSON, Access, Operation, Responder, Success, described, operation_of
from gateway.problems import Problem
from gateway.query import CURSOR, LIMIT, decode_opaque, encode_opaque, read_query
from gateway.register import note
from gateway.resource import Resource
from gateway.views import REBUILT

TAG = "Operations"
REBUILD_SECONDS = 60.0
READ = Operation(
    summary="Facts that could not be heard, whoever keeps them, oldest first",
    tag=TAG,
    access=Access.OPERATOR,
    success=Success(
        about="A page.", schema=page_of(answer(Parked)), headers=("X-View-Lag-Seconds",)
    ),
    query={"limit": LIMIT, "cursor": CURSOR},
    problems=(503,),
)
SHOWN = ("id", "hearer", "fact", "subject", "reason", "attempts")


class Collection(Resource):
    """`/v1/operations/parked`"""

    async def show(self, req: Request, resp: Response) -> None:
        """A page, without the facts' bodies."""
        await self.front.admit(req, READ)
        given = read_query(req, READ.query)
        limit = given.get("limit", LIMIT.default)
        after = decode_opaque(given["cursor"]) if "cursor" in given else ""
        if not isinstance(after, str):
            raise Problem(common.CURSOR)
        found = await self.front.store.parked({"$gt": after}, limit + 1)
        items = found[:limit]
        following = encode_opaque(items[-1]["id"]) if len(found) > limit else None
        told = [{**{name: one[name] for name in SHOWN}, "at": one["created_at"]} for one in items]
        resp.data, resp.content_type = orjson.dumps({"items": told, "next": following}), JSON
        resp.set_header("X-View-Lag-Seconds", self.front.freshness.header())
        resp.set_header("Cache-Control", "no-store")

    on_get = described(show, READ)


def act(command: type, summary: str, path: dict[str, str], status: int = 200) -> Responder:
    """Something that the operator asks of a hearer or of the projector."""
    return asks(
        command,
        summary=summary,
        tag=TAG,
        access=Access.OPERATOR,
        path=path,
        status=status,
        render=taken_on,
        answer=answer(Acknowledged),
        keyed=False,
        deadline_seconds=REBUILD_SECONDS if status == 202 else None,
    )


def operation_under(ask: Responder) -> Operation:
    """The operation of a responder that another one surrounds."""
    operation = operation_of(ask)
    assert operation is not None
    return operation


def unpark(command: type[Command], summary: str) -> Responder:
    """What is asked of the hearer that the parked fact's id names, once the views know of it."""
    ask = act(command, summary, {"id": "id"})
    operation = operation_under(ask)

    async def respond(self: Any, req: Request, resp: Response, id: str) -> None:
        viewer = await self.front.admit(req, operation)
        if not await self.front.store.parked({"$eq": id}, 1):
            raise Problem(commands.PARKED_UNKNOWN)
        await note(self.front, req, viewer, command.verb, f"parked/{id}", [])
        await ask(self, req, resp, id=id)

    return described(respond, operation)


class Replay(Resource):
    """`/v1/operations/parked/{id}/replay`"""

    on_post = unpark(commands.ReplayParked, "Hear a parked fact again")


class Drop(Resource):
    """`/v1/operations/parked/{id}/drop`"""

    on_post = unpark(commands.DropParked, "Forget a parked fact")


READ_VIEWS = Operation(
    summary="Views that can be built again, and since when one is being built",
    tag=TAG,
    access=Access.OPERATOR,
    success=Success(about="All of them.", schema=page_of(answer(BuiltView))),
    problems=(503,),
)


class Views(Resource):
    """`/v1/operations/views`"""

    async def show(self, req: Request, resp: Response) -> None:
        """All on one page."""
        await self.front.admit(req, READ_VIEWS)
        read_query(req, {})
        meta = (await self.front.store.meta()).values()
        since = {row["view"]: row["since"] for row in meta if "view" in row}
        items = [{"name": view, "building_since": since.get(view)} for view in REBUILT]
        resp.data, resp.content_type = orjson.dumps({"items": items, "next": None}), JSON
        resp.set_header("Cache-Control", "no-store")

    on_get = described(show, READ_VIEWS)


REBUILD = act(commands.RebuildView, "Build a view again", {"view": "name"}, 202)


class Rebuild(Resource):
    """`/v1/operations/views/{name}/rebuild`"""

    async def begin(self, req: Request, resp: Response, name: str) -> None:
        """Ask, and let the lag say so from now on."""
        viewer = await self.front.admit(req, operation_under(REBUILD))
        await note(self.front, req, viewer, commands.RebuildView.verb, f"view/{name}", [])
        await REBUILD(self, req, resp, name=name)
        with contextlib.suppress(Outage):
            await self.front.freshness.look()

    on_post = described(begin, operation_under(REBUILD))
