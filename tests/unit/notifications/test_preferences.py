"""Preferences: what reaches whom, what may be silenced, and by which tap."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from chassis.call import Actor, Call
from chassis.errors import Stale
from chassis.work import Work
from contracts.command import Command
from contracts.members.states import Consent
from contracts.notifications import commands
from contracts.notifications.states import Preferences as State
from services.notifications.errors import (
    CategoryEssential,
    PreferencesInvalid,
    UnsubscribeInvalid,
)
from services.notifications.handlers.wishes import set_preferences
from services.notifications.model import unsubscribe
from services.notifications.model.policy import Policy
from services.notifications.model.preferences import Preferences, checked, default, wants, ways
from tests.support.books import Shelf
from tests.support.gatherings import begun
from tests.support.members import NOW, REGION, a_member

POLICY = Policy(
    region_name="Kediri Raya",
    public_url="https://kediri.example",
    timezone="Asia/Jakarta",
    channels=("email", "telegram", "webhook"),
    quiet_hours={"from": "21:00", "to": "05:00"},
    phone_mail_domain="phone.example",
)
FORM = {"channels": ("email",), "categories": {}, "quiet_hours": None}


def some(**fields):
    plain = {
        "language": "id",
        "channels": ("telegram", "webhook", "whatsapp", "email"),
        "categories": {},
        "quiet_hours": None,
        "digest": "none",
        "timezone": "Asia/Jakarta",
        "connected": ("webhook", "whatsapp", "telegram"),
    }
    return State(**begun("ayu"), **{**plain, **fields})


def agreeing(*purposes, **fields):
    consents = tuple(
        Consent(purpose=purpose, granted=True, text_version="1", decided_at=NOW)
        for purpose in purposes
    )
    return a_member("ayu", consents=consents, **fields)


def test_who_has_not_said_is_told_by_mail_in_his_language():
    said = default(a_member("ayu", language="en"), POLICY, NOW, REGION)

    assert (said.language, said.channels, said.digest) == ("en", ("email",), "none")
    assert said.quiet_hours == POLICY.quiet_hours
    assert ways(a_member("ayu"), said, "events", POLICY) == ["email"]


def test_ways_are_in_ones_order_as_far_as_they_reach_and_are_allowed():
    assert ways(a_member("ayu"), some(), "events", POLICY) == ["webhook", "email"]
    assert ways(agreeing("telegram"), some(), "events", POLICY)[0] == "telegram"
    assert ways(a_member("ayu", email=None), some(connected=()), "events", POLICY) == []
    assert ways(a_member("ayu", email=None, phone="+62811"), some(), "events", POLICY)[-1:] == [
        "email"
    ]


def test_news_by_mail_needs_consent():
    mail = some(channels=("email",))

    assert ways(a_member("ayu"), mail, "news", POLICY) == []
    assert ways(agreeing("email_news"), mail, "news", POLICY) == ["email"]


def test_a_category_can_be_off_on_a_channel_or_altogether():
    silent = some(categories={"events": {"webhook": False}, "topics": {"inbox": False}})

    assert ways(a_member("ayu"), silent, "events", POLICY) == ["email"]
    assert wants(silent, "events") and not wants(silent, "topics")


def test_a_tap_silences_the_category_on_that_channel():
    fact = Preferences(some(), new=False).silence(NOW, "events", "email")

    assert fact.preferences.categories == {"events": {"email": False}}
    assert fact.preferences.version == 2
    assert Preferences(fact.preferences, new=False).silence(NOW, "events", "email") is None


def test_a_tap_in_what_cannot_be_silenced_silences_all_the_rest():
    fact = Preferences(some(), new=False).silence(NOW, "registrations", "email")

    assert set(fact.preferences.categories) == {
        "events",
        "topics",
        "coordination",
        "mentoring",
        "messages",
        "news",
    }


def test_the_first_wish_is_the_first_version():
    said = default(a_member("ayu"), POLICY, NOW, REGION)

    assert Preferences(said, new=True).change(NOW, digest="daily").preferences.version == 1


def test_a_connected_channel_is_tried_first_and_once():
    first = Preferences(some(channels=("email",), connected=()), new=False)

    fact = first.connect(NOW, "webhook")

    assert fact.preferences.channels == ("webhook", "email")
    assert fact.preferences.connected == ("webhook",)
    again = Preferences(fact.preferences, new=False)
    assert again.connect(NOW, "webhook") is None
    assert again.disconnect(NOW, "webhook").preferences.connected == ()
    assert Preferences(some(), new=True).disconnect(NOW, "webhook") is None


@pytest.mark.parametrize(
    ("wrong", "refusal", "pointer"),
    [
        ({"channels": ("email", "email")}, PreferencesInvalid, "/channels"),
        ({"categories": {"x": {}}}, PreferencesInvalid, "/categories/x"),
        ({"categories": {"news": True}}, PreferencesInvalid, "/categories/news"),
        ({"categories": {"news": {"fax": True}}}, PreferencesInvalid, "/categories/news/fax"),
        ({"categories": {"news": {"email": 1}}}, PreferencesInvalid, "/categories/news/email"),
        (
            {"categories": {"registrations": {"email": False}}},
            CategoryEssential,
            "/categories/registrations",
        ),
        ({"quiet_hours": {"from": "25:00", "to": "05:00"}}, PreferencesInvalid, "/quiet_hours"),
        ({"quiet_hours": {"from": "05:00", "to": "05:00"}}, PreferencesInvalid, "/quiet_hours"),
        ({"quiet_hours": {"from": "05:00"}}, PreferencesInvalid, "/quiet_hours"),
        ({"quiet_hours": {"from": 5, "to": "06:00"}}, PreferencesInvalid, "/quiet_hours"),
    ],
)
def test_impossible_preferences_are_refused(wrong, refusal, pointer):
    with pytest.raises(refusal) as caught:
        checked({**FORM, **wrong})

    assert caught.value.pointer == pointer


def test_possible_preferences_are_taken():
    form = {**FORM, "categories": {"news": {"email": False}}, "quiet_hours": POLICY.quiet_hours}

    assert checked(form) == form


def test_a_link_says_who_and_what_and_cannot_be_forged():
    wish = unsubscribe.Silence(member_id="ayu", category="events", channel="email")
    token = unsubscribe.token("secret", wish)

    assert unsubscribe.read("secret", token) == wish
    for wrong in (token[:-1], token.replace(".", ""), "", "x.y", f"x{token}"):
        with pytest.raises(UnsubscribeInvalid):
            unsubscribe.read("secret", wrong)
    with pytest.raises(UnsubscribeInvalid):
        unsubscribe.read("another", token)


class Wishing(Work):
    """Wishes in memory; what is recorded is kept."""

    def __init__(self, if_match, said=None):
        asked = Call(command=Command(), actor=Actor(member_id="ayu"), deadline=0, if_match=if_match)
        super().__init__(None, None, asked, REGION)
        self.policy, self.kept = POLICY, said
        self.members = Shelf()
        self.members.by_id["ayu"] = a_member("ayu")

    @property
    def preferences(self):
        return SimpleNamespace(get=lambda _: self.kept)

    def record(self, fact):
        self.kept = fact.preferences
        return self.kept


@pytest.mark.parametrize(
    ("said", "seen", "version"),
    [(None, 0, 1), (None, None, 1), (some(), 1, 2), (some(), None, 2)],
)
def test_wishes_are_changed_as_they_were_seen(said, seen, version):
    form = commands.SetPreferences(**FORM, language="en", digest="daily")

    assert set_preferences(Wishing(seen, said), form).version == version


def test_wishes_that_are_not_said_stay():
    said = some(digest="weekly", quiet_hours={"from": "20:00", "to": "04:00"})

    kept = set_preferences(Wishing(None, said), commands.SetPreferences(language="en"))

    assert kept == replace(said, language="en", version=2, updated_at=kept.updated_at)


@pytest.mark.parametrize(("said", "seen"), [(None, 1), (None, 5), (some(), 0), (some(), 2)])
def test_wishes_that_were_not_seen_so_are_not_changed(said, seen):
    work = Wishing(seen, said)

    with pytest.raises(Stale):
        set_preferences(work, commands.SetPreferences(**FORM, language="en", digest="daily"))

    assert work.kept is said


@pytest.mark.parametrize(
    ("wanted", "zone"), [({}, "Asia/Jakarta"), ({"timezone": "Asia/Jayapura"}, "Asia/Jayapura")]
)
def test_a_zone_is_ones_own_until_one_says_another(wanted, zone):
    form = commands.SetPreferences(**FORM, language="en", digest="daily", **wanted)

    assert set_preferences(Wishing(None, some()), form).timezone == zone


@pytest.mark.parametrize("zone", ["Asia/Kediri", "../etc/passwd", "/etc/localtime"])
def test_a_zone_that_does_not_exist_is_refused(zone):
    form = commands.SetPreferences(**FORM, language="en", digest="daily", timezone=zone)

    with pytest.raises(PreferencesInvalid) as refused:
        set_preferences(Wishing(None, some()), form)
    assert refused.value.pointer == "/timezone"
