"""Quiet hours and digest windows, in the member's zone (source: features H3, H4)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chassis import clock

DIGEST_AT = time(7)
MONDAY = 0


def awake(now: str, quiet_hours: dict[str, str] | None, timezone: str) -> str:
    """The first instant from `now` on that lies in no quiet hour; `now` itself when it is fine.

    The end belongs to the day; a window whose end is before its start goes over midnight.
    """
    if quiet_hours is None:
        return now
    local = _local(now, timezone)
    start, end = time.fromisoformat(quiet_hours["from"]), time.fromisoformat(quiet_hours["to"])
    if not _within(local.time(), start, end):
        return now
    morning = local.date() + timedelta(days=1 if local.time() >= end else 0)
    return _instant(morning, end, timezone)


def _within(at: time, start: time, end: time) -> bool:
    if start <= end:
        return start <= at < end
    return at >= start or at < end


def window_end(now: str, digest: str, timezone: str) -> str:
    """When the digest of this instant goes out: the next seven o'clock, weekly that of Monday."""
    local = _local(now, timezone)
    day = local.date() + timedelta(days=1 if local.time() >= DIGEST_AT else 0)
    if digest == "weekly":
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    return _instant(day, DIGEST_AT, timezone)


def _local(now: str, timezone: str) -> datetime:
    return clock.moment(now).astimezone(ZoneInfo(timezone))


def _instant(day: date, at: time, timezone: str) -> str:
    local = datetime.combine(day, at, ZoneInfo(timezone))
    return clock.instant(local.astimezone(UTC))
