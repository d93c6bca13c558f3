"""What the service keeps for itself and never says, as if it lived in memory."""

from typing import Protocol

from chassis.signing import SigningSecret


class SigningSecrets(Protocol):
    """Private keys."""

    def all(self) -> list[SigningSecret]:
        """Those that sign or will sign."""

    def add(self, secret: SigningSecret) -> None:
        """Keep one."""

    def remove(self, id: str) -> None:
        """Forget one."""


class FeedbackMarks(Protocol):
    """Who has answered; apart from what was said, and without a time."""

    def has(self, event_id: str, registration_id: str) -> bool:
        """Whether the person answered already."""

    def add(self, event_id: str, registration_id: str) -> None:
        """Remember it."""


class CertificateBatches(Protocol):
    """Events of which certificates are still to be issued."""

    def begin(self, event_id: str, language: str) -> None:
        """There are some, or more than before."""

    def events(self) -> list[str]:
        """Ids of the events."""

    def language(self, event_id: str) -> str:
        """In which language they are written."""

    def end(self, event_id: str) -> None:
        """All are issued."""


class Locks(Protocol):
    """Rows that make transactions about the same thing wait for one another."""

    def one_at_a_time(self, name: str) -> None:
        """Make whoever else holds this name now repeat his transaction after ours."""
