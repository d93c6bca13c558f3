"""What the events service says. Every fact carries the whole subject after the change."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.events import states
from contracts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class EventRequestFact(Fact):
    """Something about a wish for an event."""

    kind: ClassVar[str] = "event_request"
    event_request: states.EventRequest


class EventRequested(EventRequestFact):
    """Somebody asked for an event."""

    name = "events.event_requested.v1"


class EventRequestBacked(EventRequestFact):
    """One more member backs it."""

    name = "events.event_request_backed.v1"


class EventRequestUnbacked(EventRequestFact):
    """A member took his backing back, or left."""

    name = "events.event_request_unbacked.v1"


class EventRequestWaits(EventRequestFact):
    """Seven days without a decision: the area's coordinators are reminded."""

    name = "events.event_request_waits.v1"


class EventRequestEscalated(EventRequestFact):
    """Fourteen days without a decision: the region's coordinators are told."""

    name = "events.event_request_escalated.v1"


class EventRequestAccepted(EventRequestFact):
    """An event was made of it; both point to each other."""

    name = "events.event_request_accepted.v1"


class EventRequestDeclined(EventRequestFact):
    """A coordinator said no, with a reason."""

    name = "events.event_request_declined.v1"


class EventRequestAnswered(EventRequestFact):
    """Its event was held: the backers can read the answer there."""

    name = "events.event_request_answered.v1"


class EventRequestRestated(EventRequestFact):
    """The request as it stands, said again."""

    name = "events.event_request_restated.v1"


@dataclass(frozen=True, kw_only=True)
class EventFact(Fact):
    """Something about an event."""

    kind: ClassVar[str] = "event"
    event: states.Event


class EventDrafted(EventFact):
    """An event is being planned."""

    name = "events.event_drafted.v1"


class EventChanged(EventFact):
    """Details changed that nobody needs to be told of one by one."""

    name = "events.event_changed.v1"


class EventPublished(EventFact):
    """Members may see it and register."""

    name = "events.event_published.v1"


class EventRescheduled(EventFact):
    """Time or place changed, with a reason; `before` is what was announced."""

    name = "events.event_rescheduled.v1"


class EventCancelled(EventFact):
    """It will not take place."""

    name = "events.event_cancelled.v1"


class EventClosed(EventFact):
    """It was held, and documented or waived."""

    name = "events.event_closed.v1"


class HostAsked(EventFact):
    """The house it is planned in was asked to agree."""

    name = "events.host_asked.v1"


class HostAnswered(EventFact):
    """The house agreed or not."""

    name = "events.host_answered.v1"


class SpeakerInvited(EventFact):
    """Somebody was asked to speak."""

    name = "events.speaker_invited.v1"


class SpeakerAnswered(EventFact):
    """A speaker confirmed or declined."""

    name = "events.speaker_answered.v1"


class SpeakerRemoved(EventFact):
    """Somebody will not speak after all."""

    name = "events.speaker_removed.v1"


class SpeakerReminded(EventFact):
    """A speaker has not answered: seven or three days are left (the newest `reminded_at`)."""

    name = "events.speaker_reminded.v1"


class MaterialMissing(EventFact):
    """It is over, and confirmed speakers left no material (the newest `material_asked_at`)."""

    name = "events.material_missing.v1"


class CohostInvited(EventFact):
    """Another area was asked to host it too."""

    name = "events.cohost_invited.v1"


class CohostAnswered(EventFact):
    """The other area accepted or declined."""

    name = "events.cohost_answered.v1"


class MaterialAdded(EventFact):
    """A material was added."""

    name = "events.material_added.v1"


class MinutesWritten(EventFact):
    """The minutes were written or changed."""

    name = "events.minutes_written.v1"


class EventRestated(EventFact):
    """The event as it stands, said again."""

    name = "events.event_restated.v1"


@dataclass(frozen=True, kw_only=True)
class SeatsFact(Fact):
    """Something about how full an event is."""

    kind: ClassVar[str] = "seats"
    seats: states.Seats


class SeatsChanged(SeatsFact):
    """Seats were set, taken, held, freed or sat on."""

    name = "events.seats_changed.v1"


class SeatsRestated(SeatsFact):
    """The seats as they stand, said again."""

    name = "events.seats_restated.v1"


