"""Authority: what a member may do, from the appointments in force that were heard of."""

from dataclasses import dataclass

from contracts.members.roles import Offices
from services.federation.errors import Forbidden
from services.federation.model.known import KnownAppointment, KnownMember


@dataclass(frozen=True, kw_only=True)
class Authority(Offices):
    """A member and his appointments in force."""

    member: KnownMember
    appointments: tuple[KnownAppointment, ...] = ()

    def must_be_officer(self) -> None:
        """Raise Forbidden unless region coordinator or secretary."""
        if not self.is_officer:
            raise Forbidden("the region's coordinator or secretary decides this")
