"""What the rules need from outside: who asks, and one piece of work."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from contracts.fact import Fact, State
from services.events.model import known, registers, stores
from services.events.model.policy import Policy

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
        """The region's date."""

    @property
    def policy(self) -> Policy:
        """The region's settings."""

    @property
    def requests(self) -> registers.Requests: ...

    @property
    def events(self) -> registers.Events: ...

    @property
    def seats(self) -> registers.SeatCounts: ...

    @property
    def registrations(self) -> registers.Registrations: ...

    @property
    def away_registrations(self) -> registers.AwayRegistrations: ...

    @property
    def visitors(self) -> registers.Visitors: ...

    @property
    def venues(self) -> registers.Venues: ...

    @property
    def equipment(self) -> registers.EquipmentPool: ...

    @property
    def series(self) -> registers.AllSeries: ...

    @property
    def feedback(self) -> registers.Feedbacks: ...

    @property
    def certificates(self) -> registers.Certificates: ...

    @property
    def calendar_feeds(self) -> registers.CalendarFeeds: ...

    @property
    def event_keys(self) -> registers.EventKeys: ...

    @property
    def members(self) -> known.KnownMembers: ...

    @property
    def appointments(self) -> known.KnownAppointments: ...

    @property
    def areas(self) -> known.KnownAreas: ...

    @property
    def institutions(self) -> known.KnownInstitutions: ...

    @property
    def events_abroad(self) -> known.KnownEvents: ...

    @property
    def withdrawals(self) -> known.KnownWithdrawals: ...

    @property
    def peers(self) -> known.KnownPeers: ...

    @property
    def signing_secrets(self) -> stores.SigningSecrets: ...

    @property
    def feedback_marks(self) -> stores.FeedbackMarks: ...

    @property
    def certificate_batches(self) -> stores.CertificateBatches: ...

    @property
    def locks(self) -> stores.Locks: ...

    def to_change(self, state: S) -> S:
        """The state, if the caller saw this version; raises Stale."""

    def record(self, fact: Fact) -> Any:
        """Write the subject and the fact; gives the state."""

    def record_many(self, facts: Sequence[Fact]) -> list[Any]:
        """The same for many, in few round trips."""
