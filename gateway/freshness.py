"""How old the views are: since when everything that the services recorded has been folded."""

import asyncio
import contextlib
import math
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chassis.errors import Outage
from contracts.catalogue import SPEAKERS
from gateway.views.store import Store

REFRESH_SECONDS = 0.5
UNNOTICED_SECONDS = 2.0
PULSES = frozenset(f"pulse:{speaker}" for speaker in SPEAKERS)


class Freshness:
    """Keeps the oldest of the speakers' pulses; without any, the age of this process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._upto = time.time()
        self._rebuilt_since = math.inf

    async def run(self) -> None:
        """Look at the pulses twice a second, for ever; while the database is away, age."""
        while True:
            with contextlib.suppress(Outage):
                await self.look()
            await asyncio.sleep(REFRESH_SECONDS)

    async def look(self) -> None:
        """Look at the pulses and at what is being built again; raises Outage."""
        self.note((await self._store.meta()).values())

    def note(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take the oldest pulse of those who speak, and the oldest rebuild."""
        known = list(rows)
        since = [_seconds(row["since"]) for row in known if row["_id"].startswith("rebuild:")]
        self._rebuilt_since = min(since, default=math.inf)
        told = [row["upto"] for row in known if row["_id"] in PULSES]
        if told:
            self._upto = _seconds(min(told))

    def lag_seconds(self) -> float:
        """Seconds that a view may be behind; pulses come every second, so less than two is none.

        While a view is built again nobody vouches for more than what was before.
        """
        now = time.time()
        lag = now - self._upto
        return max(lag if lag > UNNOTICED_SECONDS else 0.0, now - self._rebuilt_since)

    def header(self) -> str:
        """The value of X-View-Lag-Seconds."""
        return f"{math.ceil(self.lag_seconds() * 10) / 10:.1f}"


def _seconds(told: str) -> float:
    return datetime.fromisoformat(told).timestamp()
