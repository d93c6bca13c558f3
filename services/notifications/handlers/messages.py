"""Messages: one member writes to another, and neither learns where the other is reached (A6)."""

from functools import partial

from chassis import clock
from contracts.notifications import commands
from services.notifications.errors import (
    ContactUnwanted,
    Forbidden,
    RecipientUnknown,
)
from services.notifications.handlers.pace import must_be_slow
from services.notifications.handlers.telling import tell
from services.notifications.handlers.who import actor, wishes
from services.notifications.model import preferences
from services.notifications.model.kinds import KINDS, MESSAGE
from services.notifications.model.known import KnownMember
from services.notifications.model.ports import Work
from services.notifications.model.telling import Telling, notice_id

LISTED, CONTACT = "directory", "contact"
MOST_PER_HOUR = 10


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
    written_since = partial(work.notices.written_since, sender_id)
    must_be_slow(work, f"writing:{sender_id}", written_since, MOST_PER_HOUR)
