"""Who is told in the end, and how a channel becomes one's own."""

from dataclasses import replace

import pytest

from contracts.events import facts as events
from contracts.members import facts as members
from contracts.notifications import commands
from services.notifications.errors import (
    ChannelInvalid,
    Forbidden,
    LinkInvalid,
    NotYetKnown,
    UnsubscribeInvalid,
)
from services.notifications.handlers import channels, telling, wishes
from services.notifications.handlers.who import actor
from services.notifications.model import reminders, unsubscribe
from tests.support.gatherings import STARTS, a_registration, an_event, moved
from tests.support.members import NOW, a_member, later
from tests.support.told import MemoryTold

HOOK = commands.ConnectChannel(
    channel="webhook", address="https://x.example/", secret="0123456789abcdef"
)


@pytest.fixture
def work():
    """Ayu and her workshop are known; ayu asks."""
    return MemoryTold().knows(a_member("ayu"), an_event()).by("ayu")


def _from_telegram(text, **fields):
    plain = {"secret": "from the bot", "update_id": 1, "chat_id": "77"}
    return commands.HearTelegram(text=text, **{**plain, **fields})


def _started(work):
    """What the bot hears when the link of `work` is tapped."""
    link = channels.connect_channel(work, commands.ConnectChannel(channel="telegram"))["link"]
    return _from_telegram(f"/start {link.partition('start=')[2]}")


def test_who_is_not_heard_of_yet_is_told_later(work):
    fact = events.RegistrationConfirmed(registration=a_registration("budi"))

    with pytest.raises(NotYetKnown):
        telling.hear(work, fact, "f1")

    work.knows(a_member("budi"))
    telling.hear(work, fact, "f1")
    assert [n.member_id for n in work.notices.by_id.values()] == ["budi"]


@pytest.mark.parametrize(("seconds", "language"), [(60, "en"), (-60, "id")])
def test_a_language_chosen_in_the_profile_counts_when_it_is_the_latest_word(
    work, seconds, language
):
    channels.connect_channel(work, HOOK)
    chosen = moved(a_member("ayu"), language="en", updated_at=later(seconds))

    telling.hear(work, members.MemberChanged(member=chosen), "f1")

    assert work.preferences.get("ayu").language == language


def test_quiet_hours_go_by_the_members_own_zone(work):
    wishes.set_preferences(
        work,
        commands.SetPreferences(
            language="id",
            channels=("email",),
            categories={},
            quiet_hours={"from": "21:00", "to": "05:00"},
            digest="none",
            timezone="Asia/Jayapura",
        ),
    )
    work.now = "2026-11-21T12:30:00.000Z"  # 19.30 WIB, 21.30 WIT
    lapsed = a_registration("ayu", state="cancelled", cancelled_reason="offer_lapsed")

    telling.hear(work, events.SeatOfferLapsed(registration=lapsed), "f1")

    (row,) = work.outgoing.by_id.values()
    assert row.due_at == "2026-11-21T20:00:00.000Z"


def test_a_reminder_that_concerns_nobody_any_more_is_only_forgotten(work):
    first, *_ = reminders.of_event(an_event(), NOW)
    offer = a_registration("ayu", state="offered", offer_expires_at=STARTS)
    (lapsing,) = reminders.of_offer(offer, NOW)
    work.now = lapsing.due_at
    work.reminders.add([replace(first, due_at=NOW, until=NOW), lapsing])

    assert telling.fall_due(work) == 2

    assert work.tellings.by_id == {} and work.reminders.by_id == {}


def test_a_channel_is_connected_once_and_forgotten_at_a_word(work):
    said = channels.connect_channel(work, HOOK)["preferences"]
    assert (said.connected, said.channels) == (("webhook",), ("webhook", "email"))
    asked = commands.DisconnectChannel(channel="webhook")

    first, again = (channels.disconnect_channel(work, asked) for _ in range(2))

    assert first == again and first.connected == () and first.version == 2
    assert work.contacts.by_id == {}


@pytest.mark.parametrize("channel", ["email", "whatsapp"])
def test_a_channel_that_the_region_does_not_offer_cannot_be_connected(work, channel):
    with pytest.raises(ChannelInvalid):
        channels.connect_channel(work, commands.ConnectChannel(channel=channel, address="628123"))


def test_the_bot_is_believed_only_with_its_secret(work):
    started = _started(work)

    with pytest.raises(Forbidden):
        channels.hear_telegram(work, replace(started, secret="guessed"))
    unset = replace(work, policy=replace(work.policy, telegram_secret=""))
    with pytest.raises(Forbidden):
        channels.hear_telegram(unset, replace(started, secret=""))

    assert work.contacts.by_id == {}
    assert channels.hear_telegram(work, started) == {"connected": True}
    assert work.contacts.get("ayu:telegram").address == "77"


def test_chatting_with_the_bot_connects_nobody(work):
    assert channels.hear_telegram(work, _from_telegram("Halo")) == {"connected": False}
    assert work.contacts.by_id == {}


def test_a_link_is_of_no_use_when_it_is_wrong_or_old_or_its_owner_left(work):
    with pytest.raises(LinkInvalid):
        channels.hear_telegram(work, _from_telegram("/start nothing"))
    started = _started(work)
    with pytest.raises(LinkInvalid):
        channels.hear_telegram(
            replace(work, now=later(channels.LINK_SECONDS)), replace(started, update_id=2)
        )
    work.knows(a_member("ayu", state="left", email=None))
    with pytest.raises(LinkInvalid):
        channels.hear_telegram(work, replace(started, update_id=3))

    assert work.contacts.by_id == {}


def test_who_is_suspended_or_not_heard_of_asks_nothing(work):
    work.knows(a_member("lama", state="suspended"))

    with pytest.raises(Forbidden, match="suspended"):
        actor(work.by("lama"))
    with pytest.raises(Forbidden, match="not known"):
        actor(work.by("siapa"))


def test_a_tap_of_nobody_who_is_known_silences_nothing(work):
    asked = unsubscribe.Silence(member_id="siapa", category="events", channel="email")
    token = unsubscribe.token(work.marks.secret(), asked)

    with pytest.raises(UnsubscribeInvalid):
        wishes.silence(work, commands.Unsubscribe(token=token))

    assert work.preferences.by_id == {}
