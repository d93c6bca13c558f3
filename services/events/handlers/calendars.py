"""Calendars behind a token: opened and revoked by their owner (source: features D13)."""

from chassis import clock
from contracts.events import commands, states
from services.events.errors import FeedInvalid, FeedUnknown
from services.events.handlers import who
from services.events.model import calendar_feed
from services.events.model.ports import Work


def open_calendar_feed(work: Work, command: commands.OpenCalendarFeed) -> dict[str, str]:
    """`{"id", "url"}`; the token in the address is told this once and not kept."""
    me = who.actor(work)
    if (command.scope == "area") != (command.area is not None):
        raise FeedInvalid("an area, and only for a calendar of one", pointer="/area")
    area = who.usable_area(work, command.area) if command.area else None
    token, feed_id = calendar_feed.new_token(), clock.new_id()
    fact = calendar_feed.open_feed(
        feed_id, work.region, work.now, token, me.id, command.scope, area
    )
    work.record(fact)
    return {"id": feed_id, "url": f"{work.policy.public_url}/v1/calendar.ics?token={token}"}


def revoke_calendar_feed(work: Work, command: commands.RevokeCalendarFeed) -> states.CalendarFeed:
    """The owner, or an officer, closes it; what is closed stays closed."""
    asks = who.authority(work)
    found = work.calendar_feeds.get(command.feed_id)
    if found is None or not (asks.is_officer or found.member_id == asks.member.id):
        raise FeedUnknown(f"there is no calendar {command.feed_id} of yours")
    fact = calendar_feed.revoke(work.to_change(found), work.now)
    if fact:
        work.record(fact)
    return fact.calendar_feed if fact else found


def forget_member(work: Work, member_id: str) -> None:
    """He left: his calendars open nothing any more."""
    revoked = (
        calendar_feed.revoke(found, work.now) for found in work.calendar_feeds.of_member(member_id)
    )
    work.record_many([fact for fact in revoked if fact])
