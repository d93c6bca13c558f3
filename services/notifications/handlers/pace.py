"""How much one sender may send in an hour."""

from collections.abc import Callable, Sequence

from chassis import clock
from contracts.notifications import states
from services.notifications.errors import Throttled
from services.notifications.model.ports import Work

HOUR_SECONDS = 3600.0

Sent = Sequence[states.Notice | states.Announcement]


def must_be_slow(work: Work, lock: str, sent_since: Callable[[str], Sent], most: int) -> None:
    """Raise Throttled with the time to wait at `most` in an hour; `sent_since`: oldest first.

    `lock` names what is counted and of whom: two at once do not both find room.
    """
    work.marks.one_at_a_time(lock)
    sent = sent_since(clock.later(work.now, -HOUR_SECONDS))
    if len(sent) >= most:
        free = clock.later(sent[-most].created_at, HOUR_SECONDS)
        wait = max(1, round(clock.seconds_between(work.now, free)))
        raise Throttled(f"at most {most} in an hour", retry_after_seconds=wait)
