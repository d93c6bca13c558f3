"""gunicorn's settings: its native ASGI worker, one per core; a stop waits for requests only."""

import gc
import os
import signal
from typing import Any

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
LOOK_SECONDS = 1.0


def post_worker_init(worker: Any) -> None:
    """On SIGTERM end the live streams first: otherwise the stop would wait for them.

    A worker whose master is gone stops in the same way; gunicorn's own would serve its connections
    on for as long as a stop may take. What is ours is imported here, in the worker, so that the
    master stays small.
    """
    from gateway import server

    server.install()
    gc.collect()
    gc.freeze()  # what was imported stays: nobody needs to look for garbage there again and again
    front = worker.asgi.front

    def stop() -> None:
        front.hub.close()
        worker.handle_exit_signal()

    def look() -> None:
        if os.getppid() != worker.ppid:
            stop()
        else:
            worker.loop.call_later(LOOK_SECONDS, look)

    worker.loop.add_signal_handler(signal.SIGTERM, stop)
    look()
