"""Refusals of the notifications service, one class per public code."""

from chassis.errors import Forbidden, Invalid, Refusal, SignInFirst
from contracts.notifications import refusals

__all__ = ["Forbidden", "Invalid", "Refusal", "SignInFirst"]


class NotYetKnown(Exception):
    """A fact speaks of what was not heard yet; it is heard again later, and parked at last."""


class KindUnknown(Refusal):
    """No aggregate is of this kind."""

    refusal = refusals.KIND_UNKNOWN


class NoticeUnknown(Refusal):
    """There is no such notice, or it is another member's."""

    refusal = refusals.NOTICE_UNKNOWN


class DeliveryUnknown(Refusal):
    """There is no such delivery."""

    refusal = refusals.DELIVERY_UNKNOWN


class DeliveryStateForbids(Refusal):
    """The delivery's state does not allow it."""

    refusal = refusals.DELIVERY_STATE_FORBIDS


class RequeueUnconfirmed(Refusal):
    """It may have arrived already."""

    refusal = refusals.REQUEUE_UNCONFIRMED


class PreferencesInvalid(Refusal):
    """A category, a channel or a time of day that does not exist."""

    refusal = refusals.PREFERENCES_INVALID


class CategoryEssential(Refusal):
    """What one registered for cannot be switched off."""

    refusal = refusals.CATEGORY_ESSENTIAL


class AudienceInvalid(Refusal):
    """Not exactly one audience, or one that does not exist."""

    refusal = refusals.AUDIENCE_INVALID


class Throttled(Refusal):
    """Too many announcements or messages in a short time."""

    refusal = refusals.THROTTLED


class RecipientUnknown(Refusal):
    """Nobody whom the sender may know of."""

    refusal = refusals.RECIPIENT_UNKNOWN


class ContactUnwanted(Refusal):
    """He did not agree to be contacted."""

    refusal = refusals.CONTACT_UNWANTED


class TemplateUnknown(Refusal):
    """No notice is of this kind."""

    refusal = refusals.TEMPLATE_UNKNOWN


class UnsubscribeInvalid(Refusal):
    """The token is not one of ours."""

    refusal = refusals.UNSUBSCRIBE_INVALID


class ChannelInvalid(Refusal):
    """The channel is not offered here, or the address does not fit it."""

    refusal = refusals.CHANNEL_INVALID


class LinkInvalid(Refusal):
    """The code that connects a channel is wrong or too old."""

    refusal = refusals.LINK_INVALID
