"""Authority: what a member may do, from the appointments in force that were heard of."""

from dataclasses import dataclass

from contracts.events import states
from contracts.members.roles import Offices
from services.events.errors import Forbidden
from services.events.model.known import KnownAppointment, KnownMember

UNDER_WAY = ("draft", "published")


@dataclass(frozen=True, kw_only=True)
class Authority(Offices):
    """A member and his appointments in force."""

    member: KnownMember
    appointments: tuple[KnownAppointment, ...] = ()

    def may_manage(self, event: states.Event) -> bool:
        """Coordinators of its area; its managers until it is closed or cancelled."""
        return self.may_coordinate(event.area) or self._granted(event, "event_manager")

    def may_check_in(self, event: states.Event) -> bool:
        """Who manages it, and its check-in staff until it is closed or cancelled."""
        return self.may_manage(event) or self._granted(event, "checkin_staff")

    def must_be_officer(self) -> None:
        """Raise Forbidden unless region coordinator or secretary."""
        if not self.is_officer:
            raise Forbidden("the region's coordinator or secretary decides this")

    def must_coordinate(self, area: str) -> None:
        """Raise Forbidden unless the area is his to coordinate."""
        if not self.may_coordinate(area):
            raise Forbidden(f"a coordinator of area {area} decides this")

    def must_manage(self, event: states.Event) -> None:
        """Raise Forbidden unless the event is his to manage."""
        if not self.may_manage(event):
            raise Forbidden(f"a coordinator of area {event.area} or the event's manager does this")

    def must_check_in(self, event: states.Event) -> None:
        """Raise Forbidden unless he may note who is there."""
        if not self.may_check_in(event):
            raise Forbidden("the event's staff or a coordinator of its area does this")

    def _granted(self, event: states.Event, role: str) -> bool:
        """By who may coordinate the event's area: of another area nobody can give it away."""
        given = (a for a in self.appointments if a.role == role and a.event_id == event.id)
        return event.state in UNDER_WAY and any(a.area in (None, event.area) for a in given)
