"""Tellings: one thing that some people are told; each of them once."""

from dataclasses import KW_ONLY, dataclass, field, replace
from hashlib import sha256
from typing import Any

CHUNK = 100


@dataclass(frozen=True)
class To:
    """Who is told and what is special about them; `once` names what nobody hears of twice.

    `kind` replaces the rule's, `after_seconds` lets facts of the same transaction arrive first.
    """

    members: tuple[str, ...]
    _: KW_ONLY
    once: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    kind: str | None = None
    after_seconds: float = 0
    audience: bool = False


@dataclass(frozen=True, kw_only=True)
class Telling:
    """One text for many; `members` are those who wait for it still.

    An `audience` is found by a query, so only active members are in it; whoever is named is told
    as long as he has an account.
    """

    id: str
    kind: str
    fact_id: str
    once: str
    members: tuple[str, ...]
    due_at: str
    params: dict[str, Any]
    urgent: bool
    audience: bool = False
    about_id: str | None = None
    sender_id: str | None = None
    area: str | None = None

    def split(self) -> "tuple[Telling, Telling | None]":
        """Those who are told in this transaction, and the telling for the others."""
        now, later = self.members[:CHUNK], self.members[CHUNK:]
        return replace(self, members=now), replace(self, members=later) if later else None


def notice_id(once: str, member_id: str, kind: str) -> str:
    """The id of a notice: the same for the same occasion, person and kind."""
    return _digest("notice", once, member_id, kind)


def delivery_id(notice_id: str, channel: str) -> str:
    """The id of a row of the ledger: one per notice and channel."""
    return _digest("delivery", notice_id, channel)


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
