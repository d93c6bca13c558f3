"""A transaction of the events service: its collections and its settings."""

from collections.abc import Iterator
from typing import ClassVar

from chassis import clock
from chassis.ahead import Wanted
from chassis.keyring import MongoSigningSecrets
from chassis.settings import Settings
from chassis.work import Work
from contracts.events.commands import Register
from services.events.model.policy import Policy
from services.events.repository import aggregates, private


def policy_of(settings: Settings) -> Policy:
    """What the settings mean to the rules; tickets are issued in the name of the region."""
    return Policy(
        issuer=f"/regions/{settings.region}",
        public_url=settings.public_url,
        timezone=settings.timezone,
        signing_key_days=settings.signing_key_days,
    )


NAMED = (
    ("event_id", "event"),
    ("event_id", "seats"),
    ("registration_id", "registration"),
    ("request_id", "event_request"),
    ("venue_id", "venue"),
    ("equipment_id", "equipment"),
    ("series_id", "series"),
    ("serial", "certificate"),
)


class EventsWork(Work):
    """The model's Work on MongoDB; what members are is remembered by `replicas`."""

    policy: ClassVar[Policy]

    @classmethod
    def under(cls, policy: Policy) -> "type[EventsWork]":
        """Works of one region's policy."""
        return type(cls.__name__, (cls,), {"policy": policy})

    def foreseen(self) -> Iterator[Wanted]:
        """What the command names; of who registers himself, whether he did, and what signs."""
        command, me = self.call.command, self.call.actor.member_id
        for field, kind in NAMED:
            named = getattr(command, field, None)
            if isinstance(named, str):
                yield kind, {"_id": named}
        if isinstance(command, Register) and me is not None:
            yield "registration", aggregates.open_of(command.event_id, me)
            yield "signing_secret", {}

    @property
    def today(self) -> str:
        """The region's date."""
        return clock.today(self.policy.timezone)

    @property
    def requests(self) -> aggregates.MongoRequests:
        """Wishes and topics."""
        return aggregates.MongoRequests(self.collection("event_request"))

    @property
    def events(self) -> aggregates.MongoEvents:
        """All events."""
        return aggregates.MongoEvents(self.collection("event"))

    @property
    def seats(self) -> aggregates.MongoSeats:
        """How full each event is."""
        return aggregates.MongoSeats(self.collection("seats"))

    @property
    def registrations(self) -> aggregates.MongoRegistrations:
        """All registrations."""
        return aggregates.MongoRegistrations(self.collection("registration"))

    @property
    def away_registrations(self) -> aggregates.MongoAwayRegistrations:
        """All registrations at events of other regions."""
        return aggregates.MongoAwayRegistrations(self.collection("away_registration"))

    @property
    def visitors(self) -> aggregates.MongoVisitors:
        """What visitors' regions were told."""
        return aggregates.MongoVisitors(self.collection("visitor_registration"))

    @property
    def venues(self) -> aggregates.MongoVenues:
        """Places."""
        return aggregates.MongoVenues(self.collection("venue"))

    @property
    def equipment(self) -> aggregates.MongoEquipment:
        """Things that are lent."""
        return aggregates.MongoEquipment(self.collection("equipment"))

    @property
    def series(self) -> aggregates.MongoSeries:
        """Events that come again."""
        return aggregates.MongoSeries(self.collection("series"))

    @property
    def feedback(self) -> aggregates.MongoFeedback:
        """Anonymous answers."""
        return aggregates.MongoFeedback(self.collection("feedback"))

    @property
    def certificates(self) -> aggregates.MongoCertificates:
        """Certificates."""
        return aggregates.MongoCertificates(self.collection("certificate"))

    @property
    def calendar_feeds(self) -> aggregates.MongoCalendarFeeds:
        """Calendars behind a token."""
        return aggregates.MongoCalendarFeeds(self.collection("calendar_feed"))

    @property
    def event_keys(self) -> aggregates.MongoEventKeys:
        """Public keys."""
        return aggregates.MongoEventKeys(self.collection("event_key"))

    @property
    def signing_secrets(self) -> MongoSigningSecrets:
        """Private keys."""
        return MongoSigningSecrets(self.collection("signing_secret"))

    @property
    def feedback_marks(self) -> private.MongoFeedbackMarks:
        """Who gave feedback."""
        return private.MongoFeedbackMarks(self.collection("feedback_mark"))

    @property
    def certificate_batches(self) -> private.MongoCertificateBatches:
        """Certificates to be issued."""
        return private.MongoCertificateBatches(self.collection("certificate_batch"))

    @property
    def locks(self) -> private.MongoLocks:
        """Locks."""
        return private.MongoLocks(self.collection("locks"))
