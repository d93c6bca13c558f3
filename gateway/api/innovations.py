"""Innovations: what members made, found by kind and version, here and in other regions."""

from chassis.schema import schema_of
from contracts.members import commands, states
from gateway.api.institutions import AREA, REGION, WORDS
from gateway.api.shapes import page_of
from gateway.asks import asks, steps
from gateway.listing import Listing, as_shown, for_eyes
from gateway.query import Parameter, flag
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import INNOVATION

TAG = "Innovations"
SCHEMA = schema_of(states.Innovation)
LISTING = Listing(
    view="innovations",
    fields=INNOVATION.fields,
    item=as_shown(INNOVATION),
    sorts={"updated_at": "updated_at", "created_at": "created_at", "title": "order"},
    default="-updated_at",
    filters=(
        Parameter(name="kind", about="Of this kind.", one_of=states.INNOVATION_KINDS, field="kind"),
        AREA,
        REGION,
        Parameter(
            name="slims_version",
            about="For this version of SLiMS, or one of its minor versions: 9.6 finds 9.6.1 too.",
            pattern=r"\d{1,2}(\.\d{1,3}){0,3}",
            longest=20,
            field="versions",
        ),
        Parameter(
            name="status",
            about="How far it came.",
            one_of=states.INNOVATION_STATUSES,
            field="status",
        ),
        flag("withdrawn", "Only those withdrawn, or only the others.", "withdrawn"),
        WORDS,
    ),
)
act = steps(INNOVATION, {"innovation_id": "id"}, tag=TAG)


class Collection(Resource):
    """`/v1/innovations`"""

    on_get = lists(
        LISTING,
        summary="What members made; public ones for everybody",
        tag=TAG,
        answer=page_of(SCHEMA),
        scope=for_eyes("innovations", hidden={"$ne": True}),
    )
    on_post = asks(
        commands.RegisterInnovation,
        summary="Enter what one made, alone or together",
        tag=TAG,
        status=201,
        location="/v1/innovations/{id}",
        kind=INNOVATION,
        answer=SCHEMA,
        example={
            "title": "Plug-in cetak label",
            "summary": "Mencetak label punggung buku",
            "kind": "plugin",
            "origin": "individual",
            "authors": [{"name": "Siti Aminah"}],
            "status": "shared",
            "slims_versions": ["9.6.1"],
            "licence": "GPL-3.0-or-later",
        },
    )


class Item(Resource):
    """`/v1/innovations/{id}`"""

    on_get = shows(INNOVATION, summary="One innovation", tag=TAG, answer=SCHEMA)
    on_patch = act(commands.ChangeInnovation, "Change an innovation")


class Withdrawal(Resource):
    """`/v1/innovations/{id}/withdraw`"""

    on_post = act(commands.WithdrawInnovation, "Offer an innovation no more")
