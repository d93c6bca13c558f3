"""Accounts: how a member signs in, and from which addresses he is known to; never in a fact."""

from dataclasses import dataclass, replace
from hashlib import sha256

from chassis import clock

KNOWN_ADDRESSES = 10
KNOWN_FOR_SECONDS = 30 * 24 * 3600
FRESH_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class GoodAddress:
    """Where the member signed in from; only a digest of the address is kept."""

    digest: str
    seen_at: str


@dataclass(frozen=True, kw_only=True)
class Account:
    """One member's way in; without a password only codes work."""

    member_id: str
    password_hash: str | None = None
    good_addresses: tuple[GoodAddress, ...] = ()

    def knows(self, address: str, now: str) -> bool:
        """Whether he signed in from this address within the last 30 days."""
        digest = self._digest(address)
        return any(
            good.digest == digest and clock.seconds_between(good.seen_at, now) <= KNOWN_FOR_SECONDS
            for good in self.good_addresses
        )

    def seen_at(self, address: str, now: str) -> "Account":
        """The account after a sign-in from the address; the ten newest are remembered.

        It stays as it is when the address was noted within a day: sign-ins then do not conflict.
        """
        digest = self._digest(address)
        if any(good.digest == digest and _fresh(good, now) for good in self.good_addresses):
            return self
        others = [good for good in self.good_addresses if good.digest != digest]
        newest = (GoodAddress(digest=digest, seen_at=now), *others)
        return replace(self, good_addresses=newest[:KNOWN_ADDRESSES])

    def with_password(self, password_hash: str) -> "Account":
        """The account with another password."""
        return replace(self, password_hash=password_hash)

    def _digest(self, address: str) -> str:
        return sha256(f"{self.member_id}|{address}".encode()).hexdigest()


def _fresh(good: GoodAddress, now: str) -> bool:
    return clock.seconds_between(good.seen_at, now) <= FRESH_SECONDS
