"""What the rules need from outside: who asks, and one piece of work."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from contracts.fact import Fact, State
from services.notifications.model import known, registers, stores
from services.notifications.model.policy import Policy

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


class Work(known.Books, Protocol):
    """One transaction: what it read, what it changed, what it said."""

    now: str
    region: str

    @property
    def call(self) -> Call:
        """The command and who gave it."""

    def acts_as(self, roles: Iterable[str]) -> None:
        """The caller holds these offices: what he does now is told as his act."""

    @property
    def policy(self) -> Policy:
        """The region's settings."""

    @property
    def notices(self) -> registers.Notices: ...

    @property
    def deliveries(self) -> registers.Deliveries: ...

    @property
    def preferences(self) -> registers.AllPreferences: ...

    @property
    def announcements(self) -> registers.Announcements: ...

    @property
    def tellings(self) -> stores.Tellings: ...

    @property
    def outgoing(self) -> stores.AllOutgoing: ...

    @property
    def reminders(self) -> stores.Reminders: ...

    @property
    def contacts(self) -> stores.Contacts: ...

    @property
    def linkings(self) -> stores.Linkings: ...

    @property
    def receipts(self) -> stores.Receipts: ...

    @property
    def told_of(self) -> stores.Announced: ...

    @property
    def leaving(self) -> stores.Leaving: ...

    @property
    def marks(self) -> stores.Marks: ...

    def remember(self, fact: Fact) -> None:
        """Keep what a fact of another service says, unless something newer is known."""

    def to_change(self, state: S) -> S:
        """The state, if the caller saw this version; raises Stale."""

    def record(self, fact: Fact) -> Any:
        """Write the subject and the fact; gives the state."""

    def record_many(self, facts: Sequence[Fact]) -> list[Any]:
        """The same for many, in few round trips."""
