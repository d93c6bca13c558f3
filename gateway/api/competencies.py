"""A member's competencies: rated by himself, evidenced, endorsed by others."""

from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from falcon.asgi import Request, Response

from chassis.schema import schema_of
from contracts import common
from contracts.members import commands, states
from contracts.types import Number
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
from gateway.views.change import Document

TAG = "Competencies"


@dataclass(frozen=True, kw_only=True)
class Levels(states.Competencies):
    """A member's competencies; version 0 before the first statement."""

    version: Annotated[int, Number(least=0, most=2**31)]


READ = Operation(
    summary="A member's competencies, for himself, his coordinators and mentors",
    tag=TAG,
    access=Access.SIGNED_IN,
    success=Success(about="They.", schema=schema_of(Levels), headers=READ_HEADERS),
    problems=(404, 503),
    conditional=True,
)


def none_yet(member: Document) -> dict[str, Any]:
    """Version 0, since nothing is stored."""
    return {
        **{name: member[name] for name in ("id", "region", "created_at")},
        "version": 0,
        "updated_at": member["created_at"],
        "member_id": member["id"],
        "framework_version": 1,
        **dict.fromkeys(("ratings", "evidence", "endorsements"), ()),
    }


act = steps(COMPETENCIES, {"member_id": "id"}, tag=TAG)


class Item(Resource):
    """`/v1/members/{id}/competencies`"""

    async def show(self, req: Request, resp: Response, id: str) -> None:
        """In full, or 404."""
        viewer = await self.front.admit(req, READ)

        async def live() -> Page:
            read_query(req, {})
            member = await self._seen_member(viewer, id)
            if await self.front.store.get(COMPETENCIES.view, id, ("version",)):
                return await one(self.front, COMPETENCIES, id, viewer)
            return Page(orjson.dumps(none_yet(member)), "0")

        await answer_page(self.front, req, resp, None, live)

    async def _seen_member(self, viewer: Viewer, id: str) -> Document:
        """Raises Problem (404) unless the member's competencies are the viewer's to see."""
        found = await self.front.store.get("members", id, ("member",)) if ID.fullmatch(id) else None
        member: Document = (found or {}).get("member") or {}
        area = member.get("area")
        mine = id == viewer.member_id
        if not member or not (mine or viewer.coordinates(area) or viewer.mentors(area)):
            raise Problem(common.NOT_FOUND)
        return member

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
