"""What terms and roles mean wherever appointments are known: one meaning for every service."""

from collections.abc import Sequence
from typing import Protocol

OFFICERS = ("coordinator", "secretary")
EVENT_ROLES = ("event_manager", "checkin_staff")


class Term:
    """Something that counts while it is accepted, from a day to a day."""

    state: str
    starts_on: str
    ends_on: str | None

    def in_force(self, today: str) -> bool:
        """Accepted, begun and not past its last day (`today` is an ISO date)."""
        begun = self.state == "accepted" and self.starts_on <= today
        return begun and (self.ends_on is None or today <= self.ends_on)


class Held(Protocol):
    """A role that somebody holds."""

    @property
    def role(self) -> str:
        """One of the roles."""

    @property
    def area(self) -> str | None:
        """Where, when it is a role for an area."""


class Offices:
    """What somebody's appointments in force let him do.

    Who acts for an area without a coordinator is its deputy or the region's coordinator, so both
    have their authority from an appointment too (source: features A4, A5).
    """

    appointments: Sequence[Held]

    def holds(self, *roles: str) -> bool:
        """Whether one of the roles is his."""
        return any(held.role in roles for held in self.appointments)

    @property
    def is_officer(self) -> bool:
        """Region coordinator or secretary."""
        return self.holds(*OFFICERS)

    @property
    def is_operator(self) -> bool:
        """Who runs the cell."""
        return self.holds("operator")

    def may_coordinate(self, area: str | None) -> bool:
        """Officers everywhere; coordinators and deputies in their areas."""
        own = {held.area for held in self.appointments if held.role == "area_coordinator"}
        return self.is_officer or (area is not None and area in own)
