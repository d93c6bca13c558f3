"""Has every service say everything again, so that views and replicas are made from it."""

import time
from collections.abc import Iterator
from typing import Any

from cell.backup.scope import VIEWS
from cell.errors import CellError
from cell.found import CELL
from cell.steps import Say
from chassis import asking, clock
from chassis.call import Actor
from chassis.errors import Outage
from contracts.catalogue import FACTS, SPEAKERS
from contracts.command import Command

DEADLINE_SECONDS = 120.0
SETTLED_SECONDS = 300.0
PAUSE_SECONDS = 0.2


def questions() -> Iterator[Command]:
    """One command for each kind that its speaker can say again."""
    for speaker, (_, commands, _) in SPEAKERS.items():
        kinds = {
            fact.kind
            for name, fact in FACTS.items()
            if name.startswith(f"{speaker}.") and "_restated." in name
        }
        yield from (commands.Restate(kind=kind) for kind in sorted(kinds))


def restate(amqp_uri: str, region: str, say: Say) -> str:
    """Ask them all; gives the instant after which everything is recorded. Raises CellError."""
    for command in questions():
        try:
            told = asking.call(
                amqp_uri,
                region,
                command,
                actor=Actor(address=CELL),
                deadline_seconds=DEADLINE_SECONDS,
            )
        except (LookupError, Outage) as error:
            raise CellError(f"{command.verb} was not done: {error}") from None
        if told["restated"]:
            say(f"{told['restated']:>8}  {command.service} {getattr(command, 'kind', '')}")
    return clock.real()


def settled(database: Any, mark: str, seconds: float = SETTLED_SECONDS) -> None:
    """Wait until all that was recorded before the mark is folded into the views."""
    until = time.monotonic() + seconds
    ids = [f"pulse:{speaker}" for speaker in SPEAKERS]
    while time.monotonic() < until:
        pulses = list(database["meta"].find({"_id": {"$in": ids}, "upto": {"$gt": mark}}))
        if len(pulses) == len(ids):
            return
        time.sleep(PAUSE_SECONDS)
    raise CellError(f"{VIEWS} did not catch up within {seconds:g} s; make status")
