"""The table: what, target, measured, whether it holds."""

from dataclasses import dataclass
from typing import Literal

HEADER = "| what | target | measured | | ours | baseline |\n|---|---|---|---|---|---|"

Way = Literal["at least", "at most"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One target: `value` is compared with `target`; the sides are what it was made of."""

    what: str
    way: Way
    target: float
    value: float
    unit: str = "x"
    ours: str = ""
    baseline: str = ""

    @property
    def holds(self) -> bool:
        """Whether the target is reached."""
        if self.way == "at least":
            return self.value >= self.target
        return self.value <= self.target

    def __str__(self) -> str:
        sign = "≥" if self.way == "at least" else "≤"
        cells = (
            self.what,
            f"{sign} {self.target:g} {self.unit}",
            f"**{self.value:.3g} {self.unit}**",
            "ok" if self.holds else f"missed by {self._missed():.0%}",
            self.ours,
            self.baseline,
        )
        return f"| {' | '.join(cells)} |"

    def _missed(self) -> float:
        """By how much of the target."""
        return abs(self.value - self.target) / self.target if self.target else 1.0


def at_least(what: str, target: float, value: float, **more: str) -> Row:
    """A row whose value must not be smaller."""
    return Row(what=what, way="at least", target=target, value=value, **more)


def at_most(what: str, target: float, value: float, **more: str) -> Row:
    """A row whose value must not be larger."""
    return Row(what=what, way="at most", target=target, value=value, **more)
