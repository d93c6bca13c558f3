"""How one wants to be told: channels in order, categories, quiet hours, digests, language."""

from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from falcon.asgi import Request, Response

from chassis import clock
from chassis.schema import schema_of
from contracts.notifications import commands, states
from contracts.types import UNSET, Id, Instant, Many, Number, Unset
from gateway.asks import asks, nothing_more
from gateway.describe import Access, Operation, Success, described
from gateway.pages import Page
from gateway.query import read_query
from gateway.reads import READ_HEADERS, answer_page
from gateway.resource import Resource
from gateway.shown import PREFERENCES

TAG = "Notifications"
SCHEMA = schema_of(states.Preferences)
ABOUT = (
    f"They. `categories` has of {', '.join(states.CATEGORIES)} what is not as by default (on), by "
    f"channel: one of `channels`, or `inbox`; {' and '.join(states.ESSENTIAL)} are always on."
)
READ = Operation(
    summary="How one wants to be told; defaults until one said otherwise",
    tag=TAG,
    access=Access.SIGNED_IN,
    success=Success(about=ABOUT, schema=SCHEMA, headers=READ_HEADERS),
    problems=(503,),
    conditional=True,
)


@dataclass(frozen=True, kw_only=True)
class PreferencesForm(commands.SetPreferences):
    """Wishes, perhaps as they were read: what only a read tells is not minded."""

    id: Id | Unset = UNSET
    version: Annotated[int, Number(least=0, most=2**31)] | Unset = UNSET
    region: Id | Unset = UNSET
    created_at: Instant | Unset = UNSET
    updated_at: Instant | Unset = UNSET
    connected: Annotated[tuple[states.OutsideChannel, ...], Many(most=5)] | Unset = UNSET


class Item(Resource):
    """`/v1/notification-preferences`"""

    async def show(self, req: Request, resp: Response) -> None:
        """One's own, or what holds for who never said anything."""
        viewer = await self.front.admit(req, READ)
        assert viewer.member_id is not None

        async def live() -> Page:
            read_query(req, {})
            found = await self.front.store.get("preferences", viewer.member_id or "")
            told = found["preferences"] if found else await self._defaults(viewer.member_id or "")
            return Page(orjson.dumps(told), str(told["version"]))

        await answer_page(self.front, req, resp, None, live)

    async def _defaults(self, member_id: str) -> dict[str, Any]:
        """Version 0, since nothing is stored: `If-Match: "0"` asks that it is still so."""
        found = (await self.front.store.get("members", member_id, ["member"])) or {}
        member, settings = found.get("member") or {}, self.front.settings
        joined = member.get("created_at", clock.now())
        return {
            "id": member_id,
            "version": 0,
            "region": settings.region,
            "created_at": joined,
            "updated_at": joined,
            **states.unsaid(
                language=member.get("language", "id"),
                timezone=settings.timezone,
                quiet_hours=states.hours(settings.quiet_hours),
            ),
        }

    on_get = described(show, READ)
    on_put = asks(
        commands.SetPreferences,
        summary="Say how one wants to be told",
        tag=TAG,
        form=PreferencesForm,
        kind=PREFERENCES,
        answer=SCHEMA,
        matched=True,
        example={
            "language": "id",
            "channels": ["telegram", "email"],
            "categories": {"news": {"email": False}},
            "quiet_hours": {"from": "21:00", "to": "05:00"},
            "digest": "daily",
            "timezone": "Asia/Makassar",
        },
    )


class Channel(Resource):
    """`/v1/notification-channels/{channel}`"""

    on_put = asks(
        commands.ConnectChannel,
        summary="Say where a channel reaches one; for Telegram the answer has a link to tap",
        tag=TAG,
        path={"channel": "channel"},
        render=nothing_more,
        answer={
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "properties": {
                "link": {"type": "string", "format": "uri"},
                "preferences": SCHEMA,
            },
        },
        example={"address": "0812 3456 7890"},
    )
    on_delete = asks(
        commands.DisconnectChannel,
        summary="Forget where a channel reaches one",
        tag=TAG,
        path={"channel": "channel"},
        kind=PREFERENCES,
        answer=SCHEMA,
    )
