"""Putting a notice in line for the channel that is tried first, or next."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from contracts.notifications import facts, states
from services.notifications.model import preferences, quiet
from services.notifications.model.delivery import queue
from services.notifications.model.known import KnownMember
from services.notifications.model.outgoing import Item, Outgoing
from services.notifications.model.ports import Work

Queued = tuple[facts.DeliveryQueued, Outgoing]


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A member and how he wants to be told."""

    member: KnownMember
    preferences: states.Preferences

    def awake(self, at: str) -> str:
        """The first instant from then on at which he may be disturbed."""
        said = self.preferences
        return quiet.awake(at, said.quiet_hours, said.timezone)


def recipients(work: Work, ids: Iterable[str]) -> dict[str, Recipient]:
    """The members that were heard of, with their wishes, by id; two queries."""
    members = work.members.many(ids)
    said = {p.id: p for p in work.preferences.many([member.id for member in members])}
    return {
        member.id: Recipient(
            member=member,
            preferences=said.get(member.id)
            or preferences.default(member, work.policy, work.now, work.region),
        )
        for member in members
    }


def queued(
    work: Work,
    notice: states.Notice,
    to: Recipient,
    *,
    tried: Collection[str] = (),
    digest_now: bool = False,
    **more: Any,
) -> Queued | None:
    """The first channel that was not tried; None when no other reaches him.

    What can wait goes into the digest of its window; after a digest failed, its items go on
    together at once (`digest_now`).
    """
    ways = preferences.ways(to.member, to.preferences, notice.category, work.policy)
    channel = next((way for way in ways if way not in tried), None)
    if channel is None:
        return None
    digest = digest_now or _waits(notice, to.preferences)
    due = work.now if digest_now or not digest else _window(work.now, to.preferences)
    due = due if notice.urgent else to.awake(due)
    fact = queue(notice, channel, work.now, due_at=due, digest=digest, **more)
    return fact, outgoing(fact.delivery, notice, due)


def _waits(notice: states.Notice, said: states.Preferences) -> bool:
    essential = notice.category in states.ESSENTIAL
    return said.digest != states.DEFAULT_DIGEST and not notice.urgent and not essential


def _window(now: str, said: states.Preferences) -> str:
    return quiet.window_end(now, said.digest, said.timezone)


def outgoing(delivery: states.Delivery, notice: states.Notice, due_at: str) -> Outgoing:
    """The message of a delivery; one message for all of a member's digest."""
    digest = f"digest:{delivery.member_id}:{delivery.channel}:{due_at}"
    return Outgoing(
        id=digest if delivery.digest else delivery.id,
        channel=delivery.channel,
        member_id=delivery.member_id,
        category=notice.category,
        due_at=due_at,
        items=(Item(delivery_id=delivery.id, notice_id=notice.id),),
        urgent=notice.urgent,
        digest=delivery.digest,
    )
