"""What the rules need from outside: who asks, and one piece of work."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from contracts.fact import Fact, State
from services.mentoring.model import known, registers
from services.mentoring.model.policy import Policy

S = TypeVar("S", bound=State)


class Actor(Protocol):
    """Who asks."""

    @property
    def member_id(self) -> str | None:
        """The signed-in member."""


class Call(Protocol):
    """The command on its way."""

    @property
    def actor(self) -> Actor:
        """Who asks."""


class Work(Protocol):
    """One transaction: what it read, what it changed, what it said."""

    now: str
    region: str

    @property
    def call(self) -> Call:
        """The command and who gave it."""

    def acts_as(self, roles: Iterable[str]) -> None:
        """The caller holds these offices: what he does now is told as his act."""

    @property
    def today(self) -> str:
        """The region's date at `now`."""

    @property
    def policy(self) -> Policy:
        """The region's settings."""

    @property
    def mentorships(self) -> registers.Mentorships: ...

    @property
    def offers(self) -> registers.Offers: ...

    @property
    def mentors(self) -> registers.Mentors: ...

    @property
    def visits(self) -> registers.Visits: ...

    @property
    def issues(self) -> registers.Issues: ...

    @property
    def follow_ups(self) -> registers.FollowUps: ...

    @property
    def templates(self) -> registers.Templates: ...

    @property
    def assignments(self) -> registers.Assignments: ...

    @property
    def members(self) -> known.KnownMembers: ...

    @property
    def appointments(self) -> known.KnownAppointments: ...

    @property
    def competencies(self) -> known.AllKnownCompetencies: ...

    @property
    def areas(self) -> known.KnownAreas: ...

    @property
    def institutions(self) -> known.KnownInstitutions: ...

    def remember(self, fact: Fact) -> None:
        """Keep what a fact of another service says, unless something newer is known."""

    def to_change(self, state: S) -> S:
        """The state, if the caller saw this version; raises Stale."""

    def record(self, fact: Fact) -> Any:
        """Write the subject and the fact; gives the state."""

    def record_many(self, facts: Sequence[Fact]) -> list[Any]:
        """The same for many, in few round trips."""
