"""How old the views are: since when everything that the services recorded has been folded."""

import asyncio
import contextlib
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

    async def run(self) -> None:
        """Look at the pulses twice a second, for ever; while the database is away, age."""
        while True:
            with contextlib.suppress(Outage):
                self.note((await self._store.meta()).values())
            await asyncio.sleep(REFRESH_SECONDS)

    def note(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take the oldest pulse of those who speak."""
        told = [row["upto"] for row in rows if row["_id"] in PULSES]
        if told:
            self._upto = datetime.fromisoformat(min(told)).timestamp()

    def lag_seconds(self) -> float:
        """Seconds that a view may be behind; pulses come every second, so less than two is none."""
        lag = time.time() - self._upto
        return lag if lag > UNNOTICED_SECONDS else 0.0

    def header(self) -> str:
        """The value of X-View-Lag-Seconds."""
        return f"{self.lag_seconds():.1f}"
