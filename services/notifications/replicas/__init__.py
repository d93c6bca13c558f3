"""What was heard of members, events and cases; the newest state of each stands."""

from collections.abc import Iterable, Sequence
from typing import Any

from pymongo import ASCENDING, IndexModel

from chassis.ahead import BY_ID
from chassis.replicas import MongoReplicas, note
from chassis.work import Work
from contracts.events import facts as events
from contracts.fact import Fact, State
from contracts.members import facts as members
from contracts.mentoring import facts as mentoring
from contracts.mentoring.states import ENDED
from services.notifications.model import known

ONLY_NOTED: tuple[type[Fact], ...] = (
    members.AreaCreated,
    members.AreaChanged,
    members.AreaCoordinated,
    members.AreaRestated,
    members.InstitutionRegistered,
    members.InstitutionChanged,
    members.InstitutionRestated,
    members.MemberJoined,
    members.MemberInvited,
    members.MemberConsentsChanged,
    members.MemberRestated,
    members.AppointmentAccepted,
    members.AppointmentDeclined,
    members.AppointmentProlonged,
    members.AppointmentEnded,
    members.AppointmentRestated,
    events.EventRequested,
    events.EventRequestBacked,
    events.EventRequestUnbacked,
    events.EventRequestRestated,
    mentoring.MentorshipChanged,
    mentoring.ItemCompleted,
    mentoring.MentorshipErased,
    mentoring.MentorshipRestated,
)
REMINDED_OF: tuple[type[Fact], ...] = (
    events.EventDrafted,
    events.EventChanged,
    events.SpeakerRemoved,
    events.MaterialAdded,
    events.MinutesWritten,
    events.EventRestated,
    events.RegistrationMovedUp,
    events.RegistrationReconfirmed,
    events.RegistrationChanged,
    events.RegistrationErased,
    events.RegistrationRestated,
    events.NoShow,
)
KEPT: dict[str, type[State]] = {
    "member": known.KnownMember,
    "appointment": known.KnownAppointment,
    "area": known.KnownArea,
    "institution": known.KnownInstitution,
    "event": known.KnownEvent,
    "registration": known.KnownRegistration,
    "event_request": known.KnownRequest,
    "mentorship": known.KnownMentorship,
}
INDEXES: dict[str, list[IndexModel]] = {
    "known_member": [
        IndexModel([("area", ASCENDING), ("state", ASCENDING)]),
        IndexModel("institution_id"),
    ],
    "known_institution": [IndexModel("area")],
    "known_appointment": [
        IndexModel([("member_id", ASCENDING), ("state", ASCENDING)]),
        IndexModel([("role", ASCENDING), ("state", ASCENDING)]),
        IndexModel("event_id"),
    ],
    "known_mentorship": [IndexModel("area")],
    "known_registration": [IndexModel([("event_id", ASCENDING), ("state", ASCENDING)])],
}


class MongoMembers(MongoReplicas[known.KnownMember]):
    """All members that were heard of."""

    cls = known.KnownMember

    def __init__(self, collection: Any, institutions: "MongoInstitutions") -> None:
        super().__init__(collection)
        self.institutions = institutions

    def active_in(self, areas: Iterable[str]) -> list[str]:
        """Ids of the active ones of the areas, or whose house lies there; two queries."""
        named = list(areas)
        houses = self.institutions.ids_in(named)
        either = [{"area": {"$in": named}}, {"area": None, "institution_id": {"$in": houses}}]
        return self._ids({"state": "active", "$or": either})

    def active_at(self, institution_id: str) -> list[str]:
        """Ids of the active ones of a house."""
        return self._ids({"state": "active", "institution_id": institution_id})

    def _ids(self, wanted: dict[str, Any]) -> list[str]:
        found = self.collection.find(wanted, projection={"_id": 1}, sort=BY_ID)
        return [document["_id"] for document in found]


class MongoInstitutions(MongoReplicas[known.KnownInstitution]):
    """All institutions that were heard of."""

    cls = known.KnownInstitution

    def ids_in(self, areas: Sequence[str]) -> list[str]:
        """Ids of those in the areas."""
        found = self.collection.find({"area": {"$in": list(areas)}}, projection={"_id": 1})
        return [document["_id"] for document in found]


class MongoAppointments(MongoReplicas[known.KnownAppointment]):
    """All appointments that were heard of."""

    cls = known.KnownAppointment

    def accepted_of(self, member_id: str) -> list[known.KnownAppointment]:
        """A member's accepted ones."""
        return self.some({"member_id": member_id, "state": "accepted"}, sort=BY_ID)

    def accepted(self, roles: Iterable[str]) -> list[known.KnownAppointment]:
        """All accepted ones of the roles."""
        return self.some({"role": {"$in": list(roles)}, "state": "accepted"}, sort=BY_ID)

    def accepted_for(self, event_id: str) -> list[known.KnownAppointment]:
        """The accepted grants of an event."""
        return self.some({"event_id": event_id, "state": "accepted"}, sort=BY_ID)


class MongoAreas(MongoReplicas[known.KnownArea]):
    """All areas that were heard of."""

    cls = known.KnownArea


class MongoEvents(MongoReplicas[known.KnownEvent]):
    """All events that were heard of."""

    cls = known.KnownEvent


class MongoRegistrations(MongoReplicas[known.KnownRegistration]):
    """All registrations that were heard of."""

    cls = known.KnownRegistration

    def of_event(self, event_id: str, *states: str) -> list[known.KnownRegistration]:
        """An event's in one of the states."""
        return self.some({"event_id": event_id, "state": {"$in": list(states)}}, sort=BY_ID)


class MongoRequests(MongoReplicas[known.KnownRequest]):
    """All topics that were heard of."""

    cls = known.KnownRequest


class MongoMentorships(MongoReplicas[known.KnownMentorship]):
    """All cases that were heard of."""

    cls = known.KnownMentorship

    def open_in(self, area: str) -> list[known.KnownMentorship]:
        """An area's that did not end, oldest first."""
        return self.some({"area": area, "state": {"$nin": [None, *ENDED]}}, sort=BY_ID)


class Remembering(Work):
    """The part of a Work that knows what others own."""

    def remember(self, fact: Fact) -> None:
        """Keep what the fact says, unless something newer is known."""
        note(self, KEPT, fact)

    @property
    def members(self) -> MongoMembers:
        """People."""
        return MongoMembers(self.collection("known_member"), self.institutions)

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
    def events(self) -> MongoEvents:
        """Events."""
        return MongoEvents(self.collection("known_event"))

    @property
    def registrations(self) -> MongoRegistrations:
        """People's places at events."""
        return MongoRegistrations(self.collection("known_registration"))

    @property
    def requests(self) -> MongoRequests:
        """Topics."""
        return MongoRequests(self.collection("known_event_request"))

    @property
    def mentorships(self) -> MongoMentorships:
        """Cases."""
        return MongoMentorships(self.collection("known_mentorship"))
