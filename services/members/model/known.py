"""What this service remembers of the events service's aggregates, and no more than it needs."""

from dataclasses import dataclass
from typing import Protocol

from contracts.events.states import EventState
from contracts.types import AreaId, Id, Version


@dataclass(frozen=True, kw_only=True)
class KnownEvent:
    """An event: where it is, and whether it is over."""

    id: Id
    version: Version
    area: AreaId
    state: EventState


class KnownEvents(Protocol):
    """All events, as far as they were heard of."""

    def get(self, id: str) -> KnownEvent | None:
        """One by id."""
