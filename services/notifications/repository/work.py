"""A transaction of the notifications service: its collections and its settings."""

from typing import Any, ClassVar

from chassis import clock
from chassis.settings import Settings, SettingsError
from chassis.work import Work
from contracts.notifications.states import hours
from services.notifications.model.policy import Policy
from services.notifications.repository import aggregates, private


def policy_of(settings: Settings, channels: tuple[str, ...]) -> Policy:
    """What the settings mean to the rules; `channels` are those with a sender."""
    return Policy(
        region_name=settings.region_name or settings.region,
        public_url=settings.public_url,
        timezone=settings.timezone,
        channels=channels,
        quiet_hours=quiet_hours_of(settings.quiet_hours),
        phone_mail_domain=settings.phone_mail_domain,
        telegram_bot=settings.telegram_bot,
        telegram_secret=settings.telegram_secret,
    )


def quiet_hours_of(text: str) -> dict[str, str] | None:
    """As a member would say them, None when off; raises SettingsError."""
    try:
        return hours(text)
    except ValueError as error:
        raise SettingsError(f"QUIET_HOURS: {error}") from None


class NotificationsWork(Work):
    """The model's Work on MongoDB; what others own is remembered by `replicas`."""

    policy: ClassVar[Policy]

    @classmethod
    def under(cls, policy: Policy) -> "type[NotificationsWork]":
        """Works of one region's policy."""
        return type(cls.__name__, (cls,), {"policy": policy})

    @property
    def today(self) -> str:
        """The region's date."""
        return clock.today(self.policy.timezone)

    def announced(self, event_id: str) -> dict[str, Any] | None:
        """Time and place of an event as people were told."""
        return self.told_of.get(event_id)

    @property
    def notices(self) -> aggregates.MongoNotices:
        """All notices."""
        return aggregates.MongoNotices(self.collection("notice"))

    @property
    def deliveries(self) -> aggregates.MongoDeliveries:
        """The ledger."""
        return aggregates.MongoDeliveries(self.collection("delivery"))

    @property
    def preferences(self) -> aggregates.MongoPreferences:
        """Wishes."""
        return aggregates.MongoPreferences(self.collection("preferences"))

    @property
    def announcements(self) -> aggregates.MongoAnnouncements:
        """All announcements."""
        return aggregates.MongoAnnouncements(self.collection("announcement"))

    @property
    def tellings(self) -> private.MongoTellings:
        """People who wait to be told."""
        return private.MongoTellings(self.collection("telling"))

    @property
    def outgoing(self) -> private.MongoOutgoing:
        """Messages that wait for a provider."""
        return private.MongoOutgoing(self.collection("outgoing"))

    @property
    def reminders(self) -> private.MongoReminders:
        """What falls due."""
        return private.MongoReminders(self.collection("reminder"))

    @property
    def contacts(self) -> private.MongoContacts:
        """Where channels reach people."""
        return private.MongoContacts(self.collection("contact"))

    @property
    def linkings(self) -> private.MongoLinkings:
        """Codes that connect a channel."""
        return private.MongoLinkings(self.collection("linking"))

    @property
    def receipts(self) -> private.MongoReceipts:
        """Providers' names for messages."""
        return private.MongoReceipts(self.collection("receipt"))

    @property
    def told_of(self) -> private.MongoAnnounced:
        """What was announced of events."""
        return private.MongoAnnounced(self.collection("told_of"))

    @property
    def leaving(self) -> private.MongoLeaving:
        """Members whose notices are still to be erased."""
        return private.MongoLeaving(self.collection("leaving"))

    @property
    def marks(self) -> private.MongoMarks:
        """Marks, locks and the secret."""
        return private.MongoMarks(self.collection("mark"))
