"""Refusals of the events service, one class per public code."""

from chassis.errors import Forbidden, Invalid, Refusal, SignInFirst
from contracts.events import refusals

__all__ = ["Forbidden", "Invalid", "Refusal", "SignInFirst"]


class KindUnknown(Refusal):
    """There is no such kind."""

    refusal = refusals.KIND_UNKNOWN


class RequestUnknown(Refusal):
    """There is no such request."""

    refusal = refusals.REQUEST_UNKNOWN


class RequestStateForbids(Refusal):
    """The request's state does not allow this."""

    refusal = refusals.REQUEST_STATE_FORBIDS


class EventUnknown(Refusal):
    """There is no such event."""

    refusal = refusals.EVENT_UNKNOWN


class EventInvalid(Refusal):
    """The event is not possible like this."""

    refusal = refusals.EVENT_INVALID


class EventStateForbids(Refusal):
    """The event's state does not allow this."""

    refusal = refusals.EVENT_STATE_FORBIDS


class AreaInvalid(Refusal):
    """The area is not one of this region."""

    refusal = refusals.AREA_INVALID


class MemberInvalid(Refusal):
    """The member is not one of this region."""

    refusal = refusals.MEMBER_INVALID


class InstitutionInvalid(Refusal):
    """The institution is not in the register."""

    refusal = refusals.INSTITUTION_INVALID


class VenueUnknown(Refusal):
    """There is no such place."""

    refusal = refusals.VENUE_UNKNOWN


class VenueInvalid(Refusal):
    """The place is not in the register."""

    refusal = refusals.VENUE_INVALID


class VenueTaken(Refusal):
    """The place is in use at that time."""

    refusal = refusals.VENUE_TAKEN


class HostUnconfirmed(Refusal):
    """The host has not agreed yet."""

    refusal = refusals.HOST_UNCONFIRMED


class SpeakerUnknown(Refusal):
    """There is no such speaker."""

    refusal = refusals.SPEAKER_UNKNOWN


class SpeakerTaken(Refusal):
    """This speaker was invited already."""

    refusal = refusals.SPEAKER_TAKEN


class SpeakerStateForbids(Refusal):
    """The speaker has answered already."""

    refusal = refusals.SPEAKER_STATE_FORBIDS


class SpeakerMissing(Refusal):
    """No speaker has confirmed; give a reason to publish anyway."""

    refusal = refusals.SPEAKER_MISSING


class CohostUnknown(Refusal):
    """This area was not asked to host."""

    refusal = refusals.COHOST_UNKNOWN


class CohostTaken(Refusal):
    """This area hosts the event already."""

    refusal = refusals.COHOST_TAKEN


class QuestionsFrozen(Refusal):
    """Somebody has answered; make a new version of the questions."""

    refusal = refusals.QUESTIONS_FROZEN


class AnswersInvalid(Refusal):
    """Some answers do not fit the questions."""

    refusal = refusals.ANSWERS_INVALID


class CapacityBelow(Refusal):
    """More people have a seat than that."""

    refusal = refusals.CAPACITY_BELOW


class Full(Refusal):
    """There is no seat and no place in line left."""

    refusal = refusals.FULL


class RegistrationClosed(Refusal):
    """Registration is not open."""

    refusal = refusals.REGISTRATION_CLOSED


class AlreadyRegistered(Refusal):
    """This person is registered already."""

    refusal = refusals.ALREADY_REGISTERED


class NetworkConsentNeeded(Refusal):
    """He has not consented to sharing his data with other regions."""

    refusal = refusals.NETWORK_CONSENT_NEEDED


class RegistrationUnknown(Refusal):
    """There is no such registration."""

    refusal = refusals.REGISTRATION_UNKNOWN


class RegistrationStateForbids(Refusal):
    """The registration's state does not allow this."""

    refusal = refusals.REGISTRATION_STATE_FORBIDS


class OfferLapsed(Refusal):
    """The offer has expired."""

    refusal = refusals.OFFER_LAPSED


class RegistrationInvalid(Refusal):
    """Say who registers: oneself, a member or a guest."""

    refusal = refusals.REGISTRATION_INVALID


class CheckInInvalid(Refusal):
    """Give exactly one of ticket, member, scans, walk-in or code."""

    refusal = refusals.CHECK_IN_INVALID


class CheckInClosed(Refusal):
    """Check-in is not open now."""

    refusal = refusals.CHECK_IN_CLOSED


class TicketInvalid(Refusal):
    """The ticket is not genuine."""

    refusal = refusals.TICKET_INVALID


class TicketOtherEvent(Refusal):
    """The ticket is for another event."""

    refusal = refusals.TICKET_OTHER_EVENT


class TicketCancelled(Refusal):
    """The registration was cancelled."""

    refusal = refusals.TICKET_CANCELLED


class CodeInvalid(Refusal):
    """The code is not valid or no longer."""

    refusal = refusals.CODE_INVALID


class ConsentNeeded(Refusal):
    """The guest must consent to being listed."""

    refusal = refusals.CONSENT_NEEDED


class MinutesMissing(Refusal):
    """Write minutes, or say why there are none."""

    refusal = refusals.MINUTES_MISSING


class FeedbackClosed(Refusal):
    """Feedback is not open."""

    refusal = refusals.FEEDBACK_CLOSED


class FeedbackGiven(Refusal):
    """You have answered already."""

    refusal = refusals.FEEDBACK_GIVEN


class FeedbackUnknown(Refusal):
    """There is no such answer."""

    refusal = refusals.FEEDBACK_UNKNOWN


class ProblemTaken(Refusal):
    """This problem is a topic already."""

    refusal = refusals.PROBLEM_TAKEN


class CertificateUnknown(Refusal):
    """There is no such certificate."""

    refusal = refusals.CERTIFICATE_UNKNOWN


class CertificateStateForbids(Refusal):
    """The certificate was revoked already."""

    refusal = refusals.CERTIFICATE_STATE_FORBIDS


class SeriesUnknown(Refusal):
    """There is no such series."""

    refusal = refusals.SERIES_UNKNOWN


class SeriesStateForbids(Refusal):
    """The series has ended."""

    refusal = refusals.SERIES_STATE_FORBIDS


class RuleInvalid(Refusal):
    """The recurrence rule cannot be read."""

    refusal = refusals.RULE_INVALID


class EquipmentUnknown(Refusal):
    """There is no such equipment."""

    refusal = refusals.EQUIPMENT_UNKNOWN


class EquipmentInvalid(Refusal):
    """The equipment is not possible like this."""

    refusal = refusals.EQUIPMENT_INVALID


class EquipmentTaken(Refusal):
    """It is reserved at that time."""

    refusal = refusals.EQUIPMENT_TAKEN


class ReservationUnknown(Refusal):
    """There is no such reservation."""

    refusal = refusals.RESERVATION_UNKNOWN


class ReservationStateForbids(Refusal):
    """The reservation's state does not allow this."""

    refusal = refusals.RESERVATION_STATE_FORBIDS


class FeedUnknown(Refusal):
    """There is no such calendar."""

    refusal = refusals.FEED_UNKNOWN


class FeedInvalid(Refusal):
    """Say which area the calendar is of."""

    refusal = refusals.FEED_INVALID


# What may be refused only because a fact of the members service has not been heard yet.
LAGGING: tuple[type[Refusal], ...] = (
    Forbidden,
    AreaInvalid,
    MemberInvalid,
    InstitutionInvalid,
    NetworkConsentNeeded,
)
