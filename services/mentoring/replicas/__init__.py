"""What was heard of members: people, roles, levels, areas, houses; the newest of each stands."""

from collections.abc import Iterator
from typing import Any

from pymongo import ASCENDING, IndexModel

from chassis.ahead import Wanted
from chassis.replicas import MongoReplicas, note
from chassis.work import Work
from contracts.fact import Fact, State
from contracts.members import facts
from services.mentoring.model import known

HEARD: tuple[type[Fact], ...] = (
    facts.AreaCreated,
    facts.AreaChanged,
    facts.AreaRestated,
    facts.InstitutionRegistered,
    facts.InstitutionChanged,
    facts.InstitutionRestated,
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
    facts.CompetenciesRated,
    facts.CompetencyEvidenced,
    facts.CompetencyEvidenceWithdrawn,
    facts.CompetencyEvidenceExpiring,
    facts.CompetencyEndorsed,
    facts.CompetenciesErased,
    facts.CompetenciesRestated,
)
INDEXES: dict[str, list[IndexModel]] = {
    "known_appointment": [
        IndexModel([("member_id", ASCENDING), ("state", ASCENDING)]),
        IndexModel([("role", ASCENDING), ("state", ASCENDING)]),
    ],
}


def accepted_of(member_id: str) -> dict[str, Any]:
    """The query for a member's accepted appointments."""
    return {"member_id": member_id, "state": "accepted"}


class MongoMembers(MongoReplicas[known.KnownMember]):
    """All members that were heard of."""

    cls = known.KnownMember


class MongoAppointments(MongoReplicas[known.KnownAppointment]):
    """All appointments that were heard of."""

    cls = known.KnownAppointment

    def accepted_of(self, member_id: str) -> list[known.KnownAppointment]:
        """A member's accepted ones."""
        return self.some(accepted_of(member_id), sort=[("_id", 1)])

    def accepted(self, role: str) -> list[known.KnownAppointment]:
        """All accepted ones of a role."""
        return self.some({"role": role, "state": "accepted"}, sort=[("_id", 1)])


class MongoCompetencies(MongoReplicas[known.KnownCompetencies]):
    """What is known of members' competencies."""

    cls = known.KnownCompetencies


class MongoAreas(MongoReplicas[known.KnownArea]):
    """All areas that were heard of."""

    cls = known.KnownArea


class MongoInstitutions(MongoReplicas[known.KnownInstitution]):
    """All institutions that were heard of."""

    cls = known.KnownInstitution

    def held(self, id: str) -> known.KnownInstitution | None:
        """One by id; written to, so that a note of something newer waits or this work begins anew.

        Else a case could be asked for under a name that was given up meanwhile, and keep it.
        """
        self.pin(id)
        return self.get(id)


KEPT: dict[str, type[State]] = {
    "member": known.KnownMember,
    "appointment": known.KnownAppointment,
    "area": known.KnownArea,
    "institution": known.KnownInstitution,
    "competencies": known.KnownCompetencies,
}


class Remembering(Work):
    """The part of a Work that knows members."""

    def foreseen(self) -> Iterator[Wanted]:
        """Who asks and his appointments, then what the command itself is about."""
        me = self.call.actor.member_id
        if me is not None:
            yield "known_member", {"_id": me}
            yield "known_appointment", accepted_of(me)
            yield from super().foreseen()

    def remember(self, fact: Fact) -> None:
        """Keep what the fact says, unless something newer is known."""
        note(self, KEPT, fact)

    @property
    def members(self) -> MongoMembers:
        """People."""
        return MongoMembers(self.collection("known_member"))

    @property
    def appointments(self) -> MongoAppointments:
        """Their roles."""
        return MongoAppointments(self.collection("known_appointment"))

    @property
    def competencies(self) -> MongoCompetencies:
        """What they can."""
        return MongoCompetencies(self.collection("known_competencies"))

    @property
    def areas(self) -> MongoAreas:
        """Areas of the region."""
        return MongoAreas(self.collection("known_area"))

    @property
    def institutions(self) -> MongoInstitutions:
        """Houses of the register."""
        return MongoInstitutions(self.collection("known_institution"))
