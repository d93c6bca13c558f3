"""What the rules need from outside: one piece of work, and in it what this service holds."""

from typing import Protocol

from chassis import ports
from services.events.model import known, registers, stores
from services.events.model.policy import Policy


class Work(ports.Work, Protocol):
    """One transaction: what it read, what it changed, what it said."""

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
