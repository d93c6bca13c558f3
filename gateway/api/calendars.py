"""Calendars behind tokens: opened, revoked, and read by any calendar program."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from falcon.asgi import Request, Response

from chassis import clock
from chassis.schema import schema_of
from contracts import common
from contracts.events import commands
from gateway.api.event_shapes import CalendarFeed, OpenedFeed
from gateway.api.shapes import page_of
from gateway.asked import Asked
from gateway.asks import asks, nothing_more
from gateway.describe import Access, Operation, Success, described
from gateway.listing import Listing, Scope, eyes
from gateway.pages import Page
from gateway.problems import Problem
from gateway.query import Parameter, read_query
from gateway.question import Reply
from gateway.reads import READ_HEADERS, digest, lists, write_page
from gateway.resource import Resource
from gateway.shown import FEED, Shown, seen
from gateway.viewer import Viewer
from gateway.views.change import Document
from gateway.visit_plan import is_for, plan

TAG = "Calendars"
ICS = "text/calendar; charset=utf-8"
LISTING = Listing(
    view="feeds",
    fields=("feed",),
    item=lambda document, _: document["feed"],
    sorts={"created_at": "created_at"},
    default="-created_at",
)
TOKEN = Parameter(
    name="token",
    about="The token that was told when the calendar was opened.",
    required=True,
)
READ = Operation(
    summary="A calendar, for calendar programs",
    tag=TAG,
    access=Access.PUBLIC,
    success=Success(
        about="iCalendar (RFC 5545).",
        schema={"type": "string"},
        content_type="text/calendar",
        headers=READ_HEADERS,
    ),
    query={"token": TOKEN},
    problems=(404, 503),
    conditional=True,
)
STATUS = {
    "confirmed": "CONFIRMED",
    "attended": "CONFIRMED",
    "no_show": "CONFIRMED",
    "waiting": "TENTATIVE",
    "offered": "TENTATIVE",
    "cancelled": "CANCELLED",
    "asked": "TENTATIVE",
    "refused": "CANCELLED",
}
PAST_SECONDS = 365 * 24 * 3600
MOST_EVENTS = 1000


def mine(viewer: Viewer, _: Mapping[str, Any]) -> Scope:
    """One's own calendars."""
    return Scope(view="feeds", query={"member_id": {"$eq": viewer.member_id}})


class Collection(Resource):
    """`/v1/calendar-feeds`"""

    on_get = lists(
        LISTING,
        summary="One's own calendars",
        tag=TAG,
        answer=page_of(schema_of(CalendarFeed)),
        access=Access.SIGNED_IN,
        scope=mine,
    )
    on_post = asks(
        commands.OpenCalendarFeed,
        summary="Open a calendar; its address is told once",
        tag=TAG,
        status=201,
        location="/v1/calendar-feeds",
        render=nothing_more,
        answer=schema_of(OpenedFeed),
        example={"scope": "area", "area": "35.71"},
    )


def revoked(asked: Asked, reply: Reply) -> Shown:
    """The calendar without its digest."""
    told = {name: part for name, part in reply.result.items() if name != "token_digest"}
    return Shown(body=told, etag=str(told["version"]))


class Item(Resource):
    """`/v1/calendar-feeds/{id}`"""

    on_delete = asks(
        commands.RevokeCalendarFeed,
        summary="The address opens nothing any more",
        tag=TAG,
        path={"feed_id": "id"},
        kind=FEED,
        render=revoked,
        answer=schema_of(CalendarFeed),
    )


class File(Resource):
    """`/v1/calendar.ics`"""

    async def show(self, req: Request, resp: Response) -> None:
        """The calendar of a token, as its owner would see it today."""
        from gateway.ical import calendar  # only workers that serve calendars carry the library

        await self.front.admit(req, READ)
        feed = await self._feed(read_query(req, READ.query)["token"])
        settings = self.front.settings
        viewer = await self.front.viewers.load(feed["member_id"], self.front.today())
        body = calendar(title(feed), settings.region, await self._entries(feed, viewer))
        write_page(self.front, req, resp, Page(body, digest(body)), private=True)
        resp.content_type = ICS

    on_get = described(show, READ)

    async def _feed(self, token: str) -> dict[str, Any]:
        """The calendar that a token opens; raises Problem (404)."""
        wanted = {"token_digest": {"$eq": hashlib.sha256(token.encode()).hexdigest()}}
        for found in await self.front.store.find("feeds", wanted, 1):
            feed: dict[str, Any] = found["feed"]
            if not feed["revoked"]:
                return feed
        raise Problem(common.NOT_FOUND)

    async def _entries(
        self, feed: Mapping[str, Any], viewer: Viewer
    ) -> list[tuple[dict[str, Any], str]]:
        """Events with their status: one's own by registration, the others as announced."""
        if feed["scope"] == "member":
            return [*await self._agenda(feed["member_id"]), *await self._visits(viewer)]
        since = clock.later(clock.now(), -PAST_SECONDS)
        query = {**eyes(viewer), "starts_at": {"$gte": since}, "hidden": {"$ne": True}}
        if feed["scope"] == "area":
            query["areas"] = {"$eq": feed["area"]}
        found = await self.front.store.find("calendar", query, MOST_EVENTS)
        events = sorted_events(found)
        return [(event, "CONFIRMED") for event in events if event["published_at"]]

    async def _agenda(self, member_id: str) -> list[tuple[dict[str, Any], str]]:
        store = self.front.store
        mine = await store.find("agenda", {"member_id": {"$eq": member_id}}, MOST_EVENTS)
        status = {one["event_id"]: STATUS[one["state"]] for one in sorted(mine, key=by_creation)}
        found = await store.find("calendar", {"_id": {"$in": sorted(status)}})
        return [(event, status[event["id"]]) for event in sorted_events(found)]

    async def _visits(self, viewer: Viewer) -> list[tuple[dict[str, Any], str]]:
        """Visits planned in cases that the member accompanies, or for which he is to be called."""
        own: list[Document] = [
            {name: {"$eq": viewer.member_id}} for name in ("mentor_id", "partner_id")
        ]
        if viewer.institution_id:
            own.append({"institution_id": {"$eq": viewer.institution_id}})
        found = await self.front.store.find("cases", {"$or": own}, MOST_EVENTS)
        person = await self.front.store.get("members", str(viewer.member_id), ["member"])
        if person is None:
            return []
        cases = [one["mentorship"] for one in found if seen(one, viewer)]
        timezone = self.front.settings.timezone
        mine = sorted(filter(lambda one: is_for(one, person["member"]), cases), key=by_creation)
        return [visit for case in mine for visit in plan(case, timezone)]


def by_creation(document: Mapping[str, Any]) -> str:
    """The order of what was made; of several registrations for one event the newest counts."""
    return str(document["created_at"])


def sorted_events(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events of calendar documents, by when they begin."""
    events = [orjson.loads(document["body"]) for document in documents if document.get("body")]
    return sorted(events, key=lambda event: (event["starts_at"], event["id"]))


def title(feed: Mapping[str, Any]) -> str:
    """What calendar programs call it."""
    return f"Jejaring {feed['area']}" if feed["area"] else "Jejaring"
