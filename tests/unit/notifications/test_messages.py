"""Messages: whoever wants to be contacted is, by name and without an address (source: A6)."""

import pytest

from contracts.members.states import Consent
from contracts.notifications import commands
from services.notifications.errors import (
    ContactUnwanted,
    Forbidden,
    RecipientUnknown,
    Throttled,
)
from services.notifications.handlers.messages import MOST_PER_HOUR, send_message
from services.notifications.handlers.wishes import set_preferences
from tests.support.members import NOW, a_member, later
from tests.support.told import MemoryTold


def agreeing(id, *purposes, **fields):
    given = tuple(
        Consent(purpose=one, granted=True, text_version="1", decided_at=NOW) for one in purposes
    )
    return a_member(id, consents=given, **fields)


@pytest.fixture
def work():
    """Ayu writes; Budi wants to be contacted, Citra only to be found, Dewi neither."""
    return (
        MemoryTold()
        .knows(
            a_member("ayu"),
            agreeing("budi", "directory", "contact"),
            agreeing("citra", "directory"),
            a_member("dewi"),
            agreeing("lama", "contact", state="suspended"),
        )
        .by("ayu")
    )


def write(work, to, text="Bolehkah saya bertanya?"):
    return send_message(work, commands.SendMessage(member_id=to, text=text))


def test_a_message_names_its_sender_and_no_address(work):
    assert write(work, "budi") == {"accepted": True}

    (notice,) = work.notices.by_id.values()
    ayu = work.members.get("ayu")
    assert (notice.member_id, notice.kind) == ("budi", "message_received")
    assert notice.category == "messages"
    assert (notice.about_kind, notice.about_id) == ("member", "ayu")
    assert notice.title == f"Pesan dari {ayu.name}" and "Bolehkah saya bertanya?" in notice.body
    assert ayu.email not in notice.title + notice.body
    (row,) = work.outgoing.by_id.values()
    assert (row.member_id, row.channel) == ("budi", "email")


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        ("citra", ContactUnwanted),
        ("dewi", RecipientUnknown),
        ("lama", RecipientUnknown),
        ("siapa", RecipientUnknown),
    ],
)
def test_who_does_not_want_to_be_contacted_is_not(work, to, refusal):
    with pytest.raises(refusal):
        write(work, to)

    assert work.facts == []


def test_who_wrote_first_can_be_answered(work):
    write(work, "budi")

    assert write(work.by("budi"), "ayu", "Silakan.") == {"accepted": True}


def test_who_switched_messages_off_is_not_written_to(work):
    off = commands.SetPreferences(
        language="id",
        channels=("email",),
        categories={"messages": {"inbox": False}},
        quiet_hours=None,
        digest="none",
    )
    set_preferences(work.by("budi"), off)

    with pytest.raises(ContactUnwanted):
        write(work, "budi")


def test_only_active_members_write(work):
    work.knows(a_member("baru", state="pending"))

    with pytest.raises(Forbidden):
        write(work.by("baru"), "budi")


def test_ten_messages_an_hour_are_enough(work):
    for _ in range(MOST_PER_HOUR):
        write(work, "budi")

    with pytest.raises(Throttled) as refused:
        write(work, "budi")
    assert refused.value.retry_after_seconds == 3600

    work.now = later(3601)
    assert write(work, "budi") == {"accepted": True}
