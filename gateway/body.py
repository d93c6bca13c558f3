"""Bodies: read no further than allowed, and as strict as JSON can be read."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from falcon.asgi import Request

from contracts import common
from gateway.problems import Problem

DEEPEST = 32
JSON = "application/json"


def malformed(why: str) -> Problem:
    """400 with the reason."""
    return Problem(common.MALFORMED, why)


async def read_limited(req: Request, most: int) -> bytes:
    """The whole body; raises Problem (413) as soon as it is known to be too large."""
    return b"".join([chunk async for chunk in chunks(req, most)])


async def chunks(req: Request, most: int) -> AsyncIterator[bytes]:
    """The body piece by piece; raises Problem (413) when it goes on past `most` bytes."""
    _must_announce_little(req, most)
    total = 0
    async for chunk in req.stream:
        total += len(chunk)
        if total > most:
            raise Problem(common.TOO_LARGE, f"at most {most} bytes")
        yield chunk


def _must_announce_little(req: Request, most: int) -> None:
    if (req.content_length or 0) > most:
        raise Problem(common.TOO_LARGE, f"at most {most} bytes")


async def read_json(req: Request, most: int) -> dict[str, Any]:
    """The JSON object in the body, {} when there is no body at all.

    Raises Problem: 415 when it is not JSON, 400 when it cannot be read, 413 when it is too large.
    """
    media = (req.content_type or "").partition(";")[0].strip().lower()
    if media not in ("", JSON):
        raise Problem(common.MEDIA_TYPE, f"send {JSON}")
    raw = await read_limited(req, most)
    if not raw:
        return {}
    if not media:
        raise Problem(common.MEDIA_TYPE, f"send {JSON}")
    return as_object(raw)


def as_object(raw: bytes) -> dict[str, Any]:
    """A JSON object without duplicate keys, NaN, NUL, lone surrogates or abysmal depth."""
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_distinct, parse_constant=_no_constant
        )
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise malformed("the body is not JSON as it should be") from None
    if not isinstance(value, dict):
        raise malformed("a JSON object is needed")
    must_be_sane(value)
    return value


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise malformed("a name comes twice")
    return found


def _no_constant(name: str) -> None:
    raise malformed(f"{name} is not JSON")


def must_be_sane(value: Any, depth: int = 0) -> None:
    """Raise Problem (400) for what no field of ours could ever hold."""
    if depth > DEEPEST:
        raise malformed("the body is too deep")
    if isinstance(value, str):
        _must_be_text(value)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            _must_be_text(name)
            must_be_sane(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            must_be_sane(inner, depth + 1)


def _must_be_text(text: str) -> None:
    if "\0" in text or (not text.isprintable() and any("\ud800" <= c <= "\udfff" for c in text)):
        raise malformed("a text holds NUL or half a character")
