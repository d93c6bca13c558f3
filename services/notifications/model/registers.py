"""All aggregates of each kind, as if they lived in memory; what is changed goes through Work."""

from collections.abc import Iterable
from typing import Protocol

from contracts.notifications import states


class Notices(Protocol):
    """All notices."""

    def get(self, id: str) -> states.Notice | None:
        """One by id."""

    def many(self, ids: Iterable[str]) -> list[states.Notice]:
        """Those with one of the ids."""

    def posted(self, ids: Iterable[str]) -> set[str]:
        """Which of the ids are taken."""

    def of_member(self, member_id: str, limit: int) -> list[states.Notice]:
        """Some of a member's that are not erased."""

    def has_written(self, sender_id: str, member_id: str) -> bool:
        """Whether the sender has written a message to the member."""

    def written_since(self, sender_id: str, since: str) -> list[states.Notice]:
        """A sender's messages since the instant, oldest first."""


class Deliveries(Protocol):
    """The ledger."""

    def get(self, id: str) -> states.Delivery | None:
        """One by id."""

    def many(self, ids: Iterable[str]) -> list[states.Delivery]:
        """Those with one of the ids."""

    def of_notices(self, ids: Iterable[str]) -> list[states.Delivery]:
        """Those of the notices, over all channels."""


class AllPreferences(Protocol):
    """The wishes of all members who said any."""

    def get(self, member_id: str) -> states.Preferences | None:
        """One member's."""

    def many(self, ids: Iterable[str]) -> list[states.Preferences]:
        """Those of the members."""


class Announcements(Protocol):
    """All announcements."""

    def made_since(self, sender_id: str, since: str) -> list[states.Announcement]:
        """A sender's since the instant, oldest first."""
