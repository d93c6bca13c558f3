"""Areas: named sets of official codes; who coordinates them; which one a code belongs to."""

import orjson
from falcon.asgi import Request, Response

from chassis.schema import schema_of
from contracts.members import commands, refusals, states
from contracts.types import CODE_PATTERN
from gateway.api.shapes import page_of
from gateway.asks import asks
from gateway.describe import Access, Operation, Success, described
from gateway.listing import Listing, rendered
from gateway.pages import Page
from gateway.problems import Problem
from gateway.query import Parameter, flag, read_query
from gateway.reads import READ_HEADERS, answer_page, lists, shows
from gateway.resource import Resource
from gateway.shown import AREA

TAG = "Areas"
SCHEMA = schema_of(states.Area)
LISTING = Listing(
    view="areas",
    fields=("body",),
    item=rendered,
    sorts={"name": "order", "updated_at": "updated_at"},
    default="name",
    filters=(flag("active", "Only those in use, or only the others.", "active"),),
)


class Collection(Resource):
    """`/v1/areas`"""

    on_get = lists(LISTING, summary="The areas of this region", tag=TAG, answer=page_of(SCHEMA))
    on_post = asks(
        commands.CreateArea,
        summary="Create an area",
        tag=TAG,
        status=201,
        location="/v1/areas/{id}",
        kind=AREA,
        answer=SCHEMA,
        example={"id": "35.71", "name": "Kota Kediri", "codes": ["35.71"]},
    )


class Item(Resource):
    """`/v1/areas/{id}`"""

    on_get = shows(AREA, summary="One area", tag=TAG, answer=SCHEMA)
    on_patch = asks(
        commands.ChangeArea,
        summary="Change an area",
        tag=TAG,
        path={"area_id": "id"},
        kind=AREA,
        answer=SCHEMA,
        matched=True,
    )


CODE = Parameter(
    name="code",
    about="An official code: kabupaten/kota, district or village.",
    pattern=CODE_PATTERN,
    longest=13,
    required=True,
)
RESOLVE = Operation(
    summary="The one active area that an official code belongs to",
    tag=TAG,
    access=Access.PUBLIC,
    success=Success(about="The area.", schema=SCHEMA, headers=READ_HEADERS),
    query={"code": CODE},
    problems=(404, 503),
    conditional=True,
)


class Resolution(Resource):
    """`/v1/areas/resolve?code=`"""

    async def resolve(self, req: Request, resp: Response) -> None:
        """The area that lists the code, or the nearest wider code."""
        await self.front.admit(req, RESOLVE)

        async def live() -> Page:
            code = read_query(req, RESOLVE.query)["code"]
            wider = [code[:length] for length in (13, 8, 5, 2) if length <= len(code)] or [code]
            query = {"codes": {"$in": wider}, "active": True}
            found = await self.front.store.find("areas", query, 60)
            if not found:
                raise Problem(refusals.AREA_UNKNOWN, f"no area has {code}")
            nearest = max(found, key=lambda area: max(len(c) for c in area["codes"] if c in wider))
            return Page(orjson.dumps(orjson.Fragment(nearest["body"])), str(nearest["version"]))

        await answer_page(self.front, req, resp, "areas", live)

    on_get = described(resolve, RESOLVE)
