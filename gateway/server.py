"""What the HTTP server refuses before there is a request: a problem document all the same."""

from collections.abc import Sequence
from typing import Any

import orjson
from gunicorn.asgi.protocol import ASGIProtocol

from chassis import clock
from contracts import common
from gateway.problems import BY_STATUS, CONTENT_TYPE, Problem


def send_problem(
    self: Any, status: int, message: str, extra_headers: Sequence[tuple[str, str]] = ()
) -> None:
    """Stands in for gunicorn's plain text about lines, headers and framing it cannot take."""
    problem = Problem(BY_STATUS.get(status, common.MALFORMED))
    body = orjson.dumps(problem.body("id", clock.new_id()) | {"status": status})
    head = [
        f"HTTP/1.1 {status} {self._get_reason_phrase(status)}",
        f"Content-Type: {CONTENT_TYPE}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in extra_headers),
        "Connection: close",
    ]
    self._safe_write("\r\n".join([*head, "", ""]).encode("latin-1"))
    self._safe_write(body)


def install() -> None:
    """Make every connection of this worker answer so."""
    ASGIProtocol._send_error_response = send_problem
