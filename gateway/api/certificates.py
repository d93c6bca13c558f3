"""Certificates: issued for an event, verified by anyone who holds the serial, printed, revoked."""

from collections.abc import Mapping
from typing import Any

import orjson
from falcon.asgi import Request, Response

from chassis.schema import schema_of
from contracts import common
from contracts.events import commands
from gateway.api.event_shapes import CertificatePage, Issued
from gateway.api.registrations import must_manage
from gateway.api.shapes import page_of
from gateway.asked import ID, Asked
from gateway.asks import asks, nothing_more
from gateway.describe import Access, Operation, Success, described
from gateway.listing import Listing, Scope
from gateway.pages import Page
from gateway.problems import Problem
from gateway.query import Parameter, read_query
from gateway.question import Reply
from gateway.reads import READ_HEADERS, answer_page, digest, lists, write_page
from gateway.resource import Resource
from gateway.shown import CERTIFICATE, Shown, with_serial
from gateway.viewer import Viewer

TAG = "Certificates"
SCHEMA = schema_of(CertificatePage)
PDF = "application/pdf"
LISTING = Listing(
    view="certificates",
    fields=("certificate",),
    item=lambda document, _: with_serial(document["certificate"]),
    sorts={"issued_at": "issued_at"},
    default="issued_at",
)
FORMAT = Parameter(name="format", about="As JSON or on paper.", one_of=("json", "pdf"))
READ = Operation(
    summary="A certificate by its serial: what it says and whether it still counts",
    tag=TAG,
    access=Access.PUBLIC,
    success=Success(about="It.", schema=SCHEMA, headers=READ_HEADERS, also=(PDF,)),
    query={"format": FORMAT},
    problems=(404, 503),
    conditional=True,
)


def of_event(_: Viewer, given: Mapping[str, Any]) -> Scope:
    """The certificates of one event."""
    return Scope(view="certificates", query={"event_id": {"$eq": given["id"]}})


def mine(viewer: Viewer, _: Mapping[str, Any]) -> Scope:
    """One's own certificates."""
    return Scope(view="certificates", query={"member_id": {"$eq": viewer.member_id}})


class OfEvent(Resource):
    """`/v1/events/{id}/certificates`"""

    on_get = lists(
        LISTING,
        summary="An event's certificates, for who manages it",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=of_event,
        guard=must_manage,
    )
    on_post = asks(
        commands.IssueCertificates,
        summary="Certificates for all who attended and have none",
        tag=TAG,
        path={"event_id": "id"},
        render=nothing_more,
        answer=schema_of(Issued),
        deadline_seconds=15.0,
    )


class Mine(Resource):
    """`/v1/me/certificates`"""

    on_get = lists(
        LISTING,
        summary="One's own certificates",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=mine,
    )


class Item(Resource):
    """`/v1/certificates/{serial}`"""

    async def show(self, req: Request, resp: Response, serial: str) -> None:
        """As JSON, or as the PDF that is printed of it."""
        await self.front.admit(req, READ)
        if read_query(req, READ.query).get("format") == "pdf":
            await self._print(req, resp, await self._certificate(serial))
            return

        async def live() -> Page:
            told = await self._certificate(serial)
            return Page(orjson.dumps(told), str(told["version"]))

        await answer_page(self.front, req, resp, CERTIFICATE.view, live)

    async def _certificate(self, serial: str) -> dict[str, Any]:
        fits = ID.fullmatch(serial)
        found = await self.front.store.get(CERTIFICATE.view, serial) if fits else None
        if found is None:
            raise Problem(common.NOT_FOUND)
        return with_serial(found["certificate"])

    async def _print(self, req: Request, resp: Response, told: Mapping[str, Any]) -> None:
        # Fonts and images weigh 25 MB in memory: only a worker that prints carries them.
        from gateway.certificate_pdf import render

        link = f"{self.front.settings.public_url}/v1/certificates/{told['id']}"
        body = render(told, link)
        write_page(self.front, req, resp, Page(body, digest(body)), private=False)
        resp.content_type = PDF
        resp.downloadable_as = f"{told['id']}.pdf"

    on_get = described(show, READ)


def changed(_: Asked, reply: Reply) -> Shown:
    """The certificate as reads show it."""
    return Shown(body=with_serial(reply.result), etag=str(reply.result["version"]))


class Revocation(Resource):
    """`/v1/certificates/{serial}/revoke`"""

    on_post = asks(
        commands.RevokeCertificate,
        summary="A certificate was given in error",
        tag=TAG,
        path={"serial": "serial"},
        kind=CERTIFICATE,
        render=changed,
        answer=SCHEMA,
        matched=True,
        example={"reason": "Salah nama"},
    )
