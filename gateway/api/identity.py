"""Who this region is to others."""

from dataclasses import dataclass

import orjson
from falcon.asgi import Request, Response

from chassis.schema import schema_of
from contracts import common
from contracts.federation import states
from contracts.types import Id, Name
from gateway.describe import Access, Operation, Success, described
from gateway.pages import Page
from gateway.problems import Problem
from gateway.query import read_query
from gateway.reads import READ_HEADERS, answer_page, digest
from gateway.resource import Resource

TAG = "Federation"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What another region's officers enter to pair with this one."""

    region: Id
    name: Name
    key: states.Key


READ = Operation(
    summary="This region as others know it: what they enter to pair with it",
    tag=TAG,
    access=Access.PUBLIC,
    success=Success(about="It.", schema=schema_of(Identity), headers=READ_HEADERS),
    problems=(404, 503),
    conditional=True,
)


class Own(Resource):
    """`/v1/federation/identity`"""

    async def show(self, req: Request, resp: Response) -> None:
        """Region, name and public key; 404 before the first start of the service has made it."""
        await self.front.admit(req, READ)

        async def live() -> Page:
            read_query(req, {})
            found = await self.front.store.get("peers", self.front.settings.region, ["identity"])
            if not found or "identity" not in found:
                raise Problem(common.NOT_FOUND)
            told = found["identity"]
            body = {"region": told["id"], "name": told["name"], "key": told["key"]}
            raw = orjson.dumps(body)
            return Page(raw, digest(raw))

        await answer_page(self.front, req, resp, None, live)

    on_get = described(show, READ)
