"""A command on the wire: one body, written by who asks and read by who answers."""

from collections.abc import Mapping
from typing import Any

from chassis.work import Actor, Call
from contracts.codec import decode, encode
from contracts.command import Command


def body(
    command: Command,
    actor: Actor,
    deadline: float,
    *,
    request_id: str,
    traceparent: str,
    key: str | None = None,
    fingerprint: str | None = None,
    if_match: int | None = None,
) -> dict[str, Any]:
    """The body as plain JSON values; `deadline` is on the clock of time.time()."""
    return {
        "verb": command.verb,
        "command": encode(command),
        "actor": encode(actor),
        "request_id": request_id,
        "traceparent": traceparent,
        "key": key,
        "fingerprint": fingerprint,
        "if_match": if_match,
        "deadline": deadline,
    }


def read(raw: Mapping[str, Any], command: type[Command]) -> Call:
    """The call that a body stands for; raises Malformed, ValueError, TypeError or KeyError."""
    return Call(
        command=decode(command, raw["command"]),
        actor=decode(Actor, raw["actor"]),
        deadline=float(raw["deadline"]),
        request_id=str(raw["request_id"]),
        traceparent=str(raw["traceparent"]),
        key=raw["key"],
        fingerprint=raw["fingerprint"],
        if_match=raw["if_match"],
    )
