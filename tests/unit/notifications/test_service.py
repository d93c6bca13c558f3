"""The service declares: every command has a handler, every fact one method, every kind a fact."""

import pytest

from chassis.settings import Settings, SettingsError
from contracts.catalogue import COMMANDS, FACTS
from contracts.notifications import commands
from services.notifications import schemas, service
from services.notifications.errors import ChannelInvalid
from services.notifications.model.rules import RULES
from services.notifications.replicas import ONLY_NOTED, REMINDED_OF
from services.notifications.repository import policy_of
from services.notifications.senders.chosen import channels_of
from tests.support.providers import Providers

PLAIN = {"region": "kediri-raya", "amqp_uri": "amqp://x", "mongo_uri": "mongodb://x"}
KEYS = '{"p256dh": "' + "A" * 87 + '", "auth": "' + "A" * 22 + '", "more": 1}'
PUSH = '{"endpoint": "https://push.example/1", "expirationTime": null, "keys": ' + KEYS + "}"


def test_every_command_is_answered():
    ours = {verb for verb in COMMANDS if verb.startswith("notifications.")}

    assert set(service.HANDLERS) == ours - {"notifications.restate"}
    assert {command.verb for command in service.COMMANDS} == set(service.HANDLERS)


def test_every_kind_with_a_restated_fact_can_be_said_again():
    named = {name: cls for name, cls in FACTS.items() if name.startswith("notifications.")}

    kinds = {cls.kind for name, cls in named.items() if name.endswith("_restated.v1")}
    assert set(service.RESTATED) == kinds


def test_every_fact_about_what_is_remembered_is_heard_once():
    heard = [*service.TOLD, *ONLY_NOTED, *REMINDED_OF]
    kinds = {"member", "appointment", "area", "institution", "event", "registration"}
    kinds |= {"event_request", "mentorship"}
    theirs = {
        fact
        for name, fact in FACTS.items()
        if name.startswith(("members.", "events.", "mentoring.")) and fact.kind in kinds
    }

    assert len(heard) == len(set(heard))
    assert theirs - set(heard) == set()
    ruled = {fact for fact in RULES if fact.name.startswith(("events.", "mentoring."))}
    assert ruled <= set(heard)


def test_a_channel_without_its_settings_is_off():
    assert channels_of(Settings(**PLAIN)) == ("email",)

    stand_ins = {name.lower(): value for name, value in Providers(port=1).settings.items()}
    stand_ins["vapid_private_key"] = "A" * 42 + "E"
    assert channels_of(Settings(**PLAIN, **stand_ins)) == (
        "email",
        "telegram",
        "whatsapp",
        "web_push",
        "webhook",
    )


def test_the_settings_make_the_policy():
    policy = policy_of(Settings(**PLAIN), ("email",))

    assert policy.quiet_hours == {"from": "21:00", "to": "05:00"}
    assert policy.region_name == "kediri-raya"
    assert policy_of(Settings(**PLAIN, quiet_hours="off"), ()).quiet_hours is None
    for wrong in ("", "21:00", "21-5", "21:00-21:00"):
        with pytest.raises(SettingsError):
            policy_of(Settings(**PLAIN, quiet_hours=wrong), ())


@pytest.mark.parametrize(
    ("channel", "address", "kept"),
    [
        ("telegram", "ignored", None),
        ("whatsapp", "0812 3456 7890", "6281234567890"),
        ("webhook", "https://contoh.id/hook", "https://contoh.id/hook"),
        ("web_push", PUSH, PUSH.replace(', "more": 1', "").replace(' "expirationTime": null,', "")),
    ],
)
def test_an_address_is_kept_in_the_channels_spelling(channel, address, kept):
    asked = commands.ConnectChannel(channel=channel, address=address, secret="s" * 16)

    assert schemas.read_channel(asked).address == kept


@pytest.mark.parametrize(
    ("channel", "address", "secret"),
    [
        ("whatsapp", None, None),
        ("whatsapp", "12", None),
        ("whatsapp", "abc", None),
        ("webhook", "https://contoh.id/hook", "short"),
        ("webhook", "ftp://contoh.id", "s" * 16),
        ("webhook", "https://ayu@contoh.id", "s" * 16),
        ("web_push", "{}", None),
        ("web_push", "no json", None),
        ("web_push", "[]", None),
    ],
)
def test_an_address_that_does_not_fit_is_refused(channel, address, secret):
    with pytest.raises(ChannelInvalid):
        schemas.read_channel(
            commands.ConnectChannel(channel=channel, address=address, secret=secret)
        )


class Desk:
    """Sweeps in which some steps fail; it tells which ones it was asked for."""

    def __init__(self, *broken):
        self.broken, self.asked = broken, []

    def sweep(self, step):
        self.asked.append(step.__name__)
        if step.__name__ in self.broken:
            raise ZeroDivisionError("a bug")


class Kicked(list):
    """Notes that messages are to be handed over."""

    def kick(self, desk):
        self.append(desk)


def test_a_bug_in_a_reminder_keeps_nobody_who_left_and_no_message():
    notifications = service.Notifications()
    notifications.desk, notifications.posting = Desk("fall_due", "take_telling"), Kicked()

    notifications.remind()
    notifications.tell_on()

    assert notifications.desk.asked == ["fall_due", "abandoned", "erase_some", "take_telling"]
    assert notifications.posting == [notifications.desk]
