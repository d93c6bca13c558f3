"""What the HTTP server refuses and ends by itself: with a problem document all the same."""

from collections.abc import Sequence
from typing import Any

import orjson
from gunicorn.asgi.protocol import ASGIProtocol

from chassis import clock
from contracts import common
from gateway.problems import BY_STATUS, CONTENT_TYPE, TIMEOUT, Problem

HEAD_SECONDS = 20.0
LINGER_SECONDS = 5.0
connected = ASGIProtocol.connection_made
close_at_once = ASGIProtocol._close_transport


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


def connection_made(self: Any, transport: Any) -> None:
    """Stands in for gunicorn's, which waits for ever for a connection's first request.

    The timer is the one that ends an idle connection later on: gunicorn stops it when the headers
    are there or the connection is gone.
    """
    connected(self, transport)
    self._keepalive_handle = self.worker.loop.call_later(HEAD_SECONDS, give_up, self)


def give_up(self: Any) -> None:
    """The headers of a first request did not come in time."""
    self._send_error_response(TIMEOUT.status, "")
    self._keepalive_timeout()


def close_transport(self: Any) -> None:
    """Stands in for gunicorn's, which closes while a body still comes.

    That resets the connection, and many a client then never reads why it was refused. What comes
    is dropped instead, until the client is done or five seconds are over (RFC 9112 §9.6).
    """
    body = self._body_receiver
    if body is None or body._complete or self._closed or not self.transport:
        close_at_once(self)
        return
    self._closed = True
    self._callback_parser = None
    self.transport.write_eof()
    self._resume_reading()
    self.worker.loop.call_later(LINGER_SECONDS, self.transport.close)


def speaks_websocket(self: Any, request: Any) -> bool:
    """Nobody does: the wish goes unheard, the request is answered as any (RFC 9110 §7.8)."""
    return False


def install() -> None:
    """Make every connection of this worker answer so."""
    ASGIProtocol.connection_made = connection_made
    ASGIProtocol._close_transport = close_transport
    ASGIProtocol._send_error_response = send_problem
    ASGIProtocol._is_websocket_upgrade = speaks_websocket
