"""Where cases are and what followed from them: the map, and the lineage of a pilot."""

from collections.abc import Mapping
from typing import Any

import orjson
from falcon.asgi import Request, Response

from gateway.api.mentorships import LISTING, TAG, must_see
from gateway.api.shapes import page_of
from gateway.describe import Access, Operation, Success, described
from gateway.listing import Listing, Reading, Scope, eyes
from gateway.pages import Page
from gateway.query import read_query
from gateway.reads import READ_HEADERS, answer_page, digest, lists
from gateway.resource import Resource
from gateway.shown import CASE, seen
from gateway.viewer import Viewer
from gateway.views.change import Document

GEO_JSON = "application/geo+json"


def followers(_: Viewer, given: Mapping[str, Any]) -> Scope:
    """The cases that followed from one."""
    return Scope(view="cases", query={"follows_id": {"$eq": given["id"]}})


def facts_of(document: Document) -> dict[str, Any]:
    """What lineage and map show of a case: the institution and how far it is."""
    case = document["mentorship"]
    names = ("id", "institution_id", "institution_name", "area", "state", "stage", "progress")
    return {name: case[name] for name in names}


def place(document: Document, viewer: Viewer) -> dict[str, Any]:
    """An institution that followed; where it is told to who may know of its case."""
    case, may_know = document["mentorship"], seen(document, viewer)
    where = {name: case[name] if may_know else None for name in ("latitude", "longitude")}
    return {**facts_of(document), **where}


def feature(document: Document, _: Viewer) -> dict[str, Any]:
    """A case as GeoJSON has it (RFC 7946): longitude first."""
    case = document["mentorship"]
    point = {"type": "Point", "coordinates": [case["longitude"], case["latitude"]]}
    known = {**facts_of(document), "href": f"/v1/mentorships/{case['id']}"}
    return {"type": "Feature", "id": case["id"], "geometry": point, "properties": known}


FACTS = {
    **{
        name: {"type": "string"}
        for name in ("id", "institution_id", "institution_name", "area", "state", "stage")
    },
    "progress": {"type": "integer"},
}
PLACE = {
    "type": "object",
    "required": list(FACTS),
    "properties": {
        **FACTS,
        "latitude": {"type": ["number", "null"]},
        "longitude": {"type": ["number", "null"]},
    },
}
FEATURE = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {
            "type": "object",
            "required": ["type", "coordinates"],
            "properties": {
                "type": {"type": "string", "enum": ["Point"]},
                "coordinates": {"type": "array", "items": {"type": "number"}},
            },
        },
        "properties": {
            "type": "object",
            "required": [*FACTS, "href"],
            "properties": {**FACTS, "href": {"type": "string"}},
        },
    },
}
COLLECTION = {
    "type": "object",
    "required": ["type", "features", "next"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": FEATURE},
        "next": {"type": ["string", "null"], "description": "The cursor of the next page."},
    },
}
PLACES = Listing(
    view="cases",
    fields=CASE.fields,
    item=feature,
    sorts={"updated_at": "updated_at"},
    default="-updated_at",
    filters=LISTING.filters,
)
READ = Operation(
    summary="Where the cases are that one may know of, as GeoJSON",
    tag=TAG,
    access=Access.SIGNED_IN,
    success=Success(
        about="A page of the map; cases without coordinates are not on it.",
        schema=COLLECTION,
        content_type=GEO_JSON,
        headers=READ_HEADERS,
    ),
    query=PLACES.parameters,
    problems=(503,),
    conditional=True,
)


class Lineage(Resource):
    """`/v1/mentorships/{id}/lineage`"""

    on_get = lists(
        Listing(
            view="cases",
            fields=CASE.fields,
            item=place,
            sorts={"created_at": "created_at"},
            default="created_at",
        ),
        summary="Institutions that followed from this one",
        tag=TAG,
        answer=page_of(PLACE),
        access=Access.SIGNED_IN,
        scope=followers,
        guard=must_see,
    )


class Map(Resource):
    """`/v1/mentorships/map`"""

    async def show(self, req: Request, resp: Response) -> None:
        """A page of features."""
        viewer = await self.front.admit(req, READ)

        async def live() -> Page:
            given = read_query(req, READ.query)
            shown = Scope(view="cases", query={**eyes(viewer), "placed": True})
            reading = Reading(listing=PLACES, viewer=viewer, given=given, scope=shown)
            features, following = await reading.items(self.front)
            told = {"type": "FeatureCollection", "features": features, "next": following}
            body = orjson.dumps(told)
            return Page(body, digest(body))

        await answer_page(self.front, req, resp, None, live)
        resp.content_type = GEO_JSON

    on_get = described(show, READ)
