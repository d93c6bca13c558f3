"""A command with who asks it, and what its reply means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.call import Actor
from chassis.errors import Outage
from contracts.command import Command
from gateway.problems import of_refusal


@dataclass(frozen=True, kw_only=True)
class Question:
    """A command with who asks, and what makes it exactly once."""

    command: Command
    actor: Actor
    request_id: str
    traceparent: str
    key: str | None = None
    fingerprint: str | None = None
    if_match: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a command came to, the facts it caused, and whether it is the answer of before."""

    result: Any
    facts: Sequence[Mapping[str, Any]] = ()
    replayed: bool = False


class Bug(Exception):
    """The service failed in a way nobody foresaw."""


def read(reply: Mapping[str, Any]) -> Reply:
    """The reply; raises what a refusal, an outage or a bug on the other side stands for."""
    if "refusal" in reply:
        raise of_refusal(reply["refusal"], reply.get("facts") or ())
    if "outage" in reply:
        raise Outage(reply["outage"], int(reply.get("retry_after_seconds") or 2))
    if "result" not in reply:
        raise Bug(str(reply.get("bug")))
    return Reply(
        result=reply["result"],
        facts=reply.get("facts") or (),
        replayed=bool(reply.get("replayed")),
    )
