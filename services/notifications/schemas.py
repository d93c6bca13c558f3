"""Addresses of channels: what a member types, checked for the channel it is meant for."""

from dataclasses import replace
from urllib.parse import urlsplit

import phonenumbers
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from contracts.notifications import commands
from services.notifications.errors import ChannelInvalid

HOME = "ID"
SHORTEST_SECRET = 16


class Keys(Schema):
    """The subscriber's keys of a push subscription, base64url."""

    class Meta:
        """Others are ignored."""

        unknown = EXCLUDE

    p256dh = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9_=-]{80,100}\Z"))
    auth = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9_=-]{20,32}\Z"))


class Subscription(Schema):
    """A push subscription as browsers give it (source: W3C Push API)."""

    class Meta:
        """Browsers add more."""

        unknown = EXCLUDE

    endpoint = fields.URL(required=True, schemes={"https", "http"}, require_tld=False)
    keys = fields.Nested(Keys, required=True)


def read_channel(command: commands.ConnectChannel) -> commands.ConnectChannel:
    """The command with its address in the channel's spelling; raises ChannelInvalid."""
    if command.channel in ("telegram", "email"):
        return replace(command, address=None)
    if not command.address:
        raise ChannelInvalid("an address is needed", pointer="/address")
    spelled = {"whatsapp": _phone, "web_push": _subscription, "webhook": _web}[command.channel]
    if command.channel == "webhook" and len(command.secret or "") < SHORTEST_SECRET:
        needed = f"a secret of at least {SHORTEST_SECRET} characters"
        raise ChannelInvalid(needed, pointer="/secret")
    return replace(command, address=spelled(command.address))


def _phone(text: str) -> str:
    """E.164 without the plus, as the Cloud API takes it."""
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        raise ChannelInvalid("a phone number like 0812 3456 7890", pointer="/address")
    spelled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return str(spelled).removeprefix("+")


def _subscription(text: str) -> str:
    """The subscription as JSON with what is needed of it."""
    schema = Subscription()
    try:
        return str(schema.dumps(schema.loads(text)))
    except (ValidationError, ValueError):
        raise ChannelInvalid("a push subscription as JSON", pointer="/address") from None


def _web(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username:
        raise ChannelInvalid("an address like https://contoh.id/hook", pointer="/address")
    return text
