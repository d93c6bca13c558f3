"""One command as it came, over HTTP or in a batch, and what it answers."""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import falcon
import orjson
from falcon.asgi import Request, Response

from chassis.call import Actor
from contracts import common
from gateway.body import malformed
from gateway.describe import JSON, Operation
from gateway.problems import Problem
from gateway.viewer import Viewer

ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
KEY = re.compile(r"[\x20-\x7e]{1,255}")
MATCH = re.compile(r'"(0|[1-9][0-9]{0,9})(?:-[0-9]{1,9})?"')
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
            member_id=self.viewer.member_id,
            session_id=self.session_id,
            address=self.address,
            seen=self.viewer.seen,
        )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a command answers."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


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
        address=req.context.address,
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


async def fingerprint(asked: Asked) -> str:
    """What makes a request the same request; a secret in it is not to be guessed from this."""
    body = dict(asked.body)
    salt = f"{asked.path} {asked.key}".encode()
    for name in SECRETS:
        if isinstance(secret := body.get(name), str):
            body[name] = await asyncio.to_thread(slow_digest, secret, salt)
    told = orjson.dumps([asked.method, asked.path, body], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()


def slow_digest(secret: str, salt: bytes) -> str:
    """Hex that takes as long to guess from as a kept password (scrypt, 16 MiB)."""
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1).hex()
