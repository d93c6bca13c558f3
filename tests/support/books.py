"""What notifications remembers of others, in memory: enough for the rules to look things up."""

from dataclasses import dataclass, field
from typing import Any

from contracts.codec import decode, encode
from contracts.mentoring.states import ENDED
from services.notifications.model import known
from tests.support.members import NOW, TODAY

KNOWN: dict[str, tuple[str, type[Any]]] = {
    "Area": ("areas", known.KnownArea),
    "Member": ("members", known.KnownMember),
    "Appointment": ("appointments", known.KnownAppointment),
    "Event": ("events", known.KnownEvent),
    "Registration": ("registrations", known.KnownRegistration),
    "EventRequest": ("event_requests", known.KnownRequest),
    "Mentorship": ("mentorships", known.KnownMentorship),
}


class Shelf:
    """States by id."""

    def __init__(self) -> None:
        self.by_id: dict[str, Any] = {}

    def get(self, id: str) -> Any:
        return self.by_id.get(id)

    def many(self, ids: Any) -> list[Any]:
        return [self.by_id[id] for id in ids if id in self.by_id]

    def some(self, wanted: Any) -> list[Any]:
        return [state for _, state in sorted(self.by_id.items()) if wanted(state)]

    # Members
    def active_in(self, areas: Any) -> list[str]:
        return [m.id for m in self.some(lambda m: m.state == "active" and m.area in areas)]

    def active_at(self, house: str) -> list[str]:
        return [
            m.id for m in self.some(lambda m: m.state == "active" and m.institution_id == house)
        ]

    # Appointments
    def accepted_of(self, member_id: str) -> list[Any]:
        return self.some(lambda a: a.member_id == member_id and a.state == "accepted")

    def accepted(self, roles: Any) -> list[Any]:
        return self.some(lambda a: a.role in roles and a.state == "accepted")

    def accepted_for(self, event_id: str) -> list[Any]:
        return self.some(lambda a: a.event_id == event_id and a.state == "accepted")

    # Mentorships
    def open_in(self, area: str) -> list[Any]:
        return self.some(lambda case: case.area == area and case.state not in ENDED)

    # Registrations
    def of_event(self, event_id: str, *states: str) -> list[Any]:
        return self.some(lambda r: r.event_id == event_id and r.state in states)


@dataclass
class MemoryBooks:
    """A Books whose collections are dictionaries."""

    now: str = NOW
    today: str = TODAY
    members: Shelf = field(default_factory=Shelf)
    appointments: Shelf = field(default_factory=Shelf)
    areas: Shelf = field(default_factory=Shelf)
    institutions: Shelf = field(default_factory=Shelf)
    events: Shelf = field(default_factory=Shelf)
    registrations: Shelf = field(default_factory=Shelf)
    event_requests: Shelf = field(default_factory=Shelf)
    mentorships: Shelf = field(default_factory=Shelf)
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def requests(self) -> Shelf:
        return self.event_requests

    def announced(self, event_id: str) -> Any:
        return self.told.get(event_id)

    def knows(self, *states: Any) -> "MemoryBooks":
        """Put states of others onto their shelves."""
        for state in states:
            name, cls = KNOWN[type(state).__name__]
            getattr(self, name).by_id[state.id] = decode(cls, encode(state))
        return self
