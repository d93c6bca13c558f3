"""`asks(Command)`: check a body, ask the service once, show what came of it."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import falcon
import orjson
from falcon.asgi import Request, Response
from marshmallow import Schema, ValidationError

from chassis.schema import schema_of
from chassis.work import Actor
from contracts import common
from contracts.codec import Malformed, decode
from contracts.command import Command
from gateway.backend import Question, Reply
from gateway.body import malformed, read_json
from gateway.describe import JSON, Access, Operation, Responder, Success, described
from gateway.front import Front
from gateway.language import field_errors
from gateway.problems import Problem
from gateway.query import read_query
from gateway.shown import Kind, Shown
from gateway.viewer import Viewer
from gateway.views import fold_state

ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
KEY = re.compile(r"[\x20-\x7e]{1,255}")
MATCH = re.compile(r'"([1-9][0-9]{0,9})"')
SECRETS = ("password",)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One command as it came, over HTTP or in a batch."""

    viewer: Viewer
    params: Mapping[str, str]
    body: Mapping[str, Any]
    method: str
    path: str
    request_id: str
    traceparent: str
    address: str
    session_id: str | None = None
    key: str | None = None
    if_match: int | None = None

    @property
    def actor(self) -> Actor:
        """Who asks, as the service is told."""
        return Actor(
            member_id=self.viewer.member_id, session_id=self.session_id, address=self.address
        )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a command answers."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


Render = Callable[[Asked, Reply], Shown]
Perform = Callable[[Front, Asked], Awaitable[Outcome]]


def asks(
    command: type[Command],
    *,
    summary: str,
    tag: str,
    render: Render,
    answer: type[Schema] | Mapping[str, Any],
    status: int = 200,
    access: Access = Access.SIGNED_IN,
    path: Mapping[str, str] | None = None,
    kind: Kind | None = None,
    location: str = "",
    keyed: bool = True,
    matched: bool = False,
    auth: bool = False,
    example: Any = None,
    conflicts: bool = True,
    deadline_seconds: float | None = None,
) -> Responder:
    """A responder for a command.

    `path` maps command fields to path parameters, `location` is the path of what was created.
    """
    fields = dict(path or {})
    schema: type[Schema] = schema_of(command, tuple(sorted(fields)))  # type: ignore[arg-type]
    asking = Asking(
        command=command,
        schema=schema,
        path=fields,
        render=render,
        kind=kind,
        status=status,
        location=location,
        deadline_seconds=deadline_seconds,
    )
    takes_body = bool(schema().fields)
    operation = Operation(
        summary=summary,
        tag=tag,
        access=access,
        success=Success(
            about="Done.",
            status=status,
            schema=answer,
            headers=_answer_headers(keyed, kind, location),
        ),
        body=schema if takes_body else None,
        body_needed=any(one.required for one in schema().fields.values()),
        problems=_problems(fields, matched=matched, conflicts=conflicts),
        command=True,
        keyed=keyed,
        matched=matched,
        auth=auth,
        example=example,
        perform=asking.perform,
    )

    async def respond(self: Any, req: Request, resp: Response, **params: str) -> None:
        viewer = await self.front.admit(req, operation)
        read_query(req, {})
        body = await read_json(req, self.front.settings.max_body_bytes)
        asked = asked_by(req, viewer, params, body, operation)
        answer_with(resp, await asking.perform(self.front, asked))

    return described(respond, operation)


def _answer_headers(keyed: bool, kind: Kind | None, location: str) -> tuple[str, ...]:
    wanted = (("Idempotent-Replayed", keyed), ("ETag", kind), ("Location", location))
    return tuple(name for name, told in wanted if told)


def _problems(path: Mapping[str, str], *, matched: bool, conflicts: bool) -> tuple[int, ...]:
    """Statuses beyond those that any operation may answer."""
    found = {413, 415, 422, 503} | ({409} if conflicts else set())
    found |= {404} if path else set()
    found |= {412} if matched else set()
    return tuple(sorted(found))


def asked_by(
    req: Request,
    viewer: Viewer,
    params: Mapping[str, str],
    body: Mapping[str, Any],
    operation: Operation,
) -> Asked:
    """The command that a request is."""
    bearer = getattr(req.context, "bearer", None)
    return Asked(
        viewer=viewer,
        params=params,
        body=body,
        method=req.method,
        path=req.path,
        request_id=req.context.request_id,
        traceparent=req.context.traceparent,
        address=req.remote_addr,
        session_id=bearer.session_id if bearer else None,
        key=read_key(req.get_header("Idempotency-Key")) if operation.keyed else None,
        if_match=read_match(req.get_header("If-Match")) if operation.matched else None,
    )


