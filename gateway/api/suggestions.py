"""Who fits a case: ranked from the views with reasons, by the rules that the service shares.

What was ranked is kept until a mentor, a grant, an offer, or the case changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import orjson
from falcon.asgi import Request, Response

from contracts import common
from contracts.codec import decode
from contracts.mentoring.matching import Team, rank
from contracts.mentoring.states import Needs
from contracts.types import AreaId, Id, Latitude, Longitude
from gateway.api.mentorships import TAG
from gateway.describe import Access, Operation, Success, described
from gateway.front import Front
from gateway.language import language_of
from gateway.metrics import PAGES
from gateway.pages import Page
from gateway.pool import NAME
from gateway.problems import Problem
from gateway.query import read_query
from gateway.reads import READ_HEADERS, digest, seen_document, write_page
from gateway.resource import Resource
from gateway.shown import CASE
from gateway.viewer import Viewer
from gateway.views.change import Document

REASON = {
    "type": "object",
    "required": ["code", "text"],
    "properties": {"code": {"type": "string"}, "text": {"type": "string"}},
}
SUGGESTION = {
    "type": "object",
    "required": ["mentor_id", "partner_id", "names", "cost", "open_needs", "reasons"],
    "properties": {
        "mentor_id": {"type": "string"},
        "partner_id": {"type": ["string", "null"]},
        "names": {"type": "array", "items": {"type": "string"}},
        "cost": {"type": "number", "description": "Points; lower is better."},
        "open_needs": {"type": "array", "items": {"type": "string"}},
        "reasons": {"type": "array", "items": REASON},
    },
}
READ = Operation(
    summary="Mentors that fit, best first, alone or as a librarian and IT pair, with reasons",
    tag=TAG,
    access=Access.SIGNED_IN,
    success=Success(
        about="At most ten.",
        schema={
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": SUGGESTION},
                "next": {"type": "null"},
            },
        },
        headers=READ_HEADERS,
    ),
    problems=(403, 404, 503),
    conditional=True,
)


@dataclass(frozen=True, kw_only=True)
class ToMatch:
    """A case as matching reads it."""

    id: Id
    area: AreaId
    institution_id: Id
    needs: Needs = ()
    latitude: Latitude | None = None
    longitude: Longitude | None = None


FIELDS = ("version", "area", "eyes", *(f"mentorship.{one.name}" for one in fields(ToMatch)))


class Collection(Resource):
    """`/v1/mentorships/{id}/mentor-suggestions`"""

    async def show(self, req: Request, resp: Response, id: str) -> None:
        """For the coordinators of the case's area."""
        front, viewer = self.front, await self.front.admit(req, READ)
        language = language_of(req.get_header("Accept-Language"))
        read_query(req, {})
        found = await to_match(front, viewer, id)
        key = f"{front.today()}/{language}/{id}/{found['version']}"
        page = front.pages.get(NAME, key)
        PAGES.labels("live" if page is None else "kept").inc()
        if page is None:
            generation = front.pages.generation(NAME)
            page = await ranked(front, decode(ToMatch, found["mentorship"]), language)
            front.pages.keep(NAME, key, page, generation)
        write_page(front, req, resp, page, private=True)

    on_get = described(show, READ)


async def to_match(front: Front, viewer: Viewer, mentorship_id: str) -> Document:
    """What matching needs of a case; raises Problem: 404, or 403 for who does not coordinate it."""
    found = await seen_document(front, viewer, CASE, mentorship_id, FIELDS)
    if not viewer.coordinates(found["area"]):
        raise Problem(common.FORBIDDEN, "for coordinators of the area")
    return found


async def ranked(front: Front, case: ToMatch, language: str) -> Page:
    """The best teams without who was asked and who works there, in the reader's language."""
    without = await asked_before(front, case.id) | await staff_of(front, case)
    teams = rank(case, await front.pool.on(front.today()), without)
    names = await names_of(front, teams)
    items = [told(team, names, language) for team in teams]
    body = orjson.dumps({"items": items, "next": None})
    return Page(body, digest(body))


async def asked_before(front: Front, mentorship_id: str) -> set[str]:
    """Who was asked about the case already, alone or as a partner."""
    offers = await front.store.find("offers", {"mentorship_id": {"$eq": mentorship_id}})
    asked = [offer for offer in offers if offer["state"] != "withdrawn"]
    return {one for offer in asked for one in (offer["mentor_id"], offer["partner_id"]) if one}


async def staff_of(front: Front, case: ToMatch) -> set[str]:
    """Who works at the institution: nobody mentors his own house."""
    wanted = {"institution_id": {"$eq": case.institution_id}}
    return {one["_id"] for one in await front.store.find("members", wanted)}


async def names_of(front: Front, teams: Iterable[Team]) -> dict[str, str]:
    """The names of all who are suggested; one read."""
    wanted = sorted({one for team in teams for one in team.ids})
    found = await front.store.find("members", {"_id": {"$in": wanted}})
    return {one["_id"]: one["entry"]["name"] for one in found if one.get("entry")}


def told(team: Team, names: Mapping[str, str], language: str) -> dict[str, Any]:
    """A suggestion in the language of the reader."""
    lead, partner = team.lead.candidate.id, team.partner.candidate.id if team.partner else None
    return {
        "mentor_id": lead,
        "partner_id": partner,
        "names": [names[one] for one in (lead, partner) if one and one in names],
        "cost": team.cost,
        "open_needs": team.open_needs,
        "reasons": [{"code": one.code, "text": one.text(language)} for one in team.reasons],
    }
