"""Attempts: how often somebody may guess, counted per account and address, account, and address.

An address from which the member signed in lately is only limited by its own failures with this
account: a stranger's guesses elsewhere, or a neighbour's behind the same router, lock nobody out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil

from chassis import clock
from services.members.errors import TooManyAttempts


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many attempts in a window of seconds."""

    most: int
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Attempts counted under a key since an instant."""

    id: str
    count: int
    since: str
    ends_at: str


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of one kind of attempt."""

    purpose: str
    pair: Limit
    account: Limit
    address: Limit


GUESSES = Limits(
    purpose="guess",
    pair=Limit(most=5, seconds=900),
    account=Limit(most=50, seconds=3600),
    address=Limit(most=100, seconds=900),
)
CODES = Limits(
    purpose="code",
    pair=Limit(most=5, seconds=900),
    account=Limit(most=20, seconds=3600),
    address=Limit(most=200, seconds=900),
)


class Gate:
    """The counters that one attempt meets."""

    def __init__(self, limits: Limits, username: str, address: str) -> None:
        self.pair = _key(limits.purpose, username, address)
        self.limits = {
            self.pair: limits.pair,
            _key(limits.purpose, username, "*"): limits.account,
            _key(limits.purpose, "*", address): limits.address,
        }

    @property
    def keys(self) -> tuple[str, ...]:
        """The counters' keys, the pair first."""
        return tuple(self.limits)

    def check(self, tallies: Mapping[str, Tally], known: bool, now: str) -> None:
        """Raise TooManyAttempts with the wait; a known address only meets its own pair."""
        for key in self.keys[:1] if known else self.keys:
            tally = tallies.get(key)
            if tally and now < tally.ends_at and tally.count >= self.limits[key].most:
                wait = ceil(clock.seconds_between(now, tally.ends_at))
                raise TooManyAttempts("wait before the next attempt", retry_after_seconds=wait)

    def counted(self, tallies: Mapping[str, Tally], now: str) -> Iterable[Tally]:
        """The counters with one more attempt; a window that is over begins anew."""
        for key, limit in self.limits.items():
            tally = tallies.get(key)
            if tally is None or tally.ends_at <= now:
                ends = clock.later(now, limit.seconds)
                tally = Tally(id=key, count=0, since=now, ends_at=ends)
            yield replace(tally, count=tally.count + 1)


class SigningUpGate(Gate):
    """What a sign-up meets: how many came from its address, and how much its contact was written.

    Its letter is one of those with codes; a class that joins behind one router is no attack.
    """

    def __init__(self, username: str, address: str, most_per_hour: int) -> None:
        super().__init__(CODES, username, address)
        del self.limits[_key(CODES.purpose, "*", address)]
        own = Limit(most=most_per_hour, seconds=3600)
        self.limits[_key("sign_up", "*", address)] = own


def _key(purpose: str, username: str, address: str) -> str:
    return sha256(f"{purpose}|{username}|{address}".encode()).hexdigest()