def read_key(text: str | None) -> str | None:
    """An idempotency key; raises Problem (400)."""
    if text is not None and not KEY.fullmatch(text):
        raise Problem(common.KEY_MALFORMED, "1 to 255 printable ASCII characters")
    return text


def read_match(text: str | None) -> int | None:
    """The version in an If-Match header; `*` is any; raises Problem (400)."""
    if text is None or text.strip() == "*":
        return None
    found = MATCH.fullmatch(text.strip())
    if found is None:
        raise malformed('If-Match is "<version>"')
    return int(found[1])


def answer_with(resp: Response, outcome: Outcome) -> None:
    """Write an outcome."""
    resp.status = falcon.code_to_http_status(outcome.status)
    resp.data = orjson.dumps(outcome.body)
    resp.content_type = JSON
    resp.set_headers(dict(outcome.headers))
    resp.set_header("Cache-Control", "no-store")


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How one kind of command is composed, asked and answered."""

    command: type[Command]
    schema: type[Schema]
    path: Mapping[str, str]
    render: Render
    kind: Kind | None
    status: int
    location: str
    deadline_seconds: float | None = None

    async def perform(self, front: Front, asked: Asked) -> Outcome:
        """Ask the service once and fold what it did; raises Problem, Outage or Bug."""
        question = Question(
            command=self.compose(asked),
            actor=asked.actor,
            request_id=asked.request_id,
            traceparent=asked.traceparent,
            key=asked.key,
            fingerprint=await fingerprint(asked) if asked.key else None,
            if_match=asked.if_match,
        )
        reply = await front.backend.ask(question, self.deadline_seconds)
        await self._fold(front, reply)
        shown = self.render(asked, reply)
        return Outcome(status=self.status, body=shown.body, headers=self._headers(shown, reply))

    def compose(self, asked: Asked) -> Command:
        """The command; raises Problem: 404 for an impossible id, 422 for a misfit body."""
        fields = {name: asked.params[param] for name, param in self.path.items()}
        if not all(ID.fullmatch(value) for value in fields.values()):
            raise Problem(common.NOT_FOUND)
        try:
            loaded = _schema(self.schema).load(dict(asked.body))
            return decode(self.command, {**loaded, **fields})
        except ValidationError as error:
            errors = field_errors(error.messages_dict)
            raise Problem(common.INVALID, errors=errors[:50]) from None
        except Malformed as error:
            raise Problem(common.INVALID, str(error)) from None

    async def _fold(self, front: Front, reply: Reply) -> None:
        """Write through; an answer given again brings no facts, but its state says as much."""
        await front.fold_in(reply.facts)
        if reply.replayed and self.kind and isinstance(reply.result, Mapping):
            state: Any = decode(self.kind.state, reply.result)
            await front.write_through(fold_state(self.kind.name, state))

    def _headers(self, shown: Shown, reply: Reply) -> dict[str, str]:
        told: dict[str, str] = {}
        if shown.etag:
            told["ETag"] = f'"{shown.etag}"'
        if self.location:
            told["Location"] = self.location.format(**reply.result)
        if reply.replayed:
            told["Idempotent-Replayed"] = "true"
        return told


_SCHEMAS: dict[type[Schema], Schema] = {}


def _schema(cls: type[Schema]) -> Schema:
    """One instance per class: making one costs more than a load."""
    found = _SCHEMAS.get(cls)
    if found is None:
        found = _SCHEMAS[cls] = cls()
    return found


async def fingerprint(asked: Asked) -> str:
    """What makes a request the same request; a secret in it is not to be guessed from this."""
    body = dict(asked.body)
    salt = f"{asked.path} {asked.key}".encode()
    for name in SECRETS:
        if isinstance(secret := body.get(name), str):
            body[name] = await asyncio.to_thread(_slow_digest, secret, salt)
    told = orjson.dumps([asked.method, asked.path, body], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()


def _slow_digest(secret: str, salt: bytes) -> str:
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1).hex()


def state_of(asked: Asked, reply: Reply) -> Shown:
    """The changed resource as the service told it."""
    return Shown(body=reply.result, etag=str(reply.result["version"]))


def nothing_more(asked: Asked, reply: Reply) -> Shown:
    """What the service told, which is no resource."""
    return Shown(body=reply.result or {}, etag="")
