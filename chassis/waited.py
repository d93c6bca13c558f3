"""How long a command was on its way, without comparing anybody's time of day.

An asker says when it asked by a clock that only goes on, and of which nobody knows when it began.
The least that it was behind ours lately is how far apart the two clocks are; by what a command is
later than that it waited: in the queue, on the wire, or in this process.
"""

from collections import OrderedDict
from dataclasses import dataclass

WINDOW_SECONDS = 10.0
MOST_ASKERS = 500


@dataclass
class Apart:
    """The least difference of two clocks in this window of time and in the one before."""

    least: float
    before: float
    until: float

    def note(self, apart: float, now: float) -> float:
        """Take one more; gives the least. In a new window the last but one is forgotten.

        So a clock that stood still for a while (a machine that slept) is believed again soon.
        """
        if now >= self.until:
            self.before, self.least, self.until = self.least, apart, now + WINDOW_SECONDS
        self.least = min(self.least, apart)
        return min(self.least, self.before)


class Waited:
    """What is known of the clocks of those who asked lately; all seconds are monotonic ones."""

    def __init__(self) -> None:
        self._askers: OrderedDict[str, Apart] = OrderedDict()

    def seconds(self, asker: str, asked_at: float, now: float) -> float:
        """How long a command of the asker waited; 0 for the first, of which nothing is known."""
        apart = now - asked_at
        known = self._askers.pop(asker, None) or Apart(apart, apart, now + WINDOW_SECONDS)
        self._askers[asker] = known
        if len(self._askers) > MOST_ASKERS:
            self._askers.popitem(last=False)
        return apart - known.note(apart, now)
