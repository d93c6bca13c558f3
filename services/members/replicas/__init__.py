"""What was heard of events; the newest of each stands."""

from chassis.replicas import MongoReplicas, note
from chassis.work import Work
from contracts.events import facts
from contracts.fact import Fact, State
from services.members.model import known

HEARD: tuple[type[Fact], ...] = (
    facts.EventDrafted,
    facts.EventClosed,
    facts.EventCancelled,
    facts.EventRestated,
)
KEPT: dict[str, type[State]] = {"event": known.KnownEvent}


class MongoEvents(MongoReplicas[known.KnownEvent]):
    """All events that were heard of."""

    cls = known.KnownEvent


class Remembering(Work):
    """The part of a Work that knows events."""

    def remember(self, fact: Fact) -> None:
        """Keep what the fact says, unless something newer is known."""
        note(self, KEPT, fact)

    @property
    def events(self) -> MongoEvents:
        """Gatherings."""
        return MongoEvents(self.collection("known_event"))
