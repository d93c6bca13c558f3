"""All aggregates of each kind, as if they lived in memory; what is changed goes through Work."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from contracts.members import states


class Areas(Protocol):
    """All areas."""

    def get(self, id: str) -> states.Area | None:
        """One by id."""

    def active(self) -> list[states.Area]:
        """Those in use."""


class Institutions(Protocol):
    """All institutions."""

    def get(self, id: str) -> states.Institution | None:
        """One by id."""

    def by_npsns(self, npsns: Sequence[str]) -> dict[str, states.Institution]:
        """Those with one of the NPSN, by NPSN."""


class Members(Protocol):
    """All members."""

    def get(self, id: str) -> states.Member | None:
        """One by id."""

    def many(self, ids: Iterable[str]) -> list[states.Member]:
        """Those with one of the ids."""

    def with_contacts(self, contacts: Sequence[str]) -> list[states.Member]:
        """Those whose e-mail or phone is one of the (normalised) contacts."""


class Appointments(Protocol):
    """All appointments."""

    def get(self, id: str) -> states.Appointment | None:
        """One by id."""

    def open_of(self, member_id: str) -> list[states.Appointment]:
        """A member's offered and accepted ones."""

    def accepted(self, role: str) -> list[states.Appointment]:
        """All accepted ones of a role."""

    def open_at(self, event_id: str) -> list[states.Appointment]:
        """Offered and accepted grants for an event."""

    def overdue(self, today: str) -> list[states.Appointment]:
        """Offered and accepted ones whose last day is past."""

    def one_at_a_time(self) -> None:
        """Make whoever else changes the region's officers now wait, so that one always stays."""


class CompetencyLists(Protocol):
    """The competencies of all members."""

    def get(self, member_id: str) -> states.Competencies | None:
        """One member's."""

    def expiring(self, since: str, until: str) -> list[str]:
        """Ids of those with evidence that expires from day to day and was not told so."""


class Innovations(Protocol):
    """All innovations."""

    def get(self, id: str) -> states.Innovation | None:
        """One by id."""

    def concerning(self, member_id: str) -> list[states.Innovation]:
        """Those that a member entered, or is an author of."""

    def one_at_a_time(self) -> None:
        """Make whoever else names authors now wait, so that none is named without consent."""


class Frameworks(Protocol):
    """Published frameworks."""

    def versions(self) -> list[int]:
        """Their numbers, ascending."""


class SigningKeys(Protocol):
    """Public keys as they were said."""

    def get(self, id: str) -> states.SigningKey | None:
        """One by id."""
