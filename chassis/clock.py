"""Time and identity: the only place that reads the clock or makes an id."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import uuid_utils

YEARS = range(1900, 3000)


def now() -> str:
    """This instant, RFC 3339 in UTC with milliseconds: fixed width, so text order is time order."""
    return instant(datetime.now(UTC))


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
    return datetime.now(ZoneInfo(timezone)).date().isoformat()


def date_in(timezone: str, text: str) -> str:
    """The ISO date of an instant in an IANA zone."""
    return moment(text).astimezone(ZoneInfo(timezone)).date().isoformat()


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
