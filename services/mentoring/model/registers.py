"""All aggregates of each kind, as if they lived in memory; what is changed goes through Work."""

from collections.abc import Sequence
from typing import Protocol

from contracts.mentoring import states


class Mentorships(Protocol):
    """All cases."""

    def get(self, id: str) -> states.Mentorship | None:
        """One by id."""

    def naming(self, member_id: str, *contacts: str) -> list[states.Mentorship]:
        """Those that name a member, or one of the contacts, anywhere."""

    def with_overdue_visits(self, before: str) -> list[states.Mentorship]:
        """Those under way with a visit planned before the instant that nobody was told of."""

    def open_at(self, institution_ids: Sequence[str]) -> list[states.Mentorship]:
        """The open ones of these institutions."""

    def to_match(self, area: str | None) -> list[states.Mentorship]:
        """The assessed ones that may be offered, of an area or all, oldest first."""


class Offers(Protocol):
    """All offers."""

    def get(self, id: str) -> states.Offer | None:
        """One by id."""

    def of_case(self, mentorship_id: str) -> list[states.Offer]:
        """A case's, oldest first."""

    def of_cases(self, mentorship_ids: Sequence[str]) -> list[states.Offer]:
        """Those of the cases, oldest first."""

    def open(self) -> list[states.Offer]:
        """Those that wait for an answer."""

    def lapsed(self, now: str, limit: int) -> list[states.Offer]:
        """The open ones whose time is over, the longest ago first."""


class Mentors(Protocol):
    """All profiles."""

    def get(self, id: str) -> states.Mentor | None:
        """A member's."""

    def all(self) -> list[states.Mentor]:
        """Everybody's."""

    def to_return(self, today: str) -> list[states.Mentor]:
        """Those of who is away until that day or before."""


class Visits(Protocol):
    """All visits."""

    def get(self, id: str) -> states.Visit | None:
        """One by id."""

    def by_client(self, mentorship_id: str, client_id: str) -> states.Visit | None:
        """The one that a phone gave this id."""

    def shows(self, mentorship_id: str, photo_id: str) -> bool:
        """Whether a visit of the case has the photo."""

    def naming(self, member_id: str) -> list[states.Visit]:
        """Those that name a member anywhere."""


class Issues(Protocol):
    """All faults."""

    def get(self, id: str) -> states.Issue | None:
        """One by id."""

    def to_climb(self, now: str, limit: int) -> list[states.Issue]:
        """The open ones that waited long enough at their level."""

    def solved(self, code: str, limit: int) -> list[states.Issue]:
        """The latest solved ones with the code."""

    def naming(self, member_id: str) -> list[states.Issue]:
        """Those that name a member anywhere."""


class FollowUps(Protocol):
    """All follow-ups."""

    def get(self, id: str) -> states.FollowUp | None:
        """One by id."""

    def of_case(self, mentorship_id: str) -> list[states.FollowUp]:
        """A case's, in the order of their making, earliest day first."""

    def to_ask(self, today: str) -> list[states.FollowUp]:
        """The planned ones whose day has come."""

    def answered_by(self, member_id: str) -> list[states.FollowUp]:
        """Those that a member answered."""


class Templates(Protocol):
    """Published templates."""

    def versions(self) -> set[int]:
        """Their numbers."""


class Assignments(Protocol):
    """All assignments."""

    def get(self, id: str) -> states.Assignment | None:
        """One by id."""
