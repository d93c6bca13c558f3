"""A command on the wire: one body, written by who asks and read by who answers."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.call import Actor, Call
from chassis.waited import Waited
from contracts.codec import decode, encode
from contracts.command import Command


@dataclass(frozen=True)
class Patience:
    """How many seconds an asker waits, from an instant on its monotonic clock.

    Whoever asks by another clock is another asker: ids are never used again.
    """

    asker: str
    asked_at: float
    seconds: float


def body(
    command: Command,
    actor: Actor,
    patience: Patience,
    *,
    request_id: str,
    traceparent: str,
    key: str | None = None,
    fingerprint: str | None = None,
    if_match: int | None = None,
) -> dict[str, Any]:
    """The body as plain JSON values."""
    return {
        "verb": command.verb,
        "command": encode(command),
        "actor": encode(actor),
        "request_id": request_id,
        "traceparent": traceparent,
        "key": key,
        "fingerprint": fingerprint,
        "if_match": if_match,
        "asker": patience.asker,
        "asked_at": patience.asked_at,
        "within_seconds": patience.seconds,
    }


def read(raw: Mapping[str, Any], command: type[Command], waited: Waited) -> Call:
    """The call that a body stands for; raises Malformed, ValueError, TypeError or KeyError.

    Its deadline is what is left of the asker's patience.
    """
    seconds, asked_at = _finite(raw["within_seconds"]), _finite(raw["asked_at"])
    left = seconds - waited.seconds(str(raw["asker"]), asked_at, time.monotonic())
    return Call(
        command=decode(command, raw["command"]),
        actor=decode(Actor, raw["actor"]),
        deadline=time.time() + left,
        request_id=str(raw["request_id"]),
        traceparent=str(raw["traceparent"]),
        key=raw["key"],
        fingerprint=raw["fingerprint"],
        if_match=raw["if_match"],
    )


def _finite(number: Any) -> float:
    if type(number) not in (int, float) or not math.isfinite(number):
        raise ValueError(f"{number!r} is no number")
    return float(number)
