"""Messages: one member writes to another, and neither learns where the other is reached (A6)."""

from chassis import clock
from contracts.notifications import commands
from services.notifications.errors import (
    ContactUnwanted,
    Forbidden,
    RecipientUnknown,
    Throttled,
)
from services.notifications.handlers.telling import tell
from services.notifications.handlers.who import actor, wishes
from services.notifications.model import preferences
from services.notifications.model.kinds import KINDS, MESSAGE
from services.notifications.model.known import KnownMember
from services.notifications.model.ports import Work
from services.notifications.model.telling import Telling, notice_id

LISTED, CONTACT = "directory", "contact"
MOST_PER_HOUR = 10
HOUR_SECONDS = 3600.0


def send_message(work: Work, command: commands.SendMessage) -> dict[str, bool]:
    """`{"accepted": true}`: it is in his inbox and on its way over his channels.

    Raises Forbidden, RecipientUnknown, ContactUnwanted and Throttled.
    """
    me = actor(work)
    if me.state != "active":
        raise Forbidden(f"an active member writes, you are {me.state}")
    to = _reachable(work, me, command.member_id)
    _must_be_slow(work, me.id)
    tell(work, _telling(work.now, me, to.id, command.text))
    return {"accepted": True}


def _telling(now: str, sender: KnownMember, to: str, text: str) -> Telling:
    once = clock.new_id()
    return Telling(
        id=notice_id(once, "", MESSAGE),
        kind=MESSAGE,
        fact_id=once,
        once=once,
        members=(to,),
        due_at=now,
        params={"message": {"sender": sender.name, "text": text}},
        urgent=False,
        about_id=sender.id,
    )


def _reachable(work: Work, me: KnownMember, id: str) -> KnownMember:
    """Who consented to be contacted; who wrote first has shown himself and can be answered."""
    to = work.members.get(id)
    if to is None or to.state != "active":
        raise RecipientUnknown(f"there is no member {id}")
    wanted = to.consents_to(CONTACT) or work.notices.has_written(to.id, me.id)
    if not wanted and not to.consents_to(LISTED):
        raise RecipientUnknown(f"there is no member {id}")
    if not wanted or not preferences.wants(wishes(work, to).state, KINDS[MESSAGE].category):
        raise ContactUnwanted("ask a coordinator to put you in touch")
    return to


def _must_be_slow(work: Work, sender_id: str) -> None:
    """Ten in an hour are enough for anybody."""
    work.marks.one_at_a_time(f"writing:{sender_id}")
    written = work.notices.written_since(sender_id, clock.later(work.now, -HOUR_SECONDS))
    if len(written) >= MOST_PER_HOUR:
        free = clock.later(written[-MOST_PER_HOUR].created_at, HOUR_SECONDS)
        wait = max(1, round(clock.seconds_between(work.now, free)))
        raise Throttled(f"at most {MOST_PER_HOUR} in an hour", retry_after_seconds=wait)
