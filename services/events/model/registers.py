"""All aggregates of each kind, as if they lived in memory; what is changed goes through Work."""

from collections.abc import Iterable
from typing import Protocol

from contracts.events import states


class Requests(Protocol):
    """All wishes and topics."""

    def get(self, id: str) -> states.EventRequest | None:
        """One by id."""

    def to_remind(self, before: str) -> list[states.EventRequest]:
        """The undecided ones from before the instant that nobody was reminded of."""

    def to_escalate(self, before: str) -> list[states.EventRequest]:
        """The undecided ones from before the instant that were not escalated."""

    def backed_by(self, member_id: str) -> list[states.EventRequest]:
        """Those that a member asked for or backs."""


class Events(Protocol):
    """All events."""

    def get(self, id: str) -> states.Event | None:
        """One by id."""

    def at_venue(self, venue_id: str, starts_at: str, ends_at: str) -> list[states.Event]:
        """Drafts and announced ones that use the place at some time between the instants."""

    def of_series(self, series_id: str, since: str) -> list[states.Event]:
        """The dates of a series that start then or later, earliest first."""

    def with_speakers_to_remind(self, until: str) -> list[states.Event]:
        """Open ones with an unanswered invitation that runs out on that day or before."""

    def without_material(self, after: str, before: str) -> list[states.Event]:
        """Announced and held ones with a confirmed speaker that ended between the instants."""

    def speaking(self, member_id: str) -> list[states.Event]:
        """Those where a member speaks or was asked to."""


class SeatCounts(Protocol):
    """How full each event is."""

    def get(self, event_id: str) -> states.Seats | None:
        """One event's."""


class Registrations(Protocol):
    """All registrations."""

    def get(self, id: str) -> states.Registration | None:
        """One by id."""

    def many(self, ids: Iterable[str]) -> list[states.Registration]:
        """Those with one of the ids."""

    def of_event(self, event_id: str, *in_states: str) -> list[states.Registration]:
        """An event's, in one of the states (all without), oldest first."""

    def line(self, event_id: str) -> list[states.Registration]:
        """An event's waiting ones, first in line first."""

    def open_of(self, event_id: str, member_id: str) -> states.Registration | None:
        """A member's that was not cancelled."""

    def answered(self, event_id: str) -> bool:
        """Whether somebody has answered the event's questions."""

    def of_member(self, member_id: str) -> list[states.Registration]:
        """A member's, for all events."""

    def lapsed(self, now: str, limit: int) -> list[states.Registration]:
        """Offered seats whose offer has expired, the longest ago first."""


class AwayRegistrations(Protocol):
    """All registrations at events of other regions."""

    def get(self, id: str) -> states.AwayRegistration | None:
        """One by id."""

    def open_of(self, event_id: str, member_id: str) -> states.AwayRegistration | None:
        """A member's that was neither refused nor cancelled."""

    def of_member(self, member_id: str) -> list[states.AwayRegistration]:
        """A member's, for all events."""


class Visitors(Protocol):
    """What visitors' regions were told."""

    def get(self, id: str) -> states.VisitorRegistration | None:
        """One by id."""

    def many(self, ids: Iterable[str]) -> list[states.VisitorRegistration]:
        """Those with one of the ids."""


class Venues(Protocol):
    """The register of places."""

    def get(self, id: str) -> states.Venue | None:
        """One by id."""


class EquipmentPool(Protocol):
    """Things that are lent."""

    def get(self, id: str) -> states.Equipment | None:
        """One by id."""

    def overdue(self, now: str) -> list[states.Equipment]:
        """Those that were handed over and should have been back."""

    def held_for(self, event_id: str) -> list[states.Equipment]:
        """Those with a reservation for the event."""

    def owned_by(self, member_id: str) -> list[states.Equipment]:
        """A member's own."""


class AllSeries(Protocol):
    """Events that come again."""

    def get(self, id: str) -> states.Series | None:
        """One by id."""

    def to_extend(self, until: str) -> list[states.Series]:
        """Those that go on and whose dates are made only until an instant before."""


class Feedbacks(Protocol):
    """Anonymous answers."""

    def get(self, id: str) -> states.Feedback | None:
        """One by id."""


class Certificates(Protocol):
    """Certificates, by serial."""

    def get(self, serial: str) -> states.Certificate | None:
        """One by serial."""

    def of_event(self, event_id: str) -> list[states.Certificate]:
        """An event's."""

    def of_member(self, member_id: str) -> list[states.Certificate]:
        """A member's."""


class CalendarFeeds(Protocol):
    """Calendars behind a token."""

    def get(self, id: str) -> states.CalendarFeed | None:
        """One by id."""

    def of_member(self, member_id: str) -> list[states.CalendarFeed]:
        """A member's that were not revoked."""


class EventKeys(Protocol):
    """Public keys as they were said."""

    def get(self, id: str) -> states.EventKey | None:
        """One by id."""
