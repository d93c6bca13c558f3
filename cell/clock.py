"""The clock of a throw-away cell, set ahead: what takes days is seen in seconds (decision 110)."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """What the region's clock says, for who may set it; all processes of the cell go by it.

    >>> clock = Clock(directory)
    >>> with Cell(directory, settings=clock.settings):
    ...     clock.advance(hours=72)
    """

    def __init__(self, directory: Path | str) -> None:
        self._file = Path(directory) / "clock"

    @property
    def settings(self) -> dict[str, str]:
        """What makes the processes of a cell go by it."""
        return {"CLOCK_FILE": str(self._file)}

    @property
    def seconds(self) -> float:
        """How far it is ahead."""
        return float(self._file.read_text("ascii")) if self._file.exists() else 0.0

    def advance(self, **by: float) -> None:
        """Set it ahead (`days`, `hours`, …); from the next reading on, in every process."""
        seconds = self.seconds + timedelta(**by).total_seconds()
        beside = self._file.with_suffix(".new")
        beside.write_text(f"{seconds}", "ascii")
        os.replace(beside, self._file)

    def now(self) -> datetime:
        """The region's time."""
        return datetime.now(UTC) + timedelta(seconds=self.seconds)

    def at(self, **away: float) -> str:
        """The instant that far from the region's now, as the API takes it."""
        moment = self.now() + timedelta(**away)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")[:-4] + "Z"
