"""Authority: what a member may do, from the appointments in force that were heard of."""

from dataclasses import dataclass

from contracts.members.roles import Offices
from services.notifications.errors import Forbidden
from services.notifications.model.known import KnownAppointment, KnownEvent, KnownMember


@dataclass(frozen=True, kw_only=True)
class Authority(Offices):
    """A member and his appointments in force."""

    member: KnownMember
    appointments: tuple[KnownAppointment, ...] = ()

    def may_manage(self, event: KnownEvent) -> bool:
        """Coordinators of its area, and its managers until it is closed or cancelled."""
        granted = any(
            a.role == "event_manager" and a.event_id == event.id for a in self.appointments
        )
        return self.may_coordinate(event.area) or (
            granted and event.state in ("draft", "published")
        )

    def must_coordinate(self, area: str | None) -> None:
        """Raise Forbidden unless the area is his to coordinate."""
        if not self.may_coordinate(area):
            raise Forbidden(f"a coordinator of area {area or 'unknown'} does this")

    def must_manage(self, event: KnownEvent) -> None:
        """Raise Forbidden unless the event is his to manage."""
        if not self.may_manage(event):
            raise Forbidden(f"a coordinator of area {event.area} or the event's manager does this")

    def must_run_the_cell(self) -> None:
        """Raise Forbidden unless operator or officer."""
        if not (self.is_operator or self.is_officer):
            raise Forbidden("the operator or an officer does this")
