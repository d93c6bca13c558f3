"""Time and identity: the only place that reads the clock or makes an id.

There are two clocks. The region's says when things happen; a story or a test may set it ahead. The
machine's is for what processes agree on among themselves: leases, deadlines, pulses, and for what
others outside see (decision 110). Without `CLOCK_FILE` they are the same.
"""

import math
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import uuid_utils

YEARS = range(1900, 3000)

_ahead_by: Path | None = None


def follow(path: str) -> None:
    """From now on the region's clock is ahead by the seconds that a file holds; "" for none.

    The file is read at each use, so that all processes travel together; without it nothing is
    ahead. Raises ValueError when it holds something else.
    """
    global _ahead_by
    _ahead_by = Path(path) if path else None
    ahead()


def may_travel() -> bool:
    """Whether somebody may set the region's clock."""
    return _ahead_by is not None


def ahead() -> float:
    """Seconds that the region's clock is ahead of the machine's; raises ValueError."""
    if _ahead_by is None:
        return 0.0
    try:
        seconds = float(_ahead_by.read_text("ascii"))
    except FileNotFoundError:
        return 0.0
    if not 0 <= seconds < math.inf:
        raise ValueError(f"{seconds} is no number of seconds")
    return seconds


def now() -> str:
    """This instant in the region, RFC 3339 in UTC with milliseconds.

    The width is fixed, so text order is time order.
    """
    return instant(_moment(UTC))


def real() -> str:
    """This instant by the machine's clock: for leases, and for who is outside."""
    return instant(datetime.now(UTC))


def timestamp() -> float:
    """Seconds since 1970 by the region's clock."""
    return _moment(UTC).timestamp()


def instant(moment: datetime) -> str:
    """An aware datetime as an instant."""
    return (
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    )


def moment(text: str) -> datetime:
    """An instant as an aware datetime; raises ValueError."""
    return datetime.fromisoformat(text)


def utc(text: str) -> str:
    """An instant with any offset in our one spelling; raises ValueError, also without an offset."""
    read = moment(text.upper())  # RFC 3339 allows a small t and z
    if read.tzinfo is None or read.year not in YEARS:
        raise ValueError(f"{text} has no offset or is out of range")
    return instant(read)


def today(timezone: str) -> str:
    """The ISO date in an IANA zone."""
    return _moment(ZoneInfo(timezone)).date().isoformat()


def date_in(timezone: str, text: str) -> str:
    """The ISO date of an instant in an IANA zone."""
    return moment(text).astimezone(ZoneInfo(timezone)).date().isoformat()


def _moment(zone: tzinfo) -> datetime:
    real = datetime.now(zone)
    return real if _ahead_by is None else real + timedelta(seconds=ahead())


def later(start: str, seconds: float) -> str:
    """The instant that many seconds after `start` (negative: before)."""
    return instant(moment(start) + timedelta(seconds=seconds))


def seconds_between(start: str, end: str) -> float:
    """Seconds from `start` to `end`."""
    return (moment(end) - moment(start)).total_seconds()


def new_id() -> str:
    """A time-ordered UUID (version 7)."""
    return str(uuid_utils.uuid7())


def random_id() -> str:
    """A UUID (version 4) that tells nothing, not even when it was made."""
    return str(uuid_utils.uuid4())
