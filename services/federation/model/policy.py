"""What a region's settings mean to the rules."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The few settings that rules need; `name` is the region's."""

    name: str
    timezone: str
