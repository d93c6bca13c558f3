"""The public states that notifications facts carry."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from contracts.aggregate import Aggregate
from contracts.members.states import Language, Role
from contracts.types import AreaId, Id, Instant, Line, Link, Many, Name, Number, Text

CHANNELS = ("inbox", "email", "telegram", "whatsapp", "web_push", "webhook")
OUTSIDE_CHANNELS = CHANNELS[1:]
CATEGORIES = (
    "registrations",
    "events",
    "topics",
    "coordination",
    "mentoring",
    "messages",
    "news",
    "account",
)
ESSENTIAL = ("registrations", "account")
DELIVERY_STATES = ("queued", "sent", "failed", "unknown")
DIGESTS = ("none", "daily", "weekly")
AUDIENCES = ("area", "role", "event")
DEFAULT_CHANNELS = ("email",)  # of whom has not said how he wants to be told
DEFAULT_DIGEST = "none"
TIME_OF_DAY = r"([01]\d|2[0-3]):[0-5]\d"

Channel = Annotated[str, Text(longest=10, one_of=CHANNELS)]
OutsideChannel = Annotated[str, Text(longest=10, one_of=OUTSIDE_CHANNELS)]
Category = Annotated[str, Text(longest=14, one_of=CATEGORIES)]
DeliveryState = Annotated[str, Text(longest=10, one_of=DELIVERY_STATES)]
Digest = Annotated[str, Text(longest=10, one_of=DIGESTS)]
NoticeKind = Annotated[str, Text(shortest=1, longest=60, pattern=r"[a-z0-9_]+")]
Subject = Annotated[str, Text(shortest=1, longest=200)]
Body = Annotated[str, Text(shortest=1, longest=4000)]
MessageText = Annotated[str, Text(shortest=1, longest=2000)]
Attempts = Annotated[int, Number(least=0, most=1000)]


@dataclass(frozen=True, kw_only=True)
class Notice(Aggregate):
    """Something one member is told, in his language; `about_kind` and `about_id` name its subject.

    `fact_id` is the fact it comes from, or the name of the reminder that fell due.
    """

    member_id: Id
    kind: NoticeKind
    category: Category
    title: Subject
    body: Body
    language: Language
    fact_id: Id
    urgent: bool = False
    link: Link | None = None
    about_kind: NoticeKind | None = None
    about_id: Id | None = None
    read_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class Delivery(Aggregate):
    """One row of the ledger: one notice over one channel; never an address.

    `unknown` was handed to the provider and not confirmed: only a person sends it again.
    """

    notice_id: Id
    kind: NoticeKind
    member_id: Id
    channel: Channel
    state: DeliveryState
    fact_id: Id
    attempts: Attempts = 0
    due_at: Instant | None = None
    sent_at: Instant | None = None
    reason: Line | None = None
    digest: bool = False
    sender_id: Id | None = None
    area: AreaId | None = None


@dataclass(frozen=True, kw_only=True)
class Preferences(Aggregate):
    """How a member wants to be told; `id` is the member's. Channels in the order to try.

    `categories` maps category to channel to whether; what is not named is as the default.
    Version 0 is shown of who never said.
    """

    version: Annotated[int, Number(least=0, most=2**31)]
    language: Language
    channels: Annotated[tuple[OutsideChannel, ...], Many(most=5)]
    categories: dict[str, dict[str, bool]]
    quiet_hours: dict[str, str] | None
    digest: Digest
    timezone: Annotated[str, Text(longest=40)]
    connected: Annotated[tuple[OutsideChannel, ...], Many(most=5)] = ()


@dataclass(frozen=True, kw_only=True)
class Announcement(Aggregate):
    """What a coordinator tells an area, the holders of a role, or an event's participants."""

    audience: Annotated[str, Text(longest=10, one_of=AUDIENCES)]
    title: Subject
    body: Body
    sent_by: Id
    recipients: int
    area: AreaId | None = None
    role: Role | None = None
    event_id: Id | None = None
    urgent: bool = False
    sender_name: Name | None = None


def unsaid(*, language: str, timezone: str, quiet_hours: dict[str, str] | None) -> dict[str, Any]:
    """How a member is told who never said how: the service goes by it, the gateway shows it."""
    return {
        "language": language,
        "channels": DEFAULT_CHANNELS,
        "categories": {},
        "quiet_hours": quiet_hours,
        "digest": DEFAULT_DIGEST,
        "timezone": timezone,
        "connected": (),
    }


def hours(text: str) -> dict[str, str] | None:
    """`21:00-05:00` as a member would say it, `off` as none; raises ValueError."""
    if text == "off":
        return None
    start, _, end = text.partition("-")
    if not (re.fullmatch(TIME_OF_DAY, start) and re.fullmatch(TIME_OF_DAY, end)) or start == end:
        raise ValueError(f"{text!r} is neither off nor like 21:00-05:00")
    return {"from": start, "to": end}
