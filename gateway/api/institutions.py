"""Institutions: schools, libraries and reading gardens in the register."""

from chassis.schema import schema_of
from contracts.members import commands, states
from contracts.types import AREA_PATTERN, CODE_PATTERN, NPSN_PATTERN
from gateway.api.shapes import page_of
from gateway.asks import asks
from gateway.listing import Listing, rendered
from gateway.query import Parameter
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import INSTITUTION

TAG = "Institutions"
SCHEMA = schema_of(states.Institution)
AREA = Parameter(name="area", about="In this area.", pattern=AREA_PATTERN, longest=40, field="area")
REGION = Parameter(
    name="region",
    about="Of this region, which may be another one.",
    pattern=r"[a-z0-9][a-z0-9-]{0,39}",
    field="region",
)
WORDS = Parameter(
    name="q", about="All of these words, or beginnings of words.", longest=100, field="words"
)
LISTING = Listing(
    view="institutions",
    fields=("body",),
    item=rendered,
    sorts={"name": "order", "updated_at": "updated_at"},
    default="name",
    filters=(
        AREA,
        Parameter(
            name="kind", about="Of this kind.", one_of=states.INSTITUTION_KINDS, field="kind"
        ),
        Parameter(name="level", about="Of this level.", one_of=states.LEVELS, field="level"),
        Parameter(
            name="status",
            about="State or private.",
            one_of=("Negeri", "Swasta"),
            field="status",
        ),
        Parameter(name="npsn", about="With this NPSN.", pattern=NPSN_PATTERN, field="npsn"),
        Parameter(
            name="district_code",
            about="In this district.",
            pattern=CODE_PATTERN,
            field="district_code",
        ),
        WORDS,
    ),
)


class Collection(Resource):
    """`/v1/institutions`"""

    on_get = lists(LISTING, summary="Find institutions", tag=TAG, answer=page_of(SCHEMA))
    on_post = asks(
        commands.RegisterInstitution,
        summary="Register an institution",
        tag=TAG,
        status=201,
        location="/v1/institutions/{id}",
        kind=INSTITUTION,
        answer=SCHEMA,
        example={"name": "SMAN 1 Kediri", "kind": "school", "level": "SMA", "area": "35.71"},
    )


class Item(Resource):
    """`/v1/institutions/{id}`"""

    on_get = shows(INSTITUTION, summary="One institution", tag=TAG, answer=SCHEMA)
    on_patch = asks(
        commands.ChangeInstitution,
        summary="Change an institution",
        tag=TAG,
        path={"institution_id": "id"},
        kind=INSTITUTION,
        answer=SCHEMA,
        matched=True,
    )
