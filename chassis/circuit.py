"""A circuit breaker: after some failures in a row, refuse at once and let one probe through."""

import time
from dataclasses import dataclass

from chassis.errors import Outage


@dataclass
class Circuit:
    """One service's circuit; `clock` gives monotonic seconds."""

    failures_to_open: int = 5
    open_seconds: float = 2.0
    failures: int = 0
    opened_at: float = 0.0
    probing: bool = False

    @property
    def is_open(self) -> bool:
        """Whether requests are refused, but for a probe."""
        return self.failures >= self.failures_to_open

    def enter(self) -> None:
        """Ask to pass; raises Outage while open, except for one probe after the pause."""
        if not self.is_open:
            return
        if self.probing or time.monotonic() - self.opened_at < self.open_seconds:
            raise Outage("the service did not answer lately", retry_after_seconds=2)
        self.probing = True

    def answered(self) -> None:
        """The service answered: closed again."""
        self.failures, self.probing = 0, False

    def failed(self) -> None:
        """It did not; a failed probe keeps it open for another pause."""
        self.failures += 1
        self.probing = False
        if self.is_open:
            self.opened_at = time.monotonic()

    def left(self) -> None:
        """The caller went away before there was an outcome."""
        self.probing = False
