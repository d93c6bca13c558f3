"""Authority: what a member may do, from his appointments in force at the moment of deciding."""

from dataclasses import dataclass

from contracts.members import states
from contracts.members.roles import EVENT_ROLES, Offices
from services.members.errors import NotYours


@dataclass(frozen=True, kw_only=True)
class Authority(Offices):
    """A member and his appointments in force."""

    member: states.Member
    appointments: tuple[states.Appointment, ...] = ()

    def may_mentor(self, area: str | None) -> bool:
        """A mentor's grant for the area, or one without an area."""
        return any(a.role == "mentor" and a.area in (None, area) for a in self.appointments)

    def may_appoint(self, role: str, area: str | None, deputy: bool) -> bool:
        """Officers appoint anybody, the operator only the region coordinator.

        Area coordinators appoint mentors, deputies and event staff in their own areas.
        """
        if role == "operator":
            return self.holds("coordinator")
        if self.is_officer:
            return True
        own_to_give = role in ("mentor", *EVENT_ROLES) or (role == "area_coordinator" and deputy)
        return own_to_give and self.may_coordinate(area)

    @property
    def only_area(self) -> str | None:
        """The area that he coordinates, if it is one alone and he is no officer."""
        own = {held.area for held in self.appointments if held.role == "area_coordinator"}
        return None if self.is_officer or len(own) != 1 else own.pop()

    def must_be_officer(self) -> None:
        """Raise NotYours unless region coordinator or secretary."""
        if not self.is_officer:
            raise NotYours("the region's coordinator or secretary decides this")

    def must_coordinate(self, area: str | None) -> None:
        """Raise NotYours unless the area is his to coordinate; what has none is the officers'."""
        if area is None:
            self.must_be_officer()
        elif not self.may_coordinate(area):
            raise NotYours(f"a coordinator of area {area} decides this")

    def must_coordinate_something(self) -> None:
        """Raise NotYours for who coordinates neither an area nor the region."""
        if not self.is_officer and not self.holds("area_coordinator"):
            raise NotYours("coordinators do this in their areas")

    def must_appoint(self, role: str, area: str | None, deputy: bool) -> None:
        """Raise NotYours unless the role is his to give."""
        if not self.may_appoint(role, area, deputy):
            raise NotYours(f"the role {role} is not yours to give or take")
