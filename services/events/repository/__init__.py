"""MongoDB behind the model's ports: the only place of the service that knows it."""

from services.events.repository.indexes import INDEXES, UNIQUE
from services.events.repository.work import EventsWork, policy_of

DATABASE = "jejaring_events"

__all__ = ["DATABASE", "INDEXES", "UNIQUE", "EventsWork", "policy_of"]
