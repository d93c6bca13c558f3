"""Connecting channels: a number, a subscription, a webhook, or a code that comes back."""

import hmac
import secrets
from hashlib import sha256
from typing import Any

from chassis import clock
from contracts.notifications import commands, states
from services.notifications.errors import ChannelInvalid, Forbidden, LinkInvalid
from services.notifications.handlers.deliveries import fall_back
from services.notifications.handlers.who import actor, wishes
from services.notifications.model.delivery import Delivery
from services.notifications.model.ports import Work
from services.notifications.model.stores import Contact, Linking

LINK_SECONDS = 15 * 60
START = "/start "


def connect_channel(work: Work, command: commands.ConnectChannel) -> dict[str, Any]:
    """The preferences with the channel in them; for Telegram `{"link"}` to tap instead.

    Raises ChannelInvalid.
    """
    me = actor(work)
    _must_be_offered(work, command.channel)
    if command.channel == "telegram":
        return {"link": _link(work, me.id)}
    assert command.address is not None
    contact = Contact(
        member_id=me.id,
        channel=command.channel,
        address=command.address,
        secret=command.secret,
    )
    return {"preferences": _connect(work, contact)}


def disconnect_channel(work: Work, command: commands.DisconnectChannel) -> states.Preferences:
    """Forget where the channel reaches one; again changes nothing."""
    me = actor(work)
    work.contacts.remove(me.id, command.channel)
    said = wishes(work, me)
    fact = said.disconnect(work.now, command.channel)
    state: states.Preferences = work.record(fact) if fact else said.state
    return state


def hear_telegram(work: Work, command: commands.HearTelegram) -> dict[str, bool]:
    """The bot was started with a code: the chat is the member's; any other text says nothing.

    Raises Forbidden when the secret of the webhook is wrong, and LinkInvalid.
    """
    wanted = work.policy.telegram_secret
    if not wanted or not hmac.compare_digest(command.secret.encode(), wanted.encode()):
        raise Forbidden("not from the bot's webhook")
    if not work.marks.first(f"telegram:{command.update_id}"):
        return {"connected": False}
    if not command.text.startswith(START):
        return {"connected": False}
    digest = _digest(command.text.removeprefix(START).strip())
    linking = work.linkings.get(digest)
    if linking is None or linking.expires_at <= work.now:
        raise LinkInvalid("ask for a new link")
    work.linkings.remove(digest)
    _connect(
        work,
        Contact(member_id=linking.member_id, channel="telegram", address=command.chat_id),
    )
    return {"connected": True}


def hear_whatsapp(work: Work, command: commands.HearWhatsApp) -> dict[str, int]:
    """A message that was taken did not arrive: it failed, and the next channel is tried."""
    receipt = work.receipts.get(f"whatsapp:{command.message_id}")
    if receipt is None or command.status != "failed":
        return {"failed": 0}
    sent = [d for d in work.deliveries.many(receipt.deliveries) if d.state == "sent"]
    reason = command.detail or "not delivered"
    changed = [Delivery(state).refused_later(work.now, reason) for state in sent]
    work.record_many(changed)
    fall_back(work, [fact.delivery for fact in changed], digest=len(changed) > 1)
    return {"failed": len(changed)}


def _connect(work: Work, contact: Contact) -> states.Preferences:
    member = work.members.get(contact.member_id)
    if member is None or member.state == "left":
        raise LinkInvalid("the member is not known here")
    work.contacts.put(contact)
    said = wishes(work, member)
    fact = said.connect(work.now, contact.channel)
    state: states.Preferences = work.record(fact) if fact else said.state
    return state


def _link(work: Work, member_id: str) -> str:
    """Opens the bot with a code that works once, for a quarter of an hour."""
    code = secrets.token_urlsafe(24)
    until = clock.later(work.now, LINK_SECONDS)
    work.linkings.put(Linking(digest=_digest(code), member_id=member_id, expires_at=until))
    return f"https://t.me/{work.policy.telegram_bot}?start={code}"


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def _must_be_offered(work: Work, channel: str) -> None:
    if channel == "email":
        raise ChannelInvalid("e-mail is that of the profile", pointer="/channel")
    if channel not in work.policy.channels:
        raise ChannelInvalid(f"{channel} is not set up in this region", pointer="/channel")
