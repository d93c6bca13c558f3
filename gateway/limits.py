"""How many requests one principal or address may make in a minute, counted per worker."""

import time

from contracts import common
from gateway.problems import Problem

WINDOW_SECONDS = 60
MOST_COUNTED = 50_000


class Limit:
    """A fixed window of a minute per key; memory is bounded by starting over."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._window = 0
        self._counts: dict[str, int] = {}

    def take(self, key: str) -> None:
        """Count one; raises Problem (429) with the seconds until the next window."""
        now = time.time()
        window = int(now // WINDOW_SECONDS)
        if window != self._window or len(self._counts) > MOST_COUNTED:
            self._window = window
            self._counts.clear()
        count = self._counts.get(key, 0) + 1
        self._counts[key] = count
        if count > self.per_minute:
            seconds = max(1, int((window + 1) * WINDOW_SECONDS - now) + 1)
            raise Problem(common.TOO_MANY, retry_after_seconds=seconds)

    def give_back(self, key: str) -> None:
        """Count one less: what was counted before its end was known did not fail."""
        self._counts[key] = max(0, self._counts.get(key, 0) - 1)
