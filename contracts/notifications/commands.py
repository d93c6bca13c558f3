"""What the notifications service can be asked."""

from dataclasses import dataclass
from typing import Annotated

from contracts.command import Command
from contracts.events.states import Zone
from contracts.members.states import Language, Role
from contracts.notifications import states
from contracts.types import UNSET, AreaId, Id, Line, Many, Secret, Text, Unset


@dataclass(frozen=True, kw_only=True)
class Restate(Command):
    """Say all aggregates of a kind again, so that a view or replica can be filled."""

    verb = "notifications.restate"
    kind: Annotated[str, Text(longest=20)]


@dataclass(frozen=True, kw_only=True)
class ReadNotice(Command):
    """Mark one of one's notices as read; a second time changes nothing."""

    verb = "notifications.read_notice"
    notice_id: Id


@dataclass(frozen=True, kw_only=True)
class SetPreferences(Command):
    """Say how one wants to be told; what is left out stays as it was.

    `quiet_hours` is `{"from": "21:00", "to": "05:00"}` or null for none. They, and digests, go by
    `timezone`; without it one's own stays, which is the region's at first.
    """

    verb = "notifications.set_preferences"
    language: Language | Unset = UNSET
    channels: Annotated[tuple[states.OutsideChannel, ...], Many(most=5)] | Unset = UNSET
    categories: dict[str, dict[str, bool]] | Unset = UNSET
    quiet_hours: dict[str, str] | None | Unset = UNSET
    digest: states.Digest | Unset = UNSET
    timezone: Zone | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class ConnectChannel(Command):
    """Say where a channel reaches one.

    `address` is a phone number, a web push subscription (JSON) or a webhook's address, whose
    deliveries are signed with `secret`; for Telegram there is none: the answer has a link to tap.
    """

    verb = "notifications.connect_channel"
    channel: states.OutsideChannel
    address: Secret | None = None
    secret: Secret | None = None


@dataclass(frozen=True, kw_only=True)
class DisconnectChannel(Command):
    """Forget where a channel reaches one."""

    verb = "notifications.disconnect_channel"
    channel: states.OutsideChannel


@dataclass(frozen=True, kw_only=True)
class Unsubscribe(Command):
    """One tap from a message, without signing in: the category goes silent on the channel."""

    verb = "notifications.unsubscribe"
    token: Annotated[str, Text(shortest=1, longest=600)]


@dataclass(frozen=True, kw_only=True)
class Announce(Command):
    """Tell an area, the holders of a role (in an area), or an event's participants."""

    verb = "notifications.announce"
    title: states.Subject
    body: states.Body
    area: AreaId | None = None
    role: Role | None = None
    event_id: Id | None = None
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class SendMessage(Command):
    """Write to a member who agreed to be contacted, or who wrote first; no address is told."""

    verb = "notifications.send_message"
    member_id: Id
    text: states.MessageText


@dataclass(frozen=True, kw_only=True)
class RequeueDelivery(Command):
    """Send a failed or unknown delivery again; `confirm` since it may have arrived already."""

    verb = "notifications.requeue_delivery"
    delivery_id: Id
    confirm: bool = False


@dataclass(frozen=True, kw_only=True)
class PreviewTemplate(Command):
    """What a notice of a kind would say, with sample values."""

    verb = "notifications.preview_template"
    kind: states.NoticeKind
    language: Language = "id"


@dataclass(frozen=True, kw_only=True)
class HearTelegram(Command):
    """An update from the Telegram bot, with the secret of its webhook."""

    verb = "notifications.hear_telegram"
    secret: Secret
    update_id: int
    chat_id: Line
    text: Line = ""


@dataclass(frozen=True, kw_only=True)
class HearWhatsApp(Command):
    """A status from the WhatsApp Cloud API: what became of a message."""

    verb = "notifications.hear_whatsapp"
    message_id: Line
    status: Line
    detail: Line | None = None
