"""What was heard of members: who is active and which roles he holds; the newest of each stands."""

from typing import Any

from pymongo import ASCENDING, IndexModel

from chassis.replicas import MongoReplicas
from chassis.work import Work
from contracts.fact import Fact, State
from contracts.members import facts
from services.federation.model import known

HEARD: tuple[type[Fact], ...] = (
    facts.MemberJoined,
    facts.MemberInvited,
    facts.MemberContactProven,
    facts.MemberChanged,
    facts.MemberConsentsChanged,
    facts.MemberApproved,
    facts.MemberSuspended,
    facts.MemberReinstated,
    facts.MemberLeft,
    facts.MemberRestated,
    facts.AppointmentAccepted,
    facts.AppointmentProlonged,
    facts.AppointmentEnded,
    facts.AppointmentRestated,
)
INDEXES: dict[str, list[IndexModel]] = {
    "known_appointment": [IndexModel([("member_id", ASCENDING), ("state", ASCENDING)])],
}
KEPT: dict[str, type[State]] = {
    "member": known.KnownMember,
    "appointment": known.KnownAppointment,
}


class MongoMembers(MongoReplicas[known.KnownMember]):
    """All members that were heard of."""

    cls = known.KnownMember


class MongoAppointments(MongoReplicas[known.KnownAppointment]):
    """All appointments that were heard of."""

    cls = known.KnownAppointment

    def accepted_of(self, member_id: str) -> list[known.KnownAppointment]:
        """A member's accepted ones."""
        wanted: dict[str, Any] = {"member_id": member_id, "state": "accepted"}
        return self.some(wanted, sort=[("_id", 1)])


class Remembering(Work):
    """The part of a Work that knows members."""

    @property
    def members(self) -> MongoMembers:
        """People."""
        return MongoMembers(self.collection("known_member"))

    @property
    def appointments(self) -> MongoAppointments:
        """Their roles."""
        return MongoAppointments(self.collection("known_appointment"))
