"""What the service keeps to itself: what it said, what it heard, and how it reaches each peer."""

from dataclasses import dataclass, replace
from typing import Any

from contracts.events import facts as events
from contracts.fact import Fact
from contracts.federation import facts
from contracts.members.facts import InnovationFact


@dataclass(frozen=True, kw_only=True)
class SaidRow:
    """The newest of a subject of ours, as it crosses: to peers only if it is `told`.

    `to` is the one region that it is for; `shared` says that it is still open to others.
    """

    id: str
    sequence: int
    to: str | None = None
    shared: bool = False
    told: bool = False
    envelope: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class AbroadRow:
    """The newest of a subject of a peer, as it was verified."""

    id: str
    peer: str
    kind: str
    sequence: int
    scope: str
    envelope: dict[str, Any]
    subject: str
    title: str = ""
    starts_at: str = ""
    withdrawn: bool = False
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a peer is reached, and when it was heard and greeted last.

    `counted` once all events of ours are known here; `behind` when it must be told everything, and
    `fell` how often that came to be. No copy of the cell holds it: once restored, it knows neither
    what it said nor what it missed.
    """

    id: str
    way: str = "closed"
    counted: bool = False
    behind: bool = True
    fell: int = 0
    heard_at: str | None = None
    greeted_at: str | None = None

    def fall_behind(self) -> "Reach":
        """It missed something, or may have: it must be told everything from the start."""
        return replace(self, behind=True, fell=self.fell + 1)


def row_id(fact: Fact) -> str:
    """The subject that a row is about; an event and its withdrawal are the same one."""
    if isinstance(fact, facts.EventWithdrawn):
        return f"event/{fact.state.id}"
    return f"{fact.kind}/{fact.state.id}"


def scope_of(fact: Fact) -> str:
    """The scope that a fact from abroad is said with here."""
    if isinstance(fact, InnovationFact):
        return fact.innovation.scope
    return fact.event.scope if isinstance(fact, events.EventFact) else "network"
