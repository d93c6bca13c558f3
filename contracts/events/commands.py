"""What the events service can be asked. Path parameters and body fields are one flat command."""

from dataclasses import dataclass
from typing import Annotated

from contracts.command import Command
from contracts.events import states
from contracts.members.commands import CsvLine
from contracts.members.states import Language
from contracts.types import (
    UNSET,
    AreaId,
    Date,
    Id,
    Instant,
    Latitude,
    Line,
    Link,
    Longitude,
    Many,
    Name,
    Number,
    Phone,
    Prose,
    Text,
    Unset,
)

Questions = Annotated[tuple[states.Question, ...], Many(most=20)]
Awards = Annotated[tuple[states.Award, ...], Many(most=5)]
Lines = Annotated[tuple[Line, ...], Many(most=30)]
Lines10 = Annotated[tuple[Line, ...], Many(most=10)]
Apply = Annotated[str, Text(longest=10, one_of=("this", "following", "all"))]
Count = Annotated[int, Number(least=1, most=60)]


@dataclass(frozen=True, kw_only=True)
class Restate(Command):
    """Say all aggregates of a kind again, so that a view or replica can be filled."""

    verb = "events.restate"
    kind: Annotated[str, Text(longest=20)]


# -- wishes and topics ------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RequestEvent(Command):
    """Ask for an event: for oneself, or for one's institution."""

    verb = "events.request_event"
    topic: states.Topic
    area: AreaId
    description: Prose | None = None
    kind: states.EventKind | None = None
    institution_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class BackRequest(Command):
    """Back a wish; a second time changes nothing."""

    verb = "events.back_request"
    request_id: Id


@dataclass(frozen=True, kw_only=True)
class UnbackRequest(Command):
    """Take one's backing back."""

    verb = "events.unback_request"
    request_id: Id


@dataclass(frozen=True, kw_only=True)
class EventDetails(Command):
    """What an event is planned with."""

    title: Name
    kind: states.EventKind
    starts_at: Instant
    ends_at: Instant
    timezone: states.Zone | None = None
    description: Prose | None = None
    topics: states.Topics = ()
    venue: states.Place | None = None
    capacity: states.Capacity | None = None
    fee: states.Rupiah = 0
    audience: states.Audience = "public"
    scope: states.SharingScope = "cell"
    questions: Questions = ()
    hours: states.Hours = 0
    awards: Awards = ()
    certificates: bool = False
    feedback: bool = True


@dataclass(frozen=True, kw_only=True)
class AcceptRequest(EventDetails):
    """Make a draft of a wish; title, kind and topics are the event's, both point to each other.

    The event is in the wish's area, which may be said again.
    """

    verb = "events.accept_request"
    request_id: Id
    area: AreaId | None = None


@dataclass(frozen=True, kw_only=True)
class DeclineRequest(Command):
    """Say no to a wish, with a reason."""

    verb = "events.decline_request"
    request_id: Id
    reason: states.Reason


