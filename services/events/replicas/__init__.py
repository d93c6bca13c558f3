"""What was heard of members and of other regions' events; the newest of each stands."""

from collections.abc import Iterator, Sequence
from typing import Any

from pymongo import ASCENDING, IndexModel

from chassis.ahead import Wanted
from chassis.replicas import MongoReplicas
from chassis.shelf import texts
from chassis.work import Work
from contracts.events import facts as events
from contracts.fact import Fact, State
from contracts.federation import facts as federation
from contracts.members import facts
from services.events.model import known

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
    federation.PeerApproved,
    federation.PeerConnected,
    federation.PeerBlocked,
    federation.PeerUnblocked,
    federation.PeerRestated,
)
ABROAD: tuple[type[Fact], ...] = (events.EventRestated, federation.EventWithdrawn)
INDEXES: dict[str, list[IndexModel]] = {
    "known_member": [
        IndexModel("email", partialFilterExpression={"email": {"$type": "string"}}),
        IndexModel("phone", partialFilterExpression={"phone": {"$type": "string"}}),
    ],
    "known_appointment": [IndexModel([("member_id", ASCENDING), ("state", ASCENDING)])],
}


def accepted_of(member_id: str) -> dict[str, Any]:
    """The query for a member's accepted appointments."""
    return {"member_id": member_id, "state": "accepted"}


class MongoMembers(MongoReplicas[known.KnownMember]):
    """All members that were heard of."""

    cls = known.KnownMember

    def with_contacts(self, contacts: Sequence[str]) -> list[known.KnownMember]:
        """Those whose e-mail or phone is one of the contacts; one query."""
        wanted = texts(contacts)
        return self.some({"$or": [{"email": wanted}, {"phone": wanted}]})


class MongoAppointments(MongoReplicas[known.KnownAppointment]):
    """All appointments that were heard of."""

    cls = known.KnownAppointment

    def accepted_of(self, member_id: str) -> list[known.KnownAppointment]:
        """A member's accepted ones."""
        return self.some(accepted_of(member_id), sort=[("_id", 1)])


class MongoAreas(MongoReplicas[known.KnownArea]):
    """All areas that were heard of."""

    cls = known.KnownArea


class MongoInstitutions(MongoReplicas[known.KnownInstitution]):
    """All institutions that were heard of."""

    cls = known.KnownInstitution


KEPT: dict[str, type[State]] = {
    "member": known.KnownMember,
    "appointment": known.KnownAppointment,
    "area": known.KnownArea,
    "institution": known.KnownInstitution,
    "event": known.KnownEvent,
    "withdrawal": known.KnownWithdrawal,
    "peer": known.KnownPeer,
}


class MongoEventsAbroad(MongoReplicas[known.KnownEvent]):
    """All events of other regions that were heard of."""

    cls = known.KnownEvent


class MongoWithdrawals(MongoReplicas[known.KnownWithdrawal]):
    """Which of them were withdrawn."""

    cls = known.KnownWithdrawal


class MongoPeers(MongoReplicas[known.KnownPeer]):
    """All peers that were heard of."""

    cls = known.KnownPeer


class Remembering(Work):
    """The part of a Work that knows members, and other regions."""

    def foreseen(self) -> Iterator[Wanted]:
        """Who asks and his appointments, then what the command itself is about."""
        me = self.call.actor.member_id
        if me is not None:
            yield "known_member", {"_id": me}
            yield "known_appointment", accepted_of(me)
            yield from super().foreseen()

    @property
    def members(self) -> MongoMembers:
        """People."""
        return MongoMembers(self.collection("known_member"))

    @property
    def appointments(self) -> MongoAppointments:
        """Their roles."""
        return MongoAppointments(self.collection("known_appointment"))

    @property
    def areas(self) -> MongoAreas:
        """Areas of the region."""
        return MongoAreas(self.collection("known_area"))

    @property
    def institutions(self) -> MongoInstitutions:
        """Houses of the register."""
        return MongoInstitutions(self.collection("known_institution"))

    @property
    def events_abroad(self) -> MongoEventsAbroad:
        """Events of other regions."""
        return MongoEventsAbroad(self.collection("known_event"))

    @property
    def withdrawals(self) -> MongoWithdrawals:
        """Which of them were withdrawn."""
        return MongoWithdrawals(self.collection("known_withdrawal"))

    @property
    def peers(self) -> MongoPeers:
        """Other regions."""
        return MongoPeers(self.collection("known_peer"))
