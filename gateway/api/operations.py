"""For the operator: facts that could not be heard, and views to be built again."""

import orjson
from falcon.asgi import Request, Response

from contracts import common
from contracts import operations as commands
from gateway.api.auth import taken_on
from gateway.api.shapes import Acknowledged, Parked, answer, page_of
from gateway.asks import asks
from gateway.describe import JSON, Access, Operation, Responder, Success, described
from gateway.problems import Problem
from gateway.query import CURSOR, LIMIT, decode_opaque, encode_opaque, read_query
from gateway.resource import Resource

TAG = "Operations"
REBUILD_SECONDS = 60.0
READ = Operation(
    summary="Parked facts of the projector, oldest first",
    tag=TAG,
    access=Access.OPERATOR,
    success=Success(about="A page.", schema=page_of(answer(Parked))),
    query={"limit": LIMIT, "cursor": CURSOR},
    problems=(503,),
)
SHOWN = ("hearer", "fact", "subject", "reason", "attempts", "at")


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
        found = await self.front.store.parked({"_id": {"$gt": after}}, limit + 1)
        items = found[:limit]
        following = encode_opaque(items[-1]["_id"]) if len(found) > limit else None
        told = [{"id": one["_id"], **{name: one[name] for name in SHOWN}} for one in items]
        resp.data, resp.content_type = orjson.dumps({"items": told, "next": following}), JSON
        resp.set_header("Cache-Control", "no-store")

    on_get = described(show, READ)


def act(command: type, summary: str, path: dict[str, str], status: int = 200) -> Responder:
    """Something the projector is asked by the operator."""
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


class Replay(Resource):
    """`/v1/operations/parked/{id}/replay`"""

    on_post = act(commands.ReplayParked, "Hear a parked fact again", {"id": "id"})


class Drop(Resource):
    """`/v1/operations/parked/{id}/drop`"""

    on_post = act(commands.DropParked, "Forget a parked fact", {"id": "id"})


class Rebuild(Resource):
    """`/v1/operations/views/{name}/rebuild`"""

    on_post = act(commands.RebuildView, "Build a view from nothing", {"view": "name"}, 202)
