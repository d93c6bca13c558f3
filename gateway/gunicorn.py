"""gunicorn's settings: its native ASGI worker, one per core; a stop waits for requests only."""

import os
import signal
from collections.abc import Sequence
from typing import Any

import orjson
from gunicorn.asgi.protocol import ASGIProtocol

from chassis import clock
from contracts import common
from gateway.problems import BY_STATUS, CONTENT_TYPE, Problem

bind = f"{os.environ.get('HTTP_HOST') or '127.0.0.1'}:{os.environ.get('HTTP_PORT') or 8080}"
workers = int(os.environ.get("GATEWAY_WORKERS") or 1)
worker_class = "asgi"
worker_connections = 4000
keepalive = 5
graceful_timeout = 20
timeout = 30
backlog = 1024
limit_request_line = 8190
accesslog = None
errorlog = "-"
loglevel = "warning"
asgi_lifespan = "on"
asgi_loop = "asyncio"
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """On SIGTERM end the live streams first: otherwise the stop would wait for them."""
    front = worker.asgi.front

    def stop() -> None:
        front.hub.close()
        worker.handle_exit_signal()

    worker.loop.add_signal_handler(signal.SIGTERM, stop)


def send_problem(
    self: Any, status: int, message: str, extra_headers: Sequence[tuple[str, str]] = ()
) -> None:
    """What the server itself refuses, before there is a request, is a problem document too."""
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


ASGIProtocol._send_error_response = send_problem
