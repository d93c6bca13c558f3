"""The application: THE route table, and nothing that a route does."""

import os
from collections.abc import Mapping
from functools import partial
from typing import Any

import falcon
import falcon.asgi
from falcon.routing import CompiledRouter

from chassis import log
from chassis.settings import Settings
from gateway import openapi, problems
from gateway.api import (
    appointments,
    areas,
    auth,
    competencies,
    frameworks,
    house,
    imports,
    institutions,
    me,
    members,
    operations,
    region,
    stream,
    sync,
)
from gateway.describe import operation_of
from gateway.front import Front
from gateway.middleware import Edge
from gateway.resource import Resource

ROUTES: dict[str, type[Resource]] = {
    "/healthz": house.Live,
    "/readyz": house.Ready,
    "/metrics": house.Metrics,
    "/openapi.json": house.OpenApi,
    "/docs": house.DocsPage,
    "/docs/{name}": house.DocsAsset,
    "/.well-known/jwks.json": auth.Keys,
    "/v1/auth/token": auth.Token,
    "/v1/auth/codes": auth.Codes,
    "/v1/auth/revoke": auth.Revocation,
    "/v1/me": me.Item,
    "/v1/me/consents": me.ConsentsItem,
    "/v1/me/export": me.Export,
    "/v1/region": region.Item,
    "/v1/areas": areas.Collection,
    "/v1/areas/resolve": areas.Resolution,
    "/v1/areas/{id}": areas.Item,
    "/v1/institutions": institutions.Collection,
    "/v1/institutions/imports": imports.Institutions,
    "/v1/institutions/{id}": institutions.Item,
    "/v1/members": members.Collection,
    "/v1/members/imports": imports.Members,
    "/v1/members/{id}": members.Item,
    "/v1/members/{id}/approve": members.Approval,
    "/v1/members/{id}/suspend": members.Suspension,
    "/v1/members/{id}/reinstate": members.Reinstatement,
    "/v1/members/{id}/competencies": competencies.Item,
    "/v1/members/{id}/competencies/evidence": competencies.Evidence,
    "/v1/members/{id}/competencies/endorsements": competencies.Endorsements,
    "/v1/competency-frameworks": frameworks.Collection,
    "/v1/competency-frameworks/{id}": frameworks.Item,
    "/v1/appointments": appointments.Collection,
    "/v1/appointments/{id}": appointments.Item,
    "/v1/appointments/{id}/accept": appointments.Acceptance,
    "/v1/appointments/{id}/decline": appointments.Declining,
    "/v1/appointments/{id}/end": appointments.Ending,
    "/v1/sync": sync.Changes,
    "/v1/sync/commands": sync.Commands,
    "/v1/stream": stream.Stream,
    "/v1/operations/parked": operations.Collection,
    "/v1/operations/parked/{id}/replay": operations.Replay,
    "/v1/operations/parked/{id}/drop": operations.Drop,
    "/v1/operations/views/{name}/rebuild": operations.Rebuild,
}
METHODS = ("get", "post", "put", "patch", "delete")


class Undescribed(TypeError):
    """A responder without a declared access: nobody may call what nobody decided about."""


class Lifespan:
    """Starts and stops the front with the server."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def process_startup(self, _: Any, __: Any) -> None:
        """The loop runs."""
        self._front.start()

    async def process_shutdown(self, _: Any, __: Any) -> None:
        """The loop is about to end."""
        await self._front.stop()


class Application(falcon.asgi.App[Any, Any]):
    """Falcon's application, which knows its front."""

    front: Front


def create_app(front: Front) -> Application:
    """The ASGI application over a front; raises Undescribed for a responder without operation."""
    settings = front.settings
    around: list[Any] = [Edge(settings), Lifespan(front)]
    if settings.cors_origins:
        exposed = (
            "ETag, Location, X-Request-ID, X-View-Lag-Seconds, Idempotent-Replayed, Retry-After"
        )
        origins = list(settings.cors_origins)
        around.insert(0, falcon.CORSMiddleware(allow_origins=origins, expose_headers=exposed))
    front.router = CompiledRouter()
    app = Application(middleware=around, router=front.router)
    app.front = front
    app.req_options.strip_url_path_trailing_slash = False
    problems.install(app)
    resources = {path: made(cls, front) for path, cls in ROUTES.items()}
    for path, resource in resources.items():
        app.add_route(path, resource)
    page = resources["/openapi.json"]
    assert isinstance(page, house.OpenApi)
    page.write = partial(openapi.document, operations_of(resources), settings)
    return app


def made(cls: type[Resource], front: Front) -> Resource:
    """The resource, every responder described, HEAD wherever there is GET."""
    for method in METHODS:
        responder = getattr(cls, f"on_{method}", None)
        if responder is not None and operation_of(responder) is None:
            raise Undescribed(f"{cls.__module__}.{cls.__name__}.on_{method}")
    resource = cls(front)
    if hasattr(resource, "on_get"):
        resource.on_head = resource.on_get  # type: ignore[attr-defined]
    return resource


def operations_of(resources: Mapping[str, Resource]) -> openapi.Operations:
    """Path → method → operation."""
    return {
        path: {
            method: operation
            for method in METHODS
            if (operation := operation_of(getattr(resource, f"on_{method}", None)))
        }
        for path, resource in resources.items()
    }


def from_environment() -> Application:
    """For gunicorn: `gunicorn -c gateway/gunicorn.py 'gateway.app:from_environment()'`."""
    settings = Settings.from_environment(os.environ)
    log.configure(settings.log_level)
    return create_app(Front.of(settings))
