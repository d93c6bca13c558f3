"""Sessions: families of refresh tokens, of which only the newest works and none is stored.

A token is `<session id>.<secret><mac>`. The next secret is HMAC(secret, salt): who presents the
previous token again within the grace (a phone that lost our answer) gets the very same successor,
computed from his token and the stored salt; the database alone holds neither. The mac, under a key
of the family, tells a spent token of ours (reuse: the family ends) from a made-up one (ignored).
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from chassis import clock
from chassis.aggregate import begun
from contracts.members import facts, states

GRACE_SECONDS = 10
SECRET_BYTES = 32
MAC_BYTES = 16

Use = Literal["current", "previous", "spent", "foreign"]


@dataclass(frozen=True, kw_only=True)
class Family:
    """One signed-in session; `salt` made the current secret out of the previous one."""

    id: str
    member_id: str
    mac_key: str
    current: str
    created_at: str
    used_at: str
    expires_at: str
    previous: str | None = None
    salt: str = ""

    def use_of(self, token: str, now: str) -> Use:
        """What presenting this token means."""
        secret = _secret(token, self.mac_key)
        if secret is None:
            return "foreign"
        if hmac.compare_digest(self.current, _digest(secret)):
            return "current"
        graced = clock.seconds_between(self.used_at, now) <= GRACE_SECONDS
        if graced and self.previous and hmac.compare_digest(self.previous, _digest(secret)):
            return "previous"
        return "spent"

    def rotate(self, token: str, salt: str, now: str, lives_seconds: int) -> "tuple[Family, str]":
        """The family after the current token was used, and its successor."""
        after = replace(
            self,
            previous=self.current,
            salt=salt,
            used_at=now,
            expires_at=clock.later(now, lives_seconds),
        )
        successor = after.successor(token)
        return replace(after, current=_digest(_known(successor, self.mac_key))), successor

    def successor(self, token: str) -> str:
        """The token that follows the previous one: always the same."""
        secret = _known(token, self.mac_key)
        return _token(self.id, _mac(secret, self.salt), self.mac_key)

    def end(self, region: str, now: str, reason: str) -> facts.SessionEnded:
        """The session is over before its time."""
        state = states.Session(
            **begun(self.id, region, now), member_id=self.member_id, ended=True, reason=reason
        )
        return facts.SessionEnded(session=state)


def begin(id: str, member_id: str, now: str, lives_seconds: int) -> tuple[Family, str]:
    """A new session and its first refresh token (256 random bits)."""
    secret, mac_key = secrets.token_bytes(SECRET_BYTES), new_salt()
    family = Family(
        id=id,
        member_id=member_id,
        mac_key=mac_key,
        current=_digest(secret),
        created_at=now,
        used_at=now,
        expires_at=clock.later(now, lives_seconds),
    )
    return family, _token(id, secret, mac_key)


def new_salt() -> str:
    """256 random bits as text."""
    return secrets.token_hex(SECRET_BYTES)


def session_of(token: str) -> str:
    """The session id that a refresh token names."""
    return token.partition(".")[0]


def _token(id: str, secret: bytes, mac_key: str) -> str:
    body = urlsafe_b64encode(secret + _mac(secret, mac_key)[:MAC_BYTES]).decode()
    return f"{id}.{body}"


def _secret(token: str, mac_key: str) -> bytes | None:
    """The secret inside a token that this family made; None for any other text."""
    try:
        raw = urlsafe_b64decode(token.partition(".")[2].encode("ascii"))
    except (NotBase64, ValueError):
        return None
    secret, mac = raw[:SECRET_BYTES], raw[SECRET_BYTES:]
    return secret if hmac.compare_digest(mac, _mac(secret, mac_key)[:MAC_BYTES]) else None


def _known(token: str, mac_key: str) -> bytes:
    secret = _secret(token, mac_key)
    if secret is None:
        raise ValueError("not a token of this family")
    return secret


def _mac(secret: bytes, key: str) -> bytes:
    return hmac.digest(secret, key.encode(), "sha256")


def _digest(secret: bytes) -> str:
    return sha256(secret).hexdigest()