# -- events -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """Whom to ask to speak, a member or somebody by name; without a subject it is the event's.

    Without `answer_by` there is time until a week before the event, or its day when that has come.
    """

    kind: states.SpeakerKind = "practitioner"
    subject: Line | None = None
    answer_by: Date | None = None
    member_id: Id | None = None
    name: Name | None = None


Invitations = Annotated[tuple[Invitation, ...], Many(most=30)]


@dataclass(frozen=True, kw_only=True)
class PlanEvent(EventDetails):
    """Begin an event as a draft, and ask who speaks."""

    verb = "events.plan_event"
    area: AreaId
    speakers: Invitations = ()


@dataclass(frozen=True, kw_only=True)
class ChangeEvent(Command):
    """Change details; of a series, of this date, this and those that follow, or all.

    Time and place of a published event move by `RescheduleEvent` only, which asks for a reason.
    """

    verb = "events.change_event"
    event_id: Id
    title: Name | Unset = UNSET
    kind: states.EventKind | Unset = UNSET
    starts_at: Instant | Unset = UNSET
    ends_at: Instant | Unset = UNSET
    timezone: states.Zone | Unset = UNSET
    description: Prose | None | Unset = UNSET
    topics: states.Topics | Unset = UNSET
    venue: states.Place | None | Unset = UNSET
    capacity: states.Capacity | None | Unset = UNSET
    fee: states.Rupiah | Unset = UNSET
    audience: states.Audience | Unset = UNSET
    scope: states.SharingScope | Unset = UNSET
    questions: Questions | Unset = UNSET
    new_questions_version: bool = False
    hours: states.Hours | Unset = UNSET
    awards: Awards | Unset = UNSET
    certificates: bool | Unset = UNSET
    feedback: bool | Unset = UNSET
    apply: Apply = "this"


@dataclass(frozen=True, kw_only=True)
class PublishEvent(Command):
    """Announce a draft; without a confirmed speaker only with a written reason.

    `reason` is `no_speaker_reason` under the name that it has in every other step.
    """

    verb = "events.publish_event"
    event_id: Id
    no_speaker_reason: states.Reason | None = None
    reason: states.Reason | None = None


@dataclass(frozen=True, kw_only=True)
class RescheduleEvent(Command):
    """Move a published event in time or place; who is registered is asked again."""

    verb = "events.reschedule_event"
    event_id: Id
    reason: states.Reason
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    venue: states.Place | None = None


@dataclass(frozen=True, kw_only=True)
class CancelEvent(Command):
    """Call an event off."""

    verb = "events.cancel_event"
    event_id: Id
    reason: states.Reason


@dataclass(frozen=True, kw_only=True)
class CloseEvent(Command):
    """End an event that was held: minutes are there, or a waiver says why not."""

    verb = "events.close_event"
    event_id: Id
    minutes_waiver: states.Reason | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerAsHost(Command):
    """The house agrees or not: somebody of the institution, or a coordinator notes it."""

    verb = "events.answer_as_host"
    event_id: Id
    agrees: bool
    note: Line | None = None


@dataclass(frozen=True, kw_only=True)
class InviteSpeaker(Command, Invitation):
    """Ask somebody to speak until a day; a member answers himself."""

    verb = "events.invite_speaker"
    event_id: Id


@dataclass(frozen=True, kw_only=True)
class AnswerAsSpeaker(Command):
    """A speaker confirms or declines; a manager notes it for an outsider."""

    verb = "events.answer_as_speaker"
    event_id: Id
    speaker_id: Id
    confirms: bool


@dataclass(frozen=True, kw_only=True)
class RemoveSpeaker(Command):
    """Take a speaker off the event."""

    verb = "events.remove_speaker"
    event_id: Id
    speaker_id: Id


@dataclass(frozen=True, kw_only=True)
class InviteCohost(Command):
    """Ask another area to host it too."""

    verb = "events.invite_cohost"
    event_id: Id
    area: AreaId


@dataclass(frozen=True, kw_only=True)
class AnswerAsCohost(Command):
    """A coordinator of the other area accepts or declines."""

    verb = "events.answer_as_cohost"
    event_id: Id
    area: AreaId
    accepts: bool


@dataclass(frozen=True, kw_only=True)
class AddMaterial(Command):
    """Leave a material with its licence."""

    verb = "events.add_material"
    event_id: Id
    title: Line
    link: Link
    licence: states.Licence
    speaker_id: Id | None = None
    media_type: Line | None = None
    size_bytes: states.Bytes | None = None


@dataclass(frozen=True, kw_only=True)
class WriteMinutes(Command):
    """Write the minutes, or write them anew."""

    verb = "events.write_minutes"
    event_id: Id
    text: Annotated[str, Text(shortest=1, longest=4000)]


# -- series -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PlanSeries(EventDetails):
    """Begin a series by an RFC 5545 rule; times are those of the first date."""

    verb = "events.plan_series"
    area: AreaId
    rule: states.Rule
    dates: Count = 12


@dataclass(frozen=True, kw_only=True)
class EndSeries(Command):
    """No more dates; drafts that come after today are cancelled."""

    verb = "events.end_series"
    series_id: Id
    reason: states.Reason


# -- seats ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Register(Command):
    """Take a seat or a place in line: for oneself, for a member, or for a guest.

    `series` answers for every date to come of the series; each date keeps its own answer.
    """

    verb = "events.register"
    event_id: Id
    member_id: Id | None = None
    guest: states.Guest | None = None
    answers: dict[str, str | float | bool] | None = None
    series: bool = False


@dataclass(frozen=True, kw_only=True)
class ChangeRegistration(Command):
    """Answer the questions again, accept an offered seat, or reconfirm a moved date."""

    verb = "events.change_registration"
    event_id: Id
    registration_id: Id
    answers: dict[str, str | float | bool] | None = None
    accept_offer: bool = False
    reconfirm: bool = False


@dataclass(frozen=True, kw_only=True)
class CancelRegistration(Command):
    """Give a seat or a place in line back; the next in line gets it in the same transaction."""

    verb = "events.cancel_registration"
    event_id: Id
    registration_id: Id
    reason: Line | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterAbroad(Command):
    """Ask another region for a place at its event; needs the consent to share with the network."""

    verb = "events.register_abroad"
    event_id: Id
    answers: dict[str, str | float | bool] | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeAwayRegistration(Command):
    """Answer the questions again, accept an offered seat, or reconfirm a moved date, abroad."""

    verb = "events.change_away_registration"
    event_id: Id
    registration_id: Id
    answers: dict[str, str | float | bool] | None = None
    accept_offer: bool = False
    reconfirm: bool = False


@dataclass(frozen=True, kw_only=True)
class CancelAwayRegistration(Command):
    """Give a place at an event of another region back."""

    verb = "events.cancel_away_registration"
    event_id: Id
    registration_id: Id
    reason: Line | None = None


# -- the day itself ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Scan:
    """A ticket read by a device at an instant of its own clock."""

    ticket: states.Signed
    scanned_at: Instant | None = None
    device: Line | None = None


@dataclass(frozen=True, kw_only=True)
class CheckIn(Command):
    """Note who is there: one ticket, one member, a batch of scans, a walk-in, or oneself by code.

    Exactly one of the fields is given. Repeating a batch changes nothing more.
    """

    verb = "events.check_in"
    event_id: Id
    ticket: states.Signed | None = None
    member_id: Id | None = None
    scans: Annotated[tuple[Scan, ...], Many(most=500)] | None = None
    walk_in: states.Guest | None = None
    consent: bool = False
    code: states.Signed | None = None


@dataclass(frozen=True, kw_only=True)
class ShowCheckInCode(Command):
    """A code for a screen at the door, by which people check themselves in; it rotates."""

    verb = "events.show_check_in_code"
    event_id: Id


@dataclass(frozen=True, kw_only=True)
class ImportAttendance(Command):
    """Attendance from a CSV file by registration, e-mail or phone; `dry_run` writes nothing."""

    verb = "events.import_attendance"
    event_id: Id
    lines: tuple[CsvLine, ...]
    dry_run: bool = False


# -- places and things --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RegisterVenue(Command):
    """Enter a place into the register."""

    verb = "events.register_venue"
    name: Name
    area: AreaId
    address: Line | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    institution_id: Id | None = None
    capacity: states.Capacity | None = None
    power: bool = False
    internet: bool = False
    equipment: Lines = ()
    contact_name: Name | None = None
    contact_phone: Phone | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeVenue(Command):
    """Change a place's entry."""

    verb = "events.change_venue"
    venue_id: Id
    name: Name | Unset = UNSET
    address: Line | None | Unset = UNSET
    latitude: Latitude | None | Unset = UNSET
    longitude: Longitude | None | Unset = UNSET
    institution_id: Id | None | Unset = UNSET
    capacity: states.Capacity | None | Unset = UNSET
    power: bool | Unset = UNSET
    internet: bool | Unset = UNSET
    equipment: Lines | Unset = UNSET
    contact_name: Name | None | Unset = UNSET
    contact_phone: Phone | None | Unset = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class RegisterEquipment(Command):
    """Enter a thing into the lending pool; without an owner it is one's own."""

    verb = "events.register_equipment"
    name: Name
    area: AreaId
    description: Line | None = None
    owner_member_id: Id | None = None
    owner_institution_id: Id | None = None
    condition: Line | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeEquipment(Command):
    """Change a thing's entry."""

    verb = "events.change_equipment"
    equipment_id: Id
    name: Name | Unset = UNSET
    description: Line | None | Unset = UNSET
    condition: Line | None | Unset = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class ReserveEquipment(Command):
    """Hold a thing for an event; without times, for as long as the event lasts."""

    verb = "events.reserve_equipment"
    equipment_id: Id
    event_id: Id
    starts_at: Instant | None = None
    ends_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class HandOverEquipment(Command):
    """The thing changed hands; its condition is written down."""

    verb = "events.hand_over_equipment"
    equipment_id: Id
    reservation_id: Id
    condition: Line


