"""Passwords: argon2id with the least parameters that OWASP advises (19 MiB, 2 passes, 1 lane)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """The encoded hash, with its salt and parameters."""
    return HASHER.hash(password)


def matches(encoded: str | None, password: str) -> bool:
    """Whether the password is right; without a hash the same work is done and it never is."""
    try:
        return HASHER.verify(encoded or _nobodys(), password) and encoded is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """The hash that unknown people are checked against, so that they take as long."""
    return hashed("a password that nobody has")
