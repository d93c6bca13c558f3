"""Series: events that come again by a rule."""

from chassis.schema import schema_of
from contracts.events import commands, states
from gateway.api.institutions import AREA
from gateway.api.shapes import page_of
from gateway.asks import asks
from gateway.describe import Access
from gateway.listing import Listing, as_shown, for_eyes
from gateway.reads import lists, shows
from gateway.resource import Resource
from gateway.shown import SERIES

TAG = "Events"
SCHEMA = schema_of(states.Series)
LISTING = Listing(
    view="series",
    fields=SERIES.fields,
    item=as_shown(SERIES),
    sorts={"title": "order", "updated_at": "updated_at"},
    default="title",
    filters=(AREA,),
)


class Collection(Resource):
    """`/v1/event-series`"""

    on_get = lists(
        LISTING,
        summary="Events that come again",
        tag=TAG,
        answer=page_of(SCHEMA),
        access=Access.ACTIVE,
        scope=for_eyes("series"),
    )
    on_post = asks(
        commands.PlanSeries,
        summary="Plan a series by an RFC 5545 rule; each date begins as a draft",
        tag=TAG,
        status=201,
        location="/v1/event-series/{id}",
        kind=SERIES,
        answer=SCHEMA,
        deadline_seconds=15.0,
        example={
            "title": "Gathering bulanan",
            "kind": "gathering",
            "area": "35.71",
            "topics": ["Otomasi perpustakaan"],
            "rule": "FREQ=MONTHLY;BYDAY=4TH",
            "starts_at": "2026-12-24T02:00:00Z",
            "ends_at": "2026-12-24T05:00:00Z",
            "dates": 6,
        },
    )


class Item(Resource):
    """`/v1/event-series/{id}`"""

    on_get = shows(SERIES, summary="One series", tag=TAG, answer=SCHEMA, access=Access.ACTIVE)


class Ending(Resource):
    """`/v1/event-series/{id}/end`"""

    on_post = asks(
        commands.EndSeries,
        summary="No more dates",
        tag=TAG,
        path={"series_id": "id"},
        kind=SERIES,
        answer=SCHEMA,
        matched=True,
        example={"reason": "Diganti jadwal baru"},
    )
