"""Other regions: who we are to them, who they are to us, and what became of what was shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis import clock
from chassis.schema import schema_of
from contracts import common
from contracts.federation import commands, states
from gateway.api.institutions import REGION
from gateway.api.shapes import page_of
from gateway.asks import asks, steps
from gateway.describe import Access
from gateway.front import Front
from gateway.listing import Listing, Scope, as_shown
from gateway.problems import Problem
from gateway.query import Parameter
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import Kind, Shown
from gateway.shown.base import Document
from gateway.viewer import Viewer

TAG = "Federation"
OF_PEER = Parameter(name="peer", about="Of this region.", pattern=REGION.pattern, field="peer")
SILENT_SECONDS = 72 * 3600  # source: features I4


@dataclass(frozen=True, kw_only=True)
class ErasureShown(states.Erasure):
    """An erasure, and whether its peer has been silent for too long."""

    silent: bool


def may_look(viewer: Viewer) -> bool:
    """Officers decide, the operator runs it."""
    return viewer.officer or viewer.operator


async def must_look(front: Front, viewer: Viewer, _: Mapping[str, Any]) -> None:
    """Raise Problem (403) for anybody else."""
    if not may_look(viewer):
        raise Problem(common.FORBIDDEN, "for officers and the operator")


def whole(view: str, query: dict[str, Any]) -> Any:
    """The whole view, as far as the query says."""
    return lambda _viewer, _given: Scope(view=view, query=query)


def peer_shown(document: Document, viewer: Viewer) -> Shown | None:
    """A peer, for who may look."""
    if "peer" not in document or not may_look(viewer):
        return None
    return Shown(body=document["peer"], etag=str(document["peer"]["version"]))


def item_shown(document: Document, viewer: Viewer) -> Shown | None:
    """Something hidden, for who may look."""
    return Shown(body=document["item"], etag=str(document["version"])) if may_look(viewer) else None


def erasure_of(document: Document, _: Viewer) -> dict[str, Any]:
    """An erasure; silent when there is no receipt after 72 hours."""
    told = dict(document["erasure"])
    waited = clock.seconds_between(told["asked_at"], clock.now())
    return {**told, "silent": told["state"] == "asked" and waited > SILENT_SECONDS}


PEER = Kind(
    name="peer", view="peers", state=states.Peer, fields=("version", "peer"), show=peer_shown
)
ITEM = Kind(
    name="hidden_item",
    view="hidden",
    state=states.HiddenItem,
    fields=("version", "item"),
    show=item_shown,
)
PEER_SCHEMA, ITEM_SCHEMA = schema_of(states.Peer), schema_of(states.HiddenItem)
KEY = {"kid": "0190f3c1a2b3", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
about_peer = steps(PEER, {"peer_id": "id"}, tag=TAG)
about_item = steps(ITEM, {"item_id": "id"}, tag=TAG)


class Peers(Resource):
    """`/v1/federation/peers`"""

    on_get = lists(
        Listing(
            view="peers",
            fields=PEER.fields,
            item=as_shown(PEER),
            sorts={"id": "order"},
            default="id",
            filters=(
                Parameter(
                    name="state", about="In this state.", one_of=states.PEER_STATES, field="state"
                ),
            ),
        ),
        summary="The regions that this one knows",
        tag=TAG,
        answer=page_of(PEER_SCHEMA),
        access=Access.SIGNED_IN,
        scope=whole("peers", {"state": {"$ne": None}}),
        guard=must_look,
    )
    on_post = asks(
        commands.ProposePeer,
        summary="Enter another region and its key",
        tag=TAG,
        status=201,
        location="/v1/federation/peers/{id}",
        kind=PEER,
        answer=PEER_SCHEMA,
        example={"region": "semarang", "name": "Semarang", "key": KEY},
    )


class Peer(Resource):
    """`/v1/federation/peers/{id}`"""

    on_get = shows(PEER, summary="One region", tag=TAG, answer=PEER_SCHEMA, access=Access.SIGNED_IN)


class Approval(Resource):
    """`/v1/federation/peers/{id}/approve`"""

    on_post = about_peer(commands.ApprovePeer, "Approve a region")


class Blocking(Resource):
    """`/v1/federation/peers/{id}/block`"""

    on_post = about_peer(
        commands.BlockPeer,
        "Tell a region nothing, hear and show nothing of it",
        example={"reason": "Kunci bocor"},
    )


class Unblocking(Resource):
    """`/v1/federation/peers/{id}/unblock`"""

    on_post = about_peer(commands.UnblockPeer, "Let a region in again")


class Hidden(Resource):
    """`/v1/federation/hidden`"""

    on_get = lists(
        Listing(
            view="hidden",
            fields=ITEM.fields,
            item=as_shown(ITEM),
            sorts={"updated_at": "updated_at"},
            default="-updated_at",
            filters=(OF_PEER,),
        ),
        summary="What of other regions is not shown here",
        tag=TAG,
        answer=page_of(ITEM_SCHEMA),
        access=Access.SIGNED_IN,
        scope=whole("hidden", {"hidden": True}),
        guard=must_look,
    )


class Hiding(Resource):
    """`/v1/federation/items/{id}/hide`"""

    on_post = about_item(
        commands.HideItem,
        "Show an event of another region no more",
        example={"reason": "Bukan untuk pustakawan"},
    )


class Showing(Resource):
    """`/v1/federation/items/{id}/show`"""

    on_post = about_item(commands.ShowItem, "Show it again")


class Erasures(Resource):
    """`/v1/federation/erasures`"""

    on_get = lists(
        Listing(
            view="erasures",
            fields=("erasure",),
            item=erasure_of,
            sorts={"asked_at": "asked_at"},
            default="asked_at",
            filters=(
                Parameter(
                    name="state",
                    about="In this state.",
                    one_of=states.ERASURE_STATES,
                    field="state",
                ),
                OF_PEER,
            ),
        ),
        summary="What other regions were asked to erase, and who is silent",
        tag=TAG,
        answer=page_of(schema_of(ErasureShown)),
        access=Access.SIGNED_IN,
        scope=whole("erasures", {}),
        guard=must_look,
    )