@dataclass(frozen=True, kw_only=True)
class RegistrationFact(Fact):
    """Something about one person's place at an event."""

    kind: ClassVar[str] = "registration"
    registration: states.Registration


class RegistrationConfirmed(RegistrationFact):
    """A person has a seat and a ticket."""

    name = "events.registration_confirmed.v1"


class RegistrationWaiting(RegistrationFact):
    """A person stands in line."""

    name = "events.registration_waiting.v1"


class RegistrationMovedUp(RegistrationFact):
    """The line before a waiting person got shorter."""

    name = "events.registration_moved_up.v1"


class SeatOffered(RegistrationFact):
    """A seat came free for the first in line, until the offer expires."""

    name = "events.seat_offered.v1"


class SeatOfferLapsed(RegistrationFact):
    """The offer was not answered in time; the seat goes to the next."""

    name = "events.seat_offer_lapsed.v1"


class RegistrationCancelled(RegistrationFact):
    """A person will not come, or the event will not take place."""

    name = "events.registration_cancelled.v1"


class RegistrationToReconfirm(RegistrationFact):
    """The date moved: the answer is kept and waits to be confirmed again."""

    name = "events.registration_to_reconfirm.v1"


class RegistrationReconfirmed(RegistrationFact):
    """A person comes at the new date too."""

    name = "events.registration_reconfirmed.v1"


class RegistrationChanged(RegistrationFact):
    """Answers or name of a registration changed."""

    name = "events.registration_changed.v1"


class Attended(RegistrationFact):
    """A person was there."""

    name = "events.attended.v1"


class NoShow(RegistrationFact):
    """A person with a seat was not there."""

    name = "events.no_show.v1"


class RegistrationErased(RegistrationFact):
    """The person left the community: the name is gone from this fact on."""

    name = "events.registration_erased.v1"


class RegistrationRestated(RegistrationFact):
    """The registration as it stands, said again."""

    name = "events.registration_restated.v1"


@dataclass(frozen=True, kw_only=True)
class AwayRegistrationFact(Fact):
    """Something about a member's place at an event of another region."""

    kind: ClassVar[str] = "away_registration"
    away_registration: states.AwayRegistration


class AwayRegistrationAsked(AwayRegistrationFact):
    """A member asks another region for a place; said there with what he consented to."""

    name = "events.away_registration_asked.v1"


class AwayRegistrationChanged(AwayRegistrationFact):
    """He accepts an offer, comes at the new date too, or answers again; said there."""

    name = "events.away_registration_changed.v1"


class AwayRegistrationCancelled(AwayRegistrationFact):
    """He will not come; said there."""

    name = "events.away_registration_cancelled.v1"


class AwayRegistrationErased(AwayRegistrationFact):
    """He left, or consents no more: his name is gone here and is to be erased there."""

    name = "events.away_registration_erased.v1"


class AwayRegistrationAnswered(AwayRegistrationFact):
    """The other region decided something that he is to be told."""

    name = "events.away_registration_answered.v1"


class AwayRegistrationUpdated(AwayRegistrationFact):
    """Something changed there that is no news: a place in line, a ticket for a new date."""

    name = "events.away_registration_updated.v1"


class AwayRegistrationRestated(AwayRegistrationFact):
    """The place at an event of another region as it stands, said again."""

    name = "events.away_registration_restated.v1"


@dataclass(frozen=True, kw_only=True)
class VisitorRegistrationFact(Fact):
    """Something about what became of a visitor's wish."""

    kind: ClassVar[str] = "visitor_registration"
    visitor_registration: states.VisitorRegistration


class VisitorRegistrationChanged(VisitorRegistrationFact):
    """A visitor's place was given, moved, taken back or refused; said to his region."""

    name = "events.visitor_registration_changed.v1"


class VisitorRegistrationErased(VisitorRegistrationFact):
    """A visitor's data were erased; said to his region, which keeps it as the receipt."""

    name = "events.visitor_registration_erased.v1"


class VisitorRegistrationRestated(VisitorRegistrationFact):
    """What became of a visitor's wish, said again."""

    name = "events.visitor_registration_restated.v1"


@dataclass(frozen=True, kw_only=True)
class VenueFact(Fact):
    """Something about a place of the register."""

    kind: ClassVar[str] = "venue"
    venue: states.Venue


