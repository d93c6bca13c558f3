"""Calendar feeds: a token told once, kept as a digest, and closed by its owner."""

from hashlib import sha256

import pytest

from contracts.events import commands
from services.events.errors import AreaInvalid, FeedInvalid, FeedUnknown
from services.events.handlers import calendars
from services.events.handlers.calendars import open_calendar_feed, revoke_calendar_feed
from tests.support.events import a_region


def opened(work, by="ayu", **fields):
    return open_calendar_feed(
        work.by(by), commands.OpenCalendarFeed(**{"scope": "member", **fields})
    )


def revoked(work, id, by="ayu"):
    return revoke_calendar_feed(work.by(by), commands.RevokeCalendarFeed(feed_id=id))


def test_the_token_is_told_once_and_only_its_digest_is_kept():
    work = a_region()

    answer = opened(work)

    address, _, token = answer["url"].partition("?token=")
    kept = work.calendar_feeds.get(answer["id"])
    assert address == "https://kediri.example/v1/calendar.ics"
    assert kept.token_digest == sha256(token.encode()).hexdigest()
    assert token not in repr(kept)
    assert (kept.member_id, kept.scope, kept.area) == ("ayu", "member", None)


def test_a_calendar_of_an_area_names_one_of_the_region():
    work = a_region()

    assert work.calendar_feeds.get(opened(work, scope="area", area="35.71")["id"]).area == "35.71"
    with pytest.raises(FeedInvalid):
        opened(work, scope="area")
    with pytest.raises(FeedInvalid):
        opened(work, scope="region", area="35.71")
    with pytest.raises(AreaInvalid):
        opened(work, scope="area", area="33.74")


def test_the_owner_and_officers_close_it_and_nobody_else():
    work = a_region()
    mine, other = opened(work)["id"], opened(work)["id"]

    with pytest.raises(FeedUnknown):
        revoked(work, mine, by="budi")
    with pytest.raises(FeedUnknown):
        revoked(work, "f9")
    assert revoked(work, mine).revoked is True
    assert revoked(work, mine).version == 2
    assert revoked(work, other, by="sari").revoked is True


def test_of_who_left_no_calendar_opens():
    work = a_region()
    mine = opened(work)["id"]

    calendars.forget_member(work, "ayu")

    assert work.calendar_feeds.get(mine).revoked is True
