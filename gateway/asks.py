"""`asks(Command)`: check a body, ask the service once, show what came of it."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from falcon.asgi import Request, Response
from marshmallow import Schema, ValidationError

from chassis.errors import Outage
from chassis.schema import schema_of
from contracts import common
from contracts.codec import decode, field_types
from contracts.command import Command
from gateway.asked import Asked, Outcome, answer_with, asked_by, fingerprint
from gateway.body import read_json
from gateway.describe import Access, Operation, Responder, Success, described
from gateway.front import Front
from gateway.language import field_errors
from gateway.problems import Problem
from gateway.query import read_query
from gateway.question import Question, Reply
from gateway.shown import Kind, Shown
from gateway.viewer import Viewer

Render = Callable[[Asked, Reply], Shown]
Perform = Callable[[Front, Asked], Awaitable[Outcome]]


def state_of(asked: Asked, reply: Reply) -> Shown:
    """The changed resource as the service told it."""
    return Shown(body=reply.result, etag=str(reply.result["version"]))


def asks(
    command: type[Command],
    *,
    summary: str,
    tag: str,
    answer: type[Schema] | Mapping[str, Any],
    render: Render = state_of,
    status: int = 200,
    access: Access = Access.SIGNED_IN,
    path: Mapping[str, str] | None = None,
    form: type | None = None,
    kind: Kind | None = None,
    location: str = "",
    keyed: bool = True,
    matched: bool = False,
    auth: bool = False,
    example: Any = None,
    conflicts: bool = True,
    deadline_seconds: float | None = None,
    as_read: bool = False,
) -> Responder:
    """A responder for a command.

    `path` maps command fields to path parameters, `location` is the path of what was created.
    `form` is the shape of a body that may hold more than the command, which is not minded.
    `as_read` answers with what a read would show now, for kinds that are put together in a view.
    """
    fields = dict(path or {})
    schema: type[Schema] = schema_of(form or command, tuple(sorted(fields)))
    others = tuple(sorted(field_types(command).keys() - fields.keys()))
    asking = Asking(
        command=command,
        schema=schema,
        named=schema_of(command, others),  # type: ignore[arg-type]
        path=fields,
        render=render,
        kind=kind,
        status=status,
        location=location,
        deadline_seconds=deadline_seconds,
        as_read=as_read,
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
        outcome = await asking.perform(self.front, asked)
        if operation.auth:
            self.front.auth_limit.give_back(req.context.address)
        answer_with(resp, outcome)

    return described(respond, operation)


def steps(kind: Kind, path: Mapping[str, str], **same: Any) -> Callable[..., Responder]:
    """What makes responders for the steps of one kind: commands about what the path names.

    Each changes the version that If-Match names and answers with the state; `same` goes for all.
    """
    usual = {"answer": schema_of(kind.state), **same}

    def step(command: type[Command], summary: str, **more: Any) -> Responder:
        named = {**path, **more.pop("path", {})}
        return asks(command, summary=summary, kind=kind, path=named, matched=True, **usual, **more)

    return step


def _answer_headers(keyed: bool, kind: Kind | None, location: str) -> tuple[str, ...]:
    wanted = (("Idempotent-Replayed", keyed), ("ETag", kind), ("Location", location))
    return tuple(name for name, told in wanted if told)


def _problems(path: Mapping[str, str], *, matched: bool, conflicts: bool) -> tuple[int, ...]:
    """Statuses beyond those that any operation may answer."""
    found = {413, 415, 422, 503} | ({409} if conflicts else set())
    found |= {404} if path else set()
    found |= {412} if matched else set()
    return tuple(sorted(found))


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How one kind of command is composed, asked and answered."""

    command: type[Command]
    schema: type[Schema]
    named: type[Schema]  # what the path names
    path: Mapping[str, str]
    render: Render
    kind: Kind | None
    status: int
    location: str
    deadline_seconds: float | None = None
    as_read: bool = False

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
        try:
            reply = await front.backend.ask(question, self.deadline_seconds)
        except Problem as refused:
            await front.fold_in(refused.facts, asked.viewer)
            raise
        await self._fold(front, asked.viewer, reply)
        shown = await self._read(front, asked, reply) or self.render(asked, reply)
        return Outcome(status=self.status, body=shown.body, headers=self._headers(shown, reply))

    def compose(self, asked: Asked) -> Command:
        """The command; raises Problem: 404 for an impossible path, 422 for a misfit body."""
        fields = {name: asked.params[param] for name, param in self.path.items()}
        if _schema(self.named).validate(fields):
            raise Problem(common.NOT_FOUND)
        try:
            loaded = _schema(self.schema).load(dict(asked.body))
            return decode(self.command, {**loaded, **fields})
        except ValidationError as error:
            errors = field_errors(error.messages_dict)
            raise Problem(common.INVALID, errors=errors[:50]) from None

    async def _fold(self, front: Front, viewer: Viewer, reply: Reply) -> None:
        """Write through; an answer given again brings no facts, but its state says as much."""
        await front.fold_in(reply.facts, viewer)
        if reply.replayed and self.kind and isinstance(reply.result, Mapping):
            state: Any = decode(self.kind.state, reply.result)
            await front.write_through([(self.kind.name, state)], viewer)

    async def _read(self, front: Front, asked: Asked, reply: Reply) -> Shown | None:
        """What the view shows of it; None when the write-through has not arrived there."""
        if not self.as_read or self.kind is None:
            return None
        with contextlib.suppress(Outage):
            fields = tuple({*self.kind.fields, "seq"})
            found = await front.store.get(self.kind.view, reply.result["id"], fields)
            if found and found["seq"].get(self.kind.name, 0) >= reply.result["version"]:
                return self.kind.show(found, asked.viewer)
        return None

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


def nothing_more(asked: Asked, reply: Reply) -> Shown:
    """What the service told, which is no resource."""
    return Shown(body=reply.result or {}, etag="")