class VenueRegistered(VenueFact):
    """A place entered the register."""

    name = "events.venue_registered.v1"


class VenueChanged(VenueFact):
    """A place's entry changed."""

    name = "events.venue_changed.v1"


class VenueRestated(VenueFact):
    """The place as it stands, said again."""

    name = "events.venue_restated.v1"


@dataclass(frozen=True, kw_only=True)
class EquipmentFact(Fact):
    """Something about a thing that is lent."""

    kind: ClassVar[str] = "equipment"
    equipment: states.Equipment


class EquipmentRegistered(EquipmentFact):
    """A thing entered the lending pool."""

    name = "events.equipment_registered.v1"


class EquipmentChanged(EquipmentFact):
    """Its entry, a reservation, a hand-over or a return changed it."""

    name = "events.equipment_changed.v1"


class EquipmentOverdue(EquipmentFact):
    """It was not returned in time (`overdue_told_at` of the newest such reservation)."""

    name = "events.equipment_overdue.v1"


class EquipmentRestated(EquipmentFact):
    """The thing as it stands, said again."""

    name = "events.equipment_restated.v1"


@dataclass(frozen=True, kw_only=True)
class SeriesFact(Fact):
    """Something about events that come again."""

    kind: ClassVar[str] = "series"
    series: states.Series


class SeriesBegun(SeriesFact):
    """A series was planned."""

    name = "events.series_begun.v1"


class SeriesChanged(SeriesFact):
    """The rule changed, or more dates were made."""

    name = "events.series_changed.v1"


class SeriesEnded(SeriesFact):
    """No more dates come."""

    name = "events.series_ended.v1"


class SeriesRestated(SeriesFact):
    """The series as it stands, said again."""

    name = "events.series_restated.v1"


@dataclass(frozen=True, kw_only=True)
class FeedbackFact(Fact):
    """Something about an anonymous answer."""

    kind: ClassVar[str] = "feedback"
    feedback: states.Feedback


class FeedbackGiven(FeedbackFact):
    """An attendee said what was good, what was not, and which problems remain."""

    name = "events.feedback_given.v1"


class ProblemTaken(FeedbackFact):
    """A problem named in feedback became a topic."""

    name = "events.problem_taken.v1"


class FeedbackRestated(FeedbackFact):
    """The answer as it stands, said again."""

    name = "events.feedback_restated.v1"


@dataclass(frozen=True, kw_only=True)
class CertificateFact(Fact):
    """Something about a certificate."""

    kind: ClassVar[str] = "certificate"
    certificate: states.Certificate


class CertificateIssued(CertificateFact):
    """An attendee has a certificate; the members service adds its awards as evidence."""

    name = "events.certificate_issued.v1"


class CertificateRevoked(CertificateFact):
    """A certificate counts no more."""

    name = "events.certificate_revoked.v1"


class CertificateErased(CertificateFact):
    """The person left the community: serial and award stay, the name is gone."""

    name = "events.certificate_erased.v1"


class CertificateRestated(CertificateFact):
    """The certificate as it stands, said again."""

    name = "events.certificate_restated.v1"


@dataclass(frozen=True, kw_only=True)
class CalendarFeedFact(Fact):
    """Something about a calendar behind a token."""

    kind: ClassVar[str] = "calendar_feed"
    calendar_feed: states.CalendarFeed


class CalendarFeedOpened(CalendarFeedFact):
    """A calendar can be read with a token."""

    name = "events.calendar_feed_opened.v1"


class CalendarFeedRevoked(CalendarFeedFact):
    """The token opens nothing any more."""

    name = "events.calendar_feed_revoked.v1"


class CalendarFeedRestated(CalendarFeedFact):
    """The calendar as it stands, said again."""

    name = "events.calendar_feed_restated.v1"


@dataclass(frozen=True, kw_only=True)
class EventKeyFact(Fact):
    """Something about a key that signs tickets, check-in codes and certificates."""

    kind: ClassVar[str] = "event_key"
    event_key: states.EventKey


class EventKeyPublished(EventKeyFact):
    """A public key may be used to verify tickets, codes and certificates."""

    name = "events.event_key_published.v1"


class EventKeyRestated(EventKeyFact):
    """The key as it stands, said again."""

    name = "events.event_key_restated.v1"
