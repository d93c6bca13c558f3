"""One-tap links: who, which category, which channel, under a MAC; they need no sign-in (H2)."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from services.notifications.errors import UnsubscribeInvalid


@dataclass(frozen=True, kw_only=True)
class Silence:
    """What a tap asks for."""

    member_id: str
    category: str
    channel: str


def token(secret: str, silence: Silence) -> str:
    """The token of a link; the same for the same wish."""
    said = _packed(json.dumps([silence.member_id, silence.category, silence.channel]).encode())
    return f"{said}.{_mac(secret, said)}"


def read(secret: str, token: str) -> Silence:
    """What the token asks for; raises UnsubscribeInvalid when it is not one of ours."""
    said, _, mac = token.partition(".")
    if not hmac.compare_digest(mac.encode(), _mac(secret, said).encode()):
        raise UnsubscribeInvalid("the link is not complete")
    member_id, category, channel = json.loads(urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    return Silence(member_id=member_id, category=category, channel=channel)


def _mac(secret: str, said: str) -> str:
    return _packed(hmac.digest(secret.encode(), said.encode(), "sha256"))


def _packed(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
