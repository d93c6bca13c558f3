"""Sync: what changed since a cursor, and the phone's outbox, answered item by item."""

from collections.abc import Mapping
from typing import Any

import orjson
from falcon.asgi import Request, Response
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from chassis.errors import Outage, Refusal
from chassis.schema import LARGEST_NUMBER
from contracts import common
from gateway import cursor as cursors
from gateway.asked import Asked, answer_with, read_key, read_match
from gateway.asked import Outcome as Done
from gateway.body import malformed, read_json
from gateway.describe import JSON, Access, Operation, Success, described, operation_of
from gateway.front import must_be_allowed
from gateway.language import field_errors, language_of
from gateway.problems import Problem, of
from gateway.query import CURSOR, Parameter, read_query
from gateway.question import Bug
from gateway.resource import Resource
from gateway.viewer import Viewer

TAG = "Sync"
MOST_COMMANDS = 50
CHANGE = {
    "type": "object",
    "required": ["kind", "id", "version", "resource"],
    "properties": {
        "kind": {"type": "string"},
        "id": {"type": "string"},
        "version": {"type": "integer"},
        "resource": {"type": ["object", "null"], "description": "null: take it away."},
    },
}
CHANGES = {
    "type": "object",
    "required": ["changes", "cursor", "more", "reset"],
    "properties": {
        "changes": {"type": "array", "items": CHANGE},
        "cursor": {"type": "string"},
        "more": {"type": "boolean"},
        "reset": {"type": "boolean", "description": "Throw everything away and start over."},
    },
}
RESULTS = {
    "type": "object",
    "required": ["results"],
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["key", "status", "body"],
                "properties": {
                    "key": {"type": ["string", "null"]},
                    "status": {"type": "integer"},
                    "body": {},
                    "retry_after_seconds": {
                        "type": "integer",
                        "description": "With 429 and 503: when to send it again, as Retry-After.",
                    },
                },
            },
        }
    },
}
LIMIT = Parameter(name="limit", about="At most so many changes.", whole=(1, 500), default=100)
READ = Operation(
    summary="What changed since a cursor; without one, everything there is to see",
    tag=TAG,
    access=Access.PUBLIC,
    success=Success(
        about="Changes and the next cursor.", schema=CHANGES, headers=("X-View-Lag-Seconds",)
    ),
    query={"cursor": CURSOR, "limit": LIMIT},
    problems=(503,),
)


class Changes(Resource):
    """`/v1/sync`"""

    async def show(self, req: Request, resp: Response) -> None:
        """A page of changes for the caller."""
        viewer = await self.front.admit(req, READ)
        given = read_query(req, READ.query)
        limit = given.get("limit", LIMIT.default)
        told = await self._told(viewer, given.get("cursor"), limit)
        resp.data, resp.content_type = orjson.dumps(told), JSON
        resp.set_header("X-View-Lag-Seconds", self.front.freshness.header())
        resp.set_header("Cache-Control", "no-store")

    async def _told(self, viewer: Viewer, cursor: str | None, limit: int) -> dict[str, Any]:
        await self.front.feed.kept_up(viewer.member_id)
        head = await self.front.feed.head()
        place = cursors.read(cursor, viewer, head) if cursor else cursors.start(viewer, head)
        if place is None:
            again = cursors.write(cursors.start(viewer, head), head)
            return {"changes": [], "cursor": again, "more": True, "reset": True}
        room = max(1, limit - len(place.unshown))
        page = await self.front.feed.after(place, head, room)
        told, place = await self.front.feed.told(page, viewer)
        return {
            "changes": [orjson.Fragment(change) for _, change in told],
            "cursor": cursors.write(place, head),
            "more": page.more,
            "reset": False,
        }

    on_get = described(show, READ)


