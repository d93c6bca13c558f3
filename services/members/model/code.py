"""One-time codes: six digits, ten minutes, one use, five tries; kept only as digests."""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from chassis import clock

LIVES_SECONDS = 600
MOST_TRIES = 5
MOST_LIVE = 3


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code that was sent to a contact of a member; the account is the salt of the digest."""

    id: str
    member_id: str
    digest: str
    contact: str
    expires_at: str
    tries: int = 0

    def live(self, now: str) -> bool:
        """Whether it may still be used."""
        return now < self.expires_at and self.tries < MOST_TRIES


@dataclass(frozen=True, kw_only=True)
class CodeRequest:
    """Somebody asked for a code; whether the contact exists is found out later, unobserved."""

    id: str
    username: str
    asked_at: str


def digest(member_id: str, digits: str) -> str:
    """What is stored instead of the digits."""
    return sha256(f"{member_id}:{digits.strip()}".encode()).hexdigest()


def is_one_of(codes: Iterable[Code], member_id: str, digits: str) -> bool:
    """Whether these are the digits of one of a member's codes; one digest, also without codes."""
    given = digest(member_id, digits)
    return any(hmac.compare_digest(code.digest, given) for code in codes)


def new_digits() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def make_code(id: str, member_id: str, contact: str, digits: str, now: str) -> Code:
    """A fresh code for a contact."""
    return Code(
        id=id,
        member_id=member_id,
        digest=digest(member_id, digits),
        contact=contact,
        expires_at=clock.later(now, LIVES_SECONDS),
    )
