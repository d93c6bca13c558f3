"""Where cases are and what followed from them: the map, and the lineage of a pilot."""

from collections.abc import Mapping
from typing import Any

from gateway.api.mentorships import LISTING, TAG, must_see
from gateway.api.shapes import page_of
from gateway.describe import Access
from gateway.reads import Listing, Scope, for_eyes, lists
from gateway.resource import Resource
from gateway.shown import CASE
from gateway.viewer import Viewer
from gateway.views.change import Document


def followers(_: Viewer, given: Mapping[str, Any]) -> Scope:
    """The cases that followed from one."""
    return Scope(view="cases", query={"follows_id": {"$eq": given["id"]}})


def place(document: Document, _: Viewer) -> dict[str, Any]:
    """What lineage and map show of a case: the institution and how far it is."""
    case = document["mentorship"]
    names = ("id", "institution_id", "institution_name", "area", "state", "stage", "progress")
    return {name: case[name] for name in (*names, "latitude", "longitude")}


PLACE = {
    "type": "object",
    "required": ["id", "institution_id", "institution_name", "area", "state", "stage", "progress"],
    "properties": {
        **{
            name: {"type": "string"}
            for name in ("id", "institution_id", "institution_name", "area", "state", "stage")
        },
        "progress": {"type": "integer"},
        "latitude": {"type": ["number", "null"]},
        "longitude": {"type": ["number", "null"]},
    },
}


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

    on_get = lists(
        Listing(
            view="cases",
            fields=CASE.fields,
            item=place,
            sorts={"updated_at": "updated_at"},
            default="-updated_at",
            filters=LISTING.filters,
        ),
        summary="Where the cases are, with coordinates",
        tag=TAG,
        answer=page_of(PLACE),
        access=Access.SIGNED_IN,
        scope=for_eyes("cases"),
    )
