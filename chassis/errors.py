"""Three kinds of failure: a refusal (a rule said no), an outage (try later), a bug (the rest)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from contracts import common
from contracts.refusal import RefusalCode


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """What is wrong with one value; `pointer` is a JSON pointer into the body."""

    pointer: str
    code: str
    message: str


class Refusal(Exception):
    """A rule said no; the class names the public code, the detail tells the concrete case."""

    refusal: ClassVar[RefusalCode]

    def __init__(
        self,
        detail: str = "",
        *,
        pointer: str | None = None,
        allowed: Sequence[str] = (),
        retry_after_seconds: int | None = None,
        errors: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(detail or self.refusal.en)
        self.detail = detail
        self.pointer = pointer
        self.allowed = tuple(allowed)
        self.retry_after_seconds = retry_after_seconds
        self.errors = tuple(errors)
        self.facts: Sequence[dict[str, Any]] = ()  # what was recorded though it was refused

    def as_dict(self) -> dict[str, Any]:
        """The refusal as it crosses the wire: codes, never Python paths."""
        return {
            "code": self.refusal.code,
            "detail": self.detail,
            "pointer": self.pointer,
            "allowed": list(self.allowed),
            "retry_after_seconds": self.retry_after_seconds,
            "errors": [vars(error) for error in self.errors],
        }


class Stale(Refusal):
    """The aggregate changed since the caller read it."""

    refusal = common.STALE


class Invalid(Refusal):
    """Some values are not valid."""

    refusal = common.INVALID


class Forbidden(Refusal):
    """Not the actor's to do."""

    refusal = common.FORBIDDEN


class SignInFirst(Refusal):
    """Nobody is signed in."""

    refusal = common.NOT_SIGNED_IN


class KeyMismatch(Refusal):
    """An idempotency key came back with another request."""

    refusal = common.KEY_MISMATCH


class KeyRunning(Refusal):
    """The first request with this idempotency key has not ended."""

    refusal = common.KEY_RUNNING


class KeyForgotten(Refusal):
    """What an idempotency key stands for was done; its answer named somebody who is forgotten."""

    refusal = common.KEY_FORGOTTEN


class Busy(Refusal):
    """So many writers at once that the deadline passed; nothing was changed."""

    refusal = common.BUSY


class Outage(Exception):
    """Something we depend on is away; the same request may be sent again later."""

    def __init__(self, reason: str, retry_after_seconds: int = 2) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class NotToBeHeard(Exception):
    """What was said is never to be heard, now or later: parked at once with this reason."""
