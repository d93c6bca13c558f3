"""What the rules need from outside: one piece of work, and in it what this service holds."""

from typing import Protocol

from chassis import ports
from contracts.fact import Fact
from services.notifications.model import known, registers, stores
from services.notifications.model.policy import Policy


class Work(known.Books, ports.Work, Protocol):
    """One transaction: what it read, what it changed, what it said."""

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
