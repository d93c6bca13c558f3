"""Competency frameworks: the five areas, in both languages."""

from chassis.schema import schema_of
from contracts.members import states
from gateway.api.shapes import page_of
from gateway.listing import Listing, rendered
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import FRAMEWORK

TAG = "Competencies"
SCHEMA = schema_of(states.Framework)
LISTING = Listing(
    view="frameworks",
    fields=("body",),
    item=rendered,
    sorts={"updated_at": "updated_at"},
    default="-updated_at",
)


class Collection(Resource):
    """`/v1/competency-frameworks`"""

    on_get = lists(LISTING, summary="The published frameworks", tag=TAG, answer=page_of(SCHEMA))


class Item(Resource):
    """`/v1/competency-frameworks/{id}`"""

    on_get = shows(FRAMEWORK, summary="One framework", tag=TAG, answer=SCHEMA)
