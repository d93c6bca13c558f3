"""The delivery ledger: what went over which channel, and sending again what failed."""

from collections.abc import Mapping
from typing import Any

from chassis.schema import schema_of
from contracts.notifications import commands, states
from gateway.api.shapes import page_of
from gateway.asked import ID
from gateway.asks import asks
from gateway.describe import Access
from gateway.listing import Listing, Scope
from gateway.query import Parameter
from gateway.reads import lists
from gateway.resource import Resource
from gateway.viewer import Viewer

TAG = "Deliveries"
SCHEMA = schema_of(states.Delivery)
LISTING = Listing(
    view="deliveries",
    fields=("delivery",),
    item=lambda document, _: document["delivery"],
    sorts={"updated_at": "updated_at"},
    default="-updated_at",
    filters=(
        Parameter(
            name="state", about="In this state.", one_of=states.DELIVERY_STATES, field="state"
        ),
        Parameter(
            name="channel", about="Over this channel.", one_of=states.CHANNELS, field="channel"
        ),
        Parameter(name="member_id", about="To this member.", pattern=ID.pattern, field="member_id"),
        Parameter(
            name="fact_id", about="Because of this fact.", pattern=ID.pattern, field="fact_id"
        ),
        Parameter(name="kind", about="Notices of this kind.", pattern=r"[a-z0-9_]+", field="kind"),
    ),
)


def whose(viewer: Viewer, _: Mapping[str, Any]) -> Scope:
    """All for the operator; one's own sends, and what was sent to oneself, for anybody else."""
    if viewer.operator:
        return Scope(view="deliveries", query={})
    me = {"$eq": viewer.member_id}
    return Scope(view="deliveries", query={"$or": [{"sender_id": me}, {"member_id": me}]})


class Collection(Resource):
    """`/v1/deliveries`"""

    on_get = lists(
        LISTING,
        summary="The ledger: one's own sends, or all for the operator",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.SIGNED_IN,
        scope=whose,
    )


class Requeue(Resource):
    """`/v1/deliveries/{id}/requeue`"""

    on_post = asks(
        commands.RequeueDelivery,
        summary="Send a failed delivery again, or an unknown one, which may arrive twice",
        tag=TAG,
        path={"delivery_id": "id"},
        answer=SCHEMA,
        example={"confirm": True},
    )
