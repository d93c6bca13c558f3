"""What the rules need from outside: one piece of work, and in it what this service holds."""

from typing import Protocol

from chassis import ports
from contracts.fact import Fact
from services.mentoring.model import known, registers
from services.mentoring.model.policy import Policy


class Work(ports.Work, Protocol):
    """One transaction: what it read, what it changed, what it said."""

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
