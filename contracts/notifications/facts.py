"""What the notifications service says. Every fact carries the whole subject after the change."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.fact import Fact
from contracts.notifications import states


@dataclass(frozen=True, kw_only=True)
class NoticeFact(Fact):
    """Something about what a member is told."""

    kind: ClassVar[str] = "notice"
    notice: states.Notice


class NoticePosted(NoticeFact):
    """It lies in the member's inbox."""

    name = "notifications.notice_posted.v1"


class NoticeRead(NoticeFact):
    """The member has read it."""

    name = "notifications.notice_read.v1"


class NoticeErased(NoticeFact):
    """The member left: what he was told is gone from this fact on."""

    name = "notifications.notice_erased.v1"


class NoticeRestated(NoticeFact):
    """The notice as it stands, said again."""

    name = "notifications.notice_restated.v1"


@dataclass(frozen=True, kw_only=True)
class DeliveryFact(Fact):
    """Something about a row of the delivery ledger."""

    kind: ClassVar[str] = "delivery"
    delivery: states.Delivery


class DeliveryQueued(DeliveryFact):
    """A notice waits to go over a channel."""

    name = "notifications.delivery_queued.v1"


class DeliveryChanged(DeliveryFact):
    """It was sent, failed, or nobody knows."""

    name = "notifications.delivery_changed.v1"


class DeliveryRestated(DeliveryFact):
    """The row as it stands, said again."""

    name = "notifications.delivery_restated.v1"


@dataclass(frozen=True, kw_only=True)
class PreferencesFact(Fact):
    """Something about how a member wants to be told."""

    kind: ClassVar[str] = "preferences"
    preferences: states.Preferences


class PreferencesChanged(PreferencesFact):
    """A member's wishes, or the channels he connected, changed."""

    name = "notifications.preferences_changed.v1"


class PreferencesRestated(PreferencesFact):
    """The wishes as they stand, said again."""

    name = "notifications.preferences_restated.v1"


@dataclass(frozen=True, kw_only=True)
class AnnouncementFact(Fact):
    """Something about an announcement."""

    kind: ClassVar[str] = "announcement"
    announcement: states.Announcement


class AnnouncementMade(AnnouncementFact):
    """A coordinator told many something."""

    name = "notifications.announcement_made.v1"


class AnnouncementRestated(AnnouncementFact):
    """The announcement as it stands, said again."""

    name = "notifications.announcement_restated.v1"