class IfMatch(fields.Field[Any]):
    """A version: a whole number, or an ETag as text."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if type(value) not in (int, str):
            raise ValidationError("Not a version.")
        return value


class OutboxItem(Schema):
    """One command of an outbox."""

    class Meta(Schema.Meta):
        """Nothing unknown."""

        unknown = RAISE

    key = fields.String(allow_none=True)
    method = fields.String(required=True, validate=validate.Length(max=10))
    path = fields.String(required=True, validate=validate.Length(max=500))
    body = fields.Dict(keys=fields.String(), allow_none=True)
    if_match = IfMatch(allow_none=True, metadata={"type": ["integer", "string"]})


class Outbox(Schema):
    """The phone's commands in their order."""

    class Meta(Schema.Meta):
        """Nothing unknown."""

        unknown = RAISE

    commands = fields.List(
        fields.Nested(OutboxItem), required=True, validate=validate.Length(max=MOST_COMMANDS)
    )


WRITE = Operation(
    summary="The phone's outbox: each command is carried out in order and answered by itself",
    tag=TAG,
    access=Access.SIGNED_IN,
    success=Success(about="One result each.", schema=RESULTS),
    body=Outbox,
    body_needed=True,
    problems=(413, 415, 422),
    example={
        "commands": [{"key": "a1", "method": "PATCH", "path": "/v1/me", "body": {"language": "en"}}]
    },
)
OUTBOX = Outbox()


class Commands(Resource):
    """`/v1/sync/commands`"""

    async def take(self, req: Request, resp: Response) -> None:
        """Carry out one after the other; a refused one does not stop the others."""
        viewer = await self.front.admit(req, WRITE)
        read_query(req, {})
        body = await read_json(req, self.front.settings.max_body_bytes)
        try:
            outbox = OUTBOX.load(body)
        except ValidationError as error:
            errors = field_errors(error.messages_dict)
            raise Problem(common.INVALID, errors=errors[:50]) from None
        results = [await self.one(req, viewer, item) for item in outbox["commands"]]
        answer_with(resp, Done(status=200, body={"results": results}))

    async def one(self, req: Request, viewer: Viewer, item: Mapping[str, Any]) -> dict[str, Any]:
        """The result of one command."""
        try:
            done = await self._performed(req, viewer, item)
            return {"key": item.get("key"), "status": done.status, "body": done.body}
        except (Problem, Outage, Refusal, Bug) as error:
            problem = of(error)
            language = language_of(req.get_header("Accept-Language"))
            told = problem.body(language, req.context.request_id)
            result = {"key": item.get("key"), "status": problem.status, "body": told}
            if problem.retry_after_seconds is not None:
                result["retry_after_seconds"] = problem.retry_after_seconds
            return result

    async def _performed(self, req: Request, viewer: Viewer, item: Mapping[str, Any]) -> Done:
        operation, params = self._route(item["method"], item["path"])
        must_be_allowed(viewer, operation.access)
        key = read_key(item.get("key"))
        if key is None:
            raise malformed("a command of an outbox needs its key")
        bearer = getattr(req.context, "bearer", None)
        asked = Asked(
            viewer=viewer,
            params=params,
            body=item.get("body") or {},
            method=item["method"],
            path=item["path"],
            request_id=req.context.request_id,
            traceparent=req.context.traceparent,
            address=req.context.address,
            session_id=bearer.session_id if bearer else None,
            key=key,
            if_match=version_of(item.get("if_match")),
        )
        assert operation.perform is not None
        done: Done = await operation.perform(self.front, asked)
        return done

    def _route(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]]:
        """The command behind a method and a path; raises Problem: 404, 405."""
        found = self.front.router.find(path) if "?" not in path else None
        if found is None:
            raise Problem(common.NOT_FOUND)
        operation = operation_of(found[1].get(method))
        if operation is None or operation.perform is None or not operation.keyed:
            raise Problem(common.METHOD, "not a command of an outbox")
        return operation, found[2]

    on_post = described(take, WRITE)


def version_of(told: Any) -> int | None:
    """The version in `if_match`; raises Problem (400)."""
    if told is None or (type(told) is int and 0 <= told <= LARGEST_NUMBER):
        return told
    if isinstance(told, str):
        return int(told) if told.isdecimal() and len(told) < 10 else read_match(told)
    raise malformed("if_match is a version")