@dataclass(frozen=True, kw_only=True)
class ReturnEquipment(Command):
    """The thing is back; its condition is written down."""

    verb = "events.return_equipment"
    equipment_id: Id
    reservation_id: Id
    condition: Line


@dataclass(frozen=True, kw_only=True)
class ReleaseEquipment(Command):
    """It is not needed after all."""

    verb = "events.release_equipment"
    equipment_id: Id
    reservation_id: Id


# -- afterwards -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class GiveFeedback(Command):
    """Say once, anonymously, how it was; each problem can become a topic."""

    verb = "events.give_feedback"
    event_id: Id
    score: states.Score
    liked: Prose | None = None
    better: Prose | None = None
    problems: Lines10 = ()


@dataclass(frozen=True, kw_only=True)
class TakeProblem(Command):
    """Make a topic of a problem named in feedback; `number` counts from 1."""

    verb = "events.take_problem"
    event_id: Id
    feedback_id: Id
    number: Annotated[int, Number(least=1, most=10)]


@dataclass(frozen=True, kw_only=True)
class IssueCertificates(Command):
    """Certificates for all who attended a closed event and have none; more may follow shortly."""

    verb = "events.issue_certificates"
    event_id: Id
    language: Language = "id"


@dataclass(frozen=True, kw_only=True)
class RevokeCertificate(Command):
    """A certificate was given in error."""

    verb = "events.revoke_certificate"
    serial: states.Serial
    reason: states.Reason


# -- calendars --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OpenCalendarFeed(Command):
    """A calendar behind a token, told once: one's own, an area's, or the region's."""

    verb = "events.open_calendar_feed"
    scope: states.FeedScope
    area: AreaId | None = None


@dataclass(frozen=True, kw_only=True)
class RevokeCalendarFeed(Command):
    """The token opens nothing any more."""

    verb = "events.revoke_calendar_feed"
    feed_id: Id
