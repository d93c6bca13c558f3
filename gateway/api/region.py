"""This cell: its region, time zone, areas and peers."""

import orjson
from falcon.asgi import Request, Response

from gateway.api.shapes import Region, answer
from gateway.describe import Access, Operation, Success, described
from gateway.pages import Page
from gateway.query import read_query
from gateway.reads import READ_HEADERS, answer_page, digest
from gateway.resource import Resource

READ = Operation(
    summary="This cell",
    tag="Region",
    access=Access.PUBLIC,
    success=Success(about="It.", schema=answer(Region), headers=READ_HEADERS),
    problems=(503,),
    conditional=True,
)


class Item(Resource):
    """`/v1/region`"""

    async def show(self, req: Request, resp: Response) -> None:
        """Name, time zone, areas in use, and the regions that it is paired with."""
        await self.front.admit(req, READ)

        async def live() -> Page:
            read_query(req, {})
            raw = orjson.dumps(await self._told())
            return Page(raw, digest(raw))

        await answer_page(self.front, req, resp, "areas", live)

    async def _told(self) -> dict[str, object]:
        settings = self.front.settings
        areas = await self.front.store.find("areas", {"active": True})
        paired = await self.front.store.find("peers", {"state": "active"})
        areas.sort(key=lambda area: (area["order"], area["_id"]))
        return {
            "id": settings.region,
            "name": settings.region_name or settings.region,
            "timezone": settings.timezone,
            "areas": [orjson.Fragment(area["body"]) for area in areas],
            "peers": sorted(
                ({"id": one["_id"], "name": one["peer"]["name"]} for one in paired),
                key=lambda peer: str(peer["id"]),
            ),
        }

    on_get = described(show, READ)
