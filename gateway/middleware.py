"""Around every request: its id and trace, headers that keep browsers honest, a line and a count."""

import asyncio
import re
import time
from datetime import UTC, datetime
from typing import Any

import orjson
from falcon.asgi import Request, Response

from chassis import clock
from chassis.log import LINES, new_span, new_traceparent
from chassis.settings import Settings
from gateway import metrics
from gateway.body import malformed
from gateway.proxies import Proxies

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept, Accept-Language, Authorization",
}
YEAR_SECONDS = 365 * 24 * 3600
AS_LOGGED = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
FLUSH_SECONDS = 0.1
SILENT = ("/healthz", "/readyz", "/readyz/reads", "/metrics")


class Edge:
    """Falcon middleware."""

    def __init__(self, settings: Settings) -> None:
        https = settings.public_url.startswith("https://")
        hsts = {"Strict-Transport-Security": f"max-age={YEAR_SECONDS}"} if https else {}
        self._headers = [*HEADERS.items(), *hsts.items()]
        self._lines: list[bytes] = []
        self._proxies = Proxies(settings.trusted_proxies)

    async def process_request(self, req: Request, _: Response) -> None:
        """Take or make the request id and the trace; find out whose address it is.

        Raises Problem (400) for HTTP/1.1 without Host (RFC 9112 §3.2).
        """
        req.context.started = time.perf_counter()
        told = req.get_header("X-Request-ID")
        known = told is not None and REQUEST_ID.fullmatch(told)
        req.context.request_id = told if known else clock.new_id()
        forwarded = req.get_header("X-Forwarded-For")
        req.context.address = self._proxies.client(req.remote_addr, forwarded)
        req.context.traceparent = traceparent_after(req.get_header("traceparent"))
        if req.scope["http_version"] == "1.1" and req.get_header("Host") is None:
            raise malformed("HTTP/1.1 needs Host")

    async def process_response(self, req: Request, resp: Response, _: Any, __: bool) -> None:
        """Headers, metrics, and one line without personal data."""
        resp.set_headers(self._headers)
        resp.set_header("X-Request-ID", req.context.request_id)
        route = req.uri_template or "none"
        seconds = time.perf_counter() - req.context.started
        status = resp.status_code
        metrics.count(req.method, route, str(status), seconds)
        if route not in SILENT:
            self._log(req, route, status, seconds)

    def _log(self, req: Request, route: str, status: int, seconds: float) -> None:
        line = {
            "event": "request",
            "timestamp": datetime.now(UTC),
            "level": "info",
            "method": req.method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 2),
            "request_id": req.context.request_id,
        }
        if not self._lines:
            asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)
        self._lines.append(orjson.dumps(line, option=AS_LOGGED))

    def flush(self) -> None:
        """Write the lines that wait, all at once: a write for each costs as much as the line."""
        lines, self._lines = self._lines, []
        if lines:
            LINES.write(b"".join(lines).decode())
            LINES.flush()

    async def process_shutdown(self, _: Any, __: Any) -> None:
        """Nothing is kept back."""
        self.flush()


def traceparent_after(told: str | None) -> str:
    """The caller's trace with a span of ours, or a trace that starts here."""
    found = TRACEPARENT.fullmatch(told or "")
    if found is None or int(found[1], 16) == 0:
        return new_traceparent()
    return f"00-{found[1]}-{new_span()}-01"
