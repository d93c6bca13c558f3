"""Health of a service process, told by its own hub: a blocked hub answers nothing and is not live.

`/healthz` depends on nothing outside the process; `/readyz` on broker, database and not draining.
Alarms are told with the readiness and do not change it: starting again would not help.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import eventlet
import orjson
from eventlet import wsgi
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], bool]
PING_SECONDS = 2.0


class Health:
    """A small HTTP server with /healthz, /readyz and /metrics."""

    def __init__(
        self,
        host: str,
        port: int,
        checks: Mapping[str, Check],
        alarms: Mapping[str, Check] | None = None,
    ) -> None:
        """An alarm is a check that is true while all is well."""
        self._address, self._checks, self._alarms = (host, port), checks, alarms or {}
        self.draining = False

    def start(self) -> None:
        """Listen and serve in a green thread."""
        listening = eventlet.listen(self._address, reuse_port=False)
        eventlet.spawn(wsgi.server, listening, self.answer, log_output=False, debug=False)

    def answer(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The WSGI application."""
        path = environ["PATH_INFO"]
        if path == "/metrics":
            start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [generate_latest()]
        status, told = self._told(path)
        start(status, [("Content-Type", "application/json")])
        return [orjson.dumps(told)]

    def _told(self, path: str) -> tuple[str, dict[str, bool]]:
        if path == "/healthz":
            return "200 OK", {"live": True}
        if path != "/readyz":
            return "404 Not Found", {}
        told = self.readiness()
        status = "200 OK" if all(told.values()) else "503 Service Unavailable"
        return status, {**told, **{name: _passes(check) for name, check in self._alarms.items()}}

    def readiness(self) -> dict[str, bool]:
        """Each check and its outcome; a check that takes too long has failed."""
        told = {name: _passes(check) for name, check in self._checks.items()}
        return {**told, "not_draining": not self.draining}


def _passes(check: Check) -> bool:
    try:
        with eventlet.Timeout(PING_SECONDS):
            return check()
    except (Exception, eventlet.Timeout):  # noqa: BLE001  any failure is the answer
        return False
