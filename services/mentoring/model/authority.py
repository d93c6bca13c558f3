"""Authority: what a member may do, from the appointments in force that were heard of."""

from dataclasses import dataclass

from contracts.members.roles import Offices
from contracts.mentoring import states
from services.mentoring.errors import Forbidden
from services.mentoring.model.known import KnownAppointment, KnownMember


@dataclass(frozen=True, kw_only=True)
class Authority(Offices):
    """A member and his appointments in force."""

    member: KnownMember
    appointments: tuple[KnownAppointment, ...] = ()

    def may_mentor(self, area: str | None) -> bool:
        """Mentors in their areas; those of no area in all."""
        return self._holds("mentor", area) or self._holds("mentor", None)

    def is_staff(self, case: states.Mentorship) -> bool:
        """Whether he works at the institution."""
        return self.member.institution_id == case.institution_id

    def is_mentor(self, case: states.Mentorship) -> bool:
        """Whether he accompanies it, alone or as one of two."""
        return self.member.id in (case.mentor_id, case.partner_id)

    def takes_part(self, case: states.Mentorship) -> bool:
        """Requester, staff, mentor and partner, coordinators of the area, officers."""
        own = self.member.id == case.requested_by or self.is_staff(case) or self.is_mentor(case)
        return own or self.may_coordinate(case.area)

    def must_coordinate(self, area: str | None) -> None:
        """Raise Forbidden unless the area is his to coordinate; what has none is the officers'."""
        if area is None:
            self.must_be_officer()
        elif not self.may_coordinate(area):
            raise Forbidden(f"a coordinator of area {area} decides this")

    def must_be_officer(self) -> None:
        """Raise Forbidden unless region coordinator or secretary."""
        if not self.is_officer:
            raise Forbidden("the region's coordinator or secretary decides this")

    def must_take_part(self, case: states.Mentorship) -> None:
        """Raise Forbidden unless the case is his too."""
        if not self.takes_part(case):
            raise Forbidden("who works on the case or coordinates its area does this")

    def _holds(self, role: str, area: str | None) -> bool:
        return any(a.role == role and a.area == area for a in self.appointments)
