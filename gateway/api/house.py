"""The house itself: health, metrics, the OpenAPI document and the page that shows it."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson
from falcon.asgi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis import travel
from chassis.errors import Outage
from contracts import common
from gateway import metrics
from gateway.describe import JSON, Access, Operation, Success, described
from gateway.front import Front
from gateway.problems import Problem
from gateway.query import read_query
from gateway.resource import Resource

TAG = "The house"
PING_SECONDS = 2.0
DOCS = Path(__file__).parent.parent / "docs"
CHECKS = {"type": "object", "additionalProperties": {"type": "boolean"}}
ASSETS = {
    "docs.js": "text/javascript; charset=utf-8",
    "docs.css": "text/css; charset=utf-8",
}


def reading(summary: str, schema: object, content_type: str = JSON) -> Operation:
    """A read that needs no token."""
    return Operation(
        summary=summary,
        tag=TAG,
        access=Access.PUBLIC,
        success=Success(
            about="It.",
            schema=schema if isinstance(schema, Mapping) else {"type": "string"},
            content_type=content_type,
        ),
    )


LIVE = reading("Whether this process answers", CHECKS)
READY = reading("Whether everything it needs is there; reads go on when it says no", CHECKS)
READS = reading("Whether reads are answered here: what a balancer asks", CHECKS)
METRICS = reading("Prometheus metrics of this worker", None, "text/plain")
OPENAPI = reading("This document", {"type": "object"})
PAGE = reading("The documentation", None, "text/html")
ASSET = Operation(
    summary="A part of the documentation page: its script or its style",
    tag=TAG,
    access=Access.PUBLIC,
    success=Success(
        about="It.", schema={"type": "string"}, content_type="text/javascript", also=("text/css",)
    ),
    problems=(404,),
)


class Live(Resource):
    """`/healthz`"""

    async def show(self, _: Request, resp: Response) -> None:
        """The event loop answers; nothing outside the process is asked."""
        resp.data, resp.content_type = orjson.dumps({"live": True}), JSON

    on_get = described(show, LIVE)


class Ready(Resource):
    """`/readyz`"""

    async def show(self, _: Request, resp: Response) -> None:
        """Each check and its outcome; 503 when one fails."""
        told = await self.checks()
        resp.status = "200 OK" if all(told.values()) else "503 Service Unavailable"
        told |= {name: check() for name, check in travel.alarms().items()}
        resp.data, resp.content_type = orjson.dumps(told), JSON
        resp.set_header("Cache-Control", "no-store")

    async def checks(self) -> dict[str, bool]:
        """Database within two seconds, views declared, broker connected, not stopping."""
        database = declared = False
        with contextlib.suppress(Outage, TimeoutError):
            async with asyncio.timeout(PING_SECONDS):
                await self.front.store.ping()
                database = True
                declared = await self.front.store.get("meta", "log") is not None
        return {
            "database": database,
            "views": declared,
            "broker": self.front.backend.connected,
            "not_draining": not self.front.hub.closed,
        }

    on_get = described(show, READY)


class ReadyForReads(Ready):
    """`/readyz/reads`"""

    async def checks(self) -> dict[str, bool]:
        """Without the broker: when it is away everywhere, reads must go on everywhere."""
        told = await super().checks()
        return {name: well for name, well in told.items() if name != "broker"}

    on_get = described(Ready.show, READS)


class Metrics(Resource):
    """`/metrics`"""

    async def show(self, _: Request, resp: Response) -> None:
        """In the Prometheus text format."""
        metrics.LAG.set(self.front.freshness.lag_seconds())
        resp.data, resp.content_type = generate_latest(), CONTENT_TYPE_LATEST

    on_get = described(show, METRICS)


class OpenApi(Resource):
    """`/openapi.json`"""

    def __init__(self, front: Front) -> None:
        super().__init__(front)
        self.write: Callable[[], bytes] = lambda: b"{}"
        self._written: bytes | None = None

    async def show(self, req: Request, resp: Response) -> None:
        """Written when it is first asked for."""
        read_query(req, {})
        if self._written is None:
            self._written = self.write()
        resp.data, resp.content_type = self._written, JSON
        resp.set_header("Cache-Control", "public, max-age=300")

    on_get = described(show, OPENAPI)


class DocsPage(Resource):
    """`/docs`"""

    async def show(self, _: Request, resp: Response) -> None:
        """One page; its script and style are ours and local."""
        resp.data = (DOCS / "index.html").read_bytes()
        resp.content_type = "text/html; charset=utf-8"

    on_get = described(show, PAGE)


class DocsAsset(Resource):
    """`/docs/{name}`"""

    async def show(self, _: Request, resp: Response, name: str) -> None:
        """The script or the style."""
        if name not in ASSETS:
            raise Problem(common.NOT_FOUND)
        resp.data, resp.content_type = (DOCS / name).read_bytes(), ASSETS[name]

    on_get = described(show, ASSET)
