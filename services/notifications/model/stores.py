"""What the service keeps for itself: what waits, where channels reach people; never said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.notifications.model.outgoing import Outgoing
from services.notifications.model.reminders import Reminder
from services.notifications.model.telling import Telling


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Where a channel reaches a member; a webhook has the secret that signs."""

    member_id: str
    channel: str
    address: str
    secret: str | None = None

    @property
    def id(self) -> str:
        """One per member and channel."""
        return f"{self.member_id}:{self.channel}"


@dataclass(frozen=True, kw_only=True)
class Linking:
    """A code that connects a channel when it comes back over it; only its digest is kept."""

    digest: str
    member_id: str
    expires_at: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A provider's name for a message, until it says what became of it."""

    id: str
    outgoing_id: str
    deliveries: tuple[str, ...]


class Tellings(Protocol):
    """People who wait to be told."""

    def add(self, telling: Telling) -> None:
        """Keep one."""

    def get(self, id: str) -> Telling | None:
        """One by id."""

    def due(self, now: str, limit: int) -> list[Telling]:
        """Some that may be told now, oldest first."""

    def put(self, telling: Telling) -> None:
        """Keep it as it is now."""

    def remove(self, id: str) -> None:
        """All were told."""


class AllOutgoing(Protocol):
    """Messages that wait for a provider."""

    def add(self, rows: Sequence[Outgoing]) -> None:
        """Queue some; the items of a digest that waits already join it."""

    def many(self, ids: Iterable[str]) -> list[Outgoing]:
        """Those with one of the ids."""

    def due(self, channel: str, now: str, limit: int) -> list[Outgoing]:
        """Some that may go now, oldest first."""

    def abandoned(self, now: str, limit: int) -> list[Outgoing]:
        """Some whose lease ended while they were handed over."""

    def of_member(self, member_id: str) -> list[Outgoing]:
        """A member's."""

    def put(self, rows: Sequence[Outgoing]) -> None:
        """Keep them as they are now."""

    def remove(self, ids: Iterable[str]) -> None:
        """Forget some."""

    def ages(self) -> dict[str, tuple[int, str]]:
        """How many wait per channel, and since when the oldest is due."""


class Reminders(Protocol):
    """What falls due."""

    def replace(self, subject: str, rows: Sequence[Reminder]) -> None:
        """The subject's reminders are these from now on."""

    def due(self, now: str, limit: int) -> list[Reminder]:
        """Some that are due, oldest first."""

    def remove(self, ids: Iterable[str]) -> None:
        """Forget some."""


class Contacts(Protocol):
    """Where channels reach people."""

    def many(self, ids: Iterable[str]) -> list[Contact]:
        """Those with one of the ids."""

    def put(self, contact: Contact) -> None:
        """Keep one as it is now."""

    def remove(self, member_id: str, channel: str) -> None:
        """Forget one."""

    def remove_all(self, member_id: str) -> None:
        """Forget a member's."""


class Linkings(Protocol):
    """Codes that connect a channel."""

    def get(self, digest: str) -> Linking | None:
        """One by the digest of its code."""

    def put(self, linking: Linking) -> None:
        """Keep one until it expires."""

    def remove(self, digest: str) -> None:
        """It was used."""


class Receipts(Protocol):
    """Providers' names for messages."""

    def get(self, id: str) -> Receipt | None:
        """One by `<channel>:<name>`."""

    def add(self, receipts: Sequence[Receipt]) -> None:
        """Keep some for a week."""


class Announced(Protocol):
    """Time and place of events as people were told."""

    def get(self, event_id: str) -> dict[str, Any] | None:
        """Of one event."""

    def put(self, event_id: str, told: dict[str, Any]) -> None:
        """People were told this."""


class Leaving(Protocol):
    """Members whose notices are still to be erased."""

    def add(self, member_id: str) -> None:
        """One more."""

    def some(self, limit: int) -> list[str]:
        """Some of them."""

    def remove(self, member_id: str) -> None:
        """All of his are erased."""


class Marks(Protocol):
    """What must happen once, and what must not happen side by side."""

    def first(self, id: str) -> bool:
        """Whether nobody marked this before."""

    def one_at_a_time(self, name: str) -> None:
        """Make whoever else does this now wait."""

    def secret(self) -> str:
        """The secret that signs one-tap links; made at the first use."""
