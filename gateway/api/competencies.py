"""A member's competencies: rated by himself, evidenced, endorsed by others."""

from falcon.asgi import Request, Response

from chassis.schema import schema_of
from contracts import common
from contracts.members import commands, states
from gateway.asked import ID
from gateway.asks import steps
from gateway.describe import Access, Operation, Success, described
from gateway.pages import Page
from gateway.problems import Problem
from gateway.query import read_query
from gateway.reads import READ_HEADERS, answer_page, one
from gateway.resource import Resource
from gateway.shown import COMPETENCIES
from gateway.viewer import Viewer

TAG = "Competencies"
SCHEMA = schema_of(states.Competencies)
READ = Operation(
    summary="A member's competencies, for himself, his coordinators and mentors",
    tag=TAG,
    access=Access.SIGNED_IN,
    success=Success(about="They.", schema=SCHEMA, headers=READ_HEADERS),
    problems=(404, 503),
    conditional=True,
)
act = steps(COMPETENCIES, {"member_id": "id"}, tag=TAG)


class Item(Resource):
    """`/v1/members/{id}/competencies`"""

    async def show(self, req: Request, resp: Response, id: str) -> None:
        """In full, or 404."""
        viewer = await self.front.admit(req, READ)

        async def live() -> Page:
            read_query(req, {})
            await self.must_see(viewer, id)
            return await one(self.front, COMPETENCIES, id, viewer)

        await answer_page(self.front, req, resp, None, live)

    async def must_see(self, viewer: Viewer, id: str) -> None:
        """Raise Problem (404) unless the member's competencies are his to see."""
        if id == viewer.member_id:
            return
        fields = ("area",)
        member = await self.front.store.get("members", id, fields) if ID.fullmatch(id) else None
        area = (member or {}).get("area")
        if member is None or not (viewer.coordinates(area) or viewer.mentors(area)):
            raise Problem(common.NOT_FOUND)

    on_get = described(show, READ)
    on_put = act(
        commands.RateCompetencies,
        "Rate oneself",
        example={"ratings": [{"area": "ICT", "level": 3}]},
    )


class Evidence(Resource):
    """`/v1/members/{id}/competencies/evidence`"""

    on_post = act(
        commands.AddEvidence,
        "Add evidence for a level",
        status=201,
        location="/v1/members/{id}/competencies",
        example={"area": "LIB", "level": 2, "title": "Diklat kepustakawanan"},
    )


class Endorsements(Resource):
    """`/v1/members/{id}/competencies/endorsements`"""

    on_post = act(
        commands.Endorse,
        "Confirm somebody else's level",
        status=201,
        location="/v1/members/{id}/competencies",
        example={"area": "LIB", "level": 2},
    )
