"""Who fits a case: ranked from the views with reasons, by the rules that the service shares."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from falcon.asgi import Request, Response

from contracts import common
from contracts.codec import decode
from contracts.mentoring.matching import Candidate, Team, rank
from contracts.mentoring.states import Mentor, Mentorship
from gateway.api.mentorships import TAG, seen_case
from gateway.describe import Access, Operation, Success, described
from gateway.front import Front
from gateway.language import language_of
from gateway.pages import Page
from gateway.problems import Problem
from gateway.query import read_query
from gateway.reads import READ_HEADERS, answer_page, digest
from gateway.resource import Resource
from gateway.viewer import Viewer, in_force

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


class Collection(Resource):
    """`/v1/mentorships/{id}/mentor-suggestions`"""

    async def show(self, req: Request, resp: Response, id: str) -> None:
        """For the coordinators of the case's area."""
        viewer = await self.front.admit(req, READ)
        language = language_of(req.get_header("Accept-Language"))

        async def live() -> Page:
            read_query(req, {})
            case = await self._case(viewer, id)
            without = await asked_before(self.front, id) | await staff_of(self.front, case)
            teams = rank(case, await candidates(self.front), without)
            names = await names_of(self.front, teams)
            items = [told(team, names, language) for team in teams]
            body = orjson.dumps({"items": items, "next": None})
            return Page(body, digest(body))

        await answer_page(self.front, req, resp, None, live)

    async def _case(self, viewer: Viewer, mentorship_id: str) -> Mentorship:
        found = await seen_case(self.front, viewer, mentorship_id)
        case = decode(Mentorship, found["mentorship"])
        if not viewer.coordinates(case.area):
            raise Problem(common.FORBIDDEN, "for coordinators of the area")
        return case

    on_get = described(show, READ)


async def candidates(front: Front) -> list[Candidate]:
    """Mentors with a grant in force today, as they say of themselves."""
    granted = await front.store.find("appointments", {"role": "mentor", "state": "accepted"})
    mentors = {one.member_id for one in in_force(granted, front.today())}
    profiles = await front.store.find("mentors", {"_id": {"$in": sorted(mentors)}})
    pending = await front.store.find("offers", {"state": {"$eq": "offered"}})
    asked = Counter(
        one for offer in pending for one in (offer["mentor_id"], offer["partner_id"]) if one
    )
    known = (decode(Mentor, one["mentor"]) for one in profiles)
    return [candidate(mentor, asked[mentor.id]) for mentor in known]


def candidate(mentor: Mentor, asked: int) -> Candidate:
    """A mentor as matching sees him, with the offers that he has not answered yet."""
    return Candidate(
        id=mentor.id,
        background=mentor.background,
        skills=mentor.skills,
        area=mentor.area,
        available=mentor.available,
        capacity=mentor.capacity,
        load=mentor.load + asked,
        completed=mentor.completed,
        latitude=mentor.latitude,
        longitude=mentor.longitude,
    )


async def asked_before(front: Front, mentorship_id: str) -> set[str]:
    """Who was asked about the case already, alone or as a partner."""
    offers = await front.store.find("offers", {"mentorship_id": {"$eq": mentorship_id}})
    asked = [offer for offer in offers if offer["state"] != "withdrawn"]
    return {one for offer in asked for one in (offer["mentor_id"], offer["partner_id"]) if one}


async def staff_of(front: Front, case: Mentorship) -> set[str]:
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
