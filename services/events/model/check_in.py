"""Check-in: when it is open, and what became of each scan (source: features D10, D11)."""

from dataclasses import dataclass
from typing import Literal

from chassis import clock
from contracts.events import commands, states
from services.events.errors import CheckInClosed, CheckInInvalid, Refusal

WAYS_IN = ("ticket", "member_id", "scans", "walk_in", "code")
HELD = ("published", "closed")
HOUR = 3600
BEFORE_SECONDS, AFTER_SECONDS = 2 * HOUR, 24 * HOUR
DUPLICATE = "events.duplicate_scan"

Outcome = Literal["accepted", "duplicate", "refused"]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one scan; `code` says why, when it was not accepted."""

    outcome: Outcome
    code: str | None = None
    registration_id: str | None = None


def way_in(command: commands.CheckIn) -> str:
    """Which of the fields is given; raises CheckInInvalid unless it is exactly one."""
    given = [name for name in WAYS_IN if getattr(command, name) is not None]
    if len(given) != 1:
        raise CheckInInvalid(f"given are {', '.join(given) or 'none'}")
    return given[0]


def must_be_open(event: states.Event, at: str) -> None:
    """Raise CheckInClosed unless `at` is in the event's window, and it takes or took place."""
    if event.state not in HELD:
        raise CheckInClosed(f"the event is {event.state}")
    opens = clock.later(event.starts_at, -BEFORE_SECONDS)
    closes = clock.later(event.ends_at, AFTER_SECONDS)
    if not opens <= at <= closes:
        raise CheckInClosed(f"it is open from {opens} to {closes}")


def scanned_at(scan: commands.Scan, now: str) -> str:
    """When the device says it was; a clock that is ahead of ours does not count."""
    return min(clock.utc(scan.scanned_at), now) if scan.scanned_at else now


def accepted(registration_id: str) -> Result:
    """He is noted."""
    return Result(outcome="accepted", registration_id=registration_id)


def duplicate(registration_id: str) -> Result:
    """He was noted before."""
    return Result(outcome="duplicate", code=DUPLICATE, registration_id=registration_id)


def refused(refusal: Refusal, registration_id: str | None = None) -> Result:
    """He is not let in, and why."""
    code = refusal.refusal.code
    return Result(outcome="refused", code=code, registration_id=registration_id)


def answer(results: list[Result]) -> dict[str, list[Result]]:
    """The answer to a check-in, one result per scan in their order."""
    return {"results": results}
