"""The public states that events facts carry. An event is a gathering, never a message."""

from dataclasses import dataclass
from typing import Annotated

from contracts.aggregate import Aggregate
from contracts.members.states import CompetencyArea, Language
from contracts.types import (
    UNSET,
    AreaId,
    Date,
    Email,
    Id,
    Instant,
    Latitude,
    Level,
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

KINDS = (
    "gathering",
    "workshop",
    "training",
    "lecture",
    "clinic",
    "sinau_bareng",
    "seminar",
    "discussion",
)
STATES = ("draft", "published", "closed", "cancelled")
AUDIENCES = ("public", "members", "officers")
SCOPES = ("cell", "partners", "network", "public")
REQUEST_STATES = ("new", "accepted", "declined", "answered")
REQUEST_SOURCES = ("member", "institution", "feedback")
SPEAKER_KINDS = ("practitioner", "academic", "bureaucrat", "enthusiast", "officer")
ANSWER_STATES = ("invited", "confirmed", "declined")
HOST_STATES = ("asked", "confirmed", "declined")
QUESTION_KINDS = ("text", "choice", "boolean", "number")
REGISTRATION_STATES = ("confirmed", "waiting", "offered", "cancelled", "attended", "no_show")
VISITOR_STATES = (*REGISTRATION_STATES, "refused")
AWAY_STATES = ("asked", *VISITOR_STATES)
WISHES = ("register", "accept_offer", "reconfirm", "cancel", "forget")
CHECK_IN_WAYS = ("scan", "self", "manual", "walk_in", "csv")
RESERVATION_STATES = ("reserved", "handed_over", "returned", "cancelled")
LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "all-rights-reserved")
FEED_SCOPES = ("member", "area", "region")
CERTIFICATE_STATES = ("valid", "revoked")

EventKind = Annotated[str, Text(longest=20, one_of=KINDS)]
EventState = Annotated[str, Text(longest=10, one_of=STATES)]
Audience = Annotated[str, Text(longest=10, one_of=AUDIENCES)]
SharingScope = Annotated[str, Text(longest=10, one_of=SCOPES)]
RequestState = Annotated[str, Text(longest=10, one_of=REQUEST_STATES)]
RequestSource = Annotated[str, Text(longest=12, one_of=REQUEST_SOURCES)]
SpeakerKind = Annotated[str, Text(longest=14, one_of=SPEAKER_KINDS)]
AnswerState = Annotated[str, Text(longest=10, one_of=ANSWER_STATES)]
HostState = Annotated[str, Text(longest=10, one_of=HOST_STATES)]
QuestionKind = Annotated[str, Text(longest=10, one_of=QUESTION_KINDS)]
RegistrationState = Annotated[str, Text(longest=10, one_of=REGISTRATION_STATES)]
VisitorState = Annotated[str, Text(longest=10, one_of=VISITOR_STATES)]
AwayState = Annotated[str, Text(longest=10, one_of=AWAY_STATES)]
Wish = Annotated[str, Text(longest=12, one_of=WISHES)]
CheckInWay = Annotated[str, Text(longest=10, one_of=CHECK_IN_WAYS)]
ReservationState = Annotated[str, Text(longest=12, one_of=RESERVATION_STATES)]
Licence = Annotated[str, Text(longest=24, one_of=LICENCES)]
FeedScope = Annotated[str, Text(longest=10, one_of=FEED_SCOPES)]
CertificateState = Annotated[str, Text(longest=10, one_of=CERTIFICATE_STATES)]
Zone = Annotated[str, Text(shortest=1, longest=40, pattern=r"[A-Za-z0-9_+/-]+")]
Topic = Annotated[str, Text(shortest=1, longest=160)]
Topics = Annotated[tuple[Topic, ...], Many(most=10)]
Capacity = Annotated[int, Number(least=1, most=5000)]
Rupiah = Annotated[int, Number(least=0, most=10**9)]
Hours = Annotated[int, Number(least=0, most=400)]
Score = Annotated[int, Number(least=1, most=5)]
Bytes = Annotated[int, Number(least=0, most=10**10)]
Signed = Annotated[str, Text(longest=4096)]
Digest = Annotated[str, Text(shortest=64, longest=64, pattern=r"[0-9a-f]{64}")]
QuestionId = Annotated[str, Text(shortest=1, longest=40, pattern=r"[a-z0-9_-]+")]
Serial = Annotated[str, Text(shortest=8, longest=40, pattern=r"[A-Z0-9-]+")]
Reason = Annotated[str, Text(shortest=3, longest=300)]
Rule = Annotated[str, Text(shortest=5, longest=300, pattern=r"[A-Z0-9=;,:+-]+")]


@dataclass(frozen=True, kw_only=True)
class EventRequest(Aggregate):
    """A wish for an event, and the topic that others back (source: features D1, D2).

    `backers` are member ids in the order in which they backed; the asker is the first of them,
    unless the topic came out of anonymous feedback.
    """

    topic: Topic
    area: AreaId
    state: RequestState
    source: RequestSource = "member"
    description: Prose | None = None
    kind: EventKind | None = None
    institution_id: Id | None = None
    requested_by: Id | None = None
    backers: tuple[Id, ...] = ()
    event_id: Id | None = None
    source_event_id: Id | None = None
    decided_by: Id | None = None
    decline_reason: Line | None = None
    reminded_at: Instant | None = None
    escalated_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an event is; `venue_id` when it is one of the register."""

    name: Name
    address: Line | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    institution_id: Id | None = None
    venue_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Host:
    """Whether the institution whose house it is agrees (source: features D4)."""

    institution_id: Id
    state: HostState
    decided_by: Id | None = None
    note: Line | None = None


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Who speaks; a member answers himself, for an outsider a manager notes the answer."""

    id: Id
    name: Name
    kind: SpeakerKind
    subject: Line
    state: AnswerState
    answer_by: Date
    member_id: Id | None = None
    reminded: tuple[int, ...] = ()
    reminded_at: Instant | Unset = UNSET
    material_asked_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class Cohost:
    """Another area that hosts the event too, once its coordinator accepted (source: D17)."""

    area: AreaId
    state: AnswerState


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked at registration; `choices` for a choice only."""

    id: QuestionId
    text: Line
    kind: QuestionKind
    required: bool = False
    choices: Annotated[tuple[Line, ...], Many(most=30)] = ()


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a speaker or the minutes leave behind; size in bytes when it is known."""

    id: Id
    title: Line
    link: Link
    licence: Licence
    added_by: Id
    speaker_id: Id | None = None
    media_type: Line | None = None
    size_bytes: Bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Award:
    """A competency and the level that attending gives evidence for."""

    area: CompetencyArea
    level: Level


@dataclass(frozen=True, kw_only=True)
class Event(Aggregate):
    """A gathering; times are UTC instants, `timezone` is its IANA zone, `fee` is in rupiah.

    `capacity` None is without limit. `date_changed` counts how often the time moved. `home` is the
    name of its region, when it is told in another one. `awards` are shown by `certificates`, so
    what declares them gives those.
    """

    title: Name
    kind: EventKind
    area: AreaId
    state: EventState
    starts_at: Instant
    ends_at: Instant
    timezone: Zone
    description: Prose | None = None
    topics: Topics = ()
    venue: Place | None = None
    host: Host | None = None
    capacity: Capacity | None = None
    fee: Rupiah = 0
    audience: Audience = "public"
    scope: SharingScope = "cell"
    speakers: tuple[Speaker, ...] = ()
    cohosts: tuple[Cohost, ...] = ()
    questions: tuple[Question, ...] = ()
    questions_version: int = 1
    request_id: Id | None = None
    series_id: Id | None = None
    recurrence: Instant | None = None
    hours: Hours = 0
    awards: tuple[Award, ...] = ()
    certificates: bool = False
    feedback: bool = True
    materials: tuple[Material, ...] = ()
    minutes: Prose | None = None
    minutes_waiver: Line | None = None
    no_speaker_reason: Line | None = None
    change_reason: Line | None = None
    date_changed: int = 0
    created_by: Id | None = None
    published_at: Instant | None = None
    closed_at: Instant | None = None
    home: Name | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Seats(Aggregate):
    """How full an event is; `id` is the event's. Each number counts registrations in that state.

    Offered seats are held, and who is there sits, so neither is left; walk-ins may exceed capacity.
    """

    area: AreaId
    capacity: Capacity | None = None
    confirmed: int = 0
    offered: int = 0
    waiting: int = 0
    attended: int = 0

    @property
    def left(self) -> int | None:
        """Seats that can be given away now; None without limit."""
        if self.capacity is None:
            return None
        return max(0, self.capacity - self.confirmed - self.offered - self.attended)


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody without an account; kept as long as the registration."""

    name: Name
    phone: Phone | None = None
    email: Email | None = None


@dataclass(frozen=True, kw_only=True)
class Registration(Aggregate):
    """One person's place at one event; `position` while waiting, `ticket` (JWS) while confirmed.

    `answers` maps question ids to text, number, boolean or one of the choices. A visitor of another
    region has its id as `home_region`.
    """

    event_id: Id
    area: AreaId
    name: Name | None
    state: RegistrationState
    registered_by: Id | None = None
    member_id: Id | None = None
    guest: Guest | None = None
    answers: dict[str, str | float | bool] | None = None
    questions_version: int = 1
    position: int | None = None
    offer_expires_at: Instant | None = None
    needs_reconfirm: bool = False
    ticket: Signed | None = None
    attended_at: Instant | None = None
    checked_in: CheckInWay | None = None
    checked_in_by: Id | None = None
    cancelled_reason: Line | None = None
    home_region: Id | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """When and where an event is, for who hears of it from another region."""

    title: Name
    area: AreaId
    starts_at: Instant
    ends_at: Instant
    timezone: Zone
    place: Line | None = None


@dataclass(frozen=True, kw_only=True)
class AwayRegistration(Aggregate):
    """A member's place at an event of another region, which decides about it (source: I3).

    `wish` is what the member last asked for, `state` what is known of it; `heard` is the version of
    the visitor's registration there. Contacts are there only with his consent to be contacted.
    """

    event_id: Id
    event_region: Id
    occasion: Occasion
    wish: Wish
    state: AwayState
    member_id: Id | None = None
    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    institution: Name | None = None
    language: Language = "id"
    answers: dict[str, str | float | bool] | None = None
    position: int | None = None
    offer_expires_at: Instant | None = None
    needs_reconfirm: bool = False
    ticket: Signed | None = None
    attended_at: Instant | None = None
    cancelled_reason: Line | None = None
    refused: Line | None = None
    heard: int = 0


@dataclass(frozen=True, kw_only=True)
class VisitorRegistration(Aggregate):
    """What became of a visitor's wish, for his region: it names nobody (source: I3).

    `id` is that of the registration there and here; `away_version` the wish that was heard last;
    `refused` the code of the rule that said no. `erased` is the receipt of an erasure.
    """

    event_id: Id
    home_region: Id
    away_version: int
    state: VisitorState
    occasion: Occasion | None = None
    position: int | None = None
    offer_expires_at: Instant | None = None
    needs_reconfirm: bool = False
    ticket: Signed | None = None
    attended_at: Instant | None = None
    cancelled_reason: Line | None = None
    refused: Line | None = None
    erased: bool = False


@dataclass(frozen=True, kw_only=True)
class Venue(Aggregate):
    """A place that can be used again; the contact is for coordinators only."""

    name: Name
    area: AreaId
    address: Line | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    institution_id: Id | None = None
    capacity: Capacity | None = None
    power: bool = False
    internet: bool = False
    equipment: Annotated[tuple[Line, ...], Many(most=30)] = ()
    contact_name: Name | None = None
    contact_phone: Phone | None = None
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """A thing held for an event from one instant to another; conditions in words."""

    id: Id
    event_id: Id
    starts_at: Instant
    ends_at: Instant
    state: ReservationState
    reserved_by: Id
    handed_over_at: Instant | None = None
    returned_at: Instant | None = None
    condition_out: Line | None = None
    condition_in: Line | None = None
    overdue_told_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class Equipment(Aggregate):
    """Something that a member or an institution lends to events (source: features D6)."""

    name: Name
    area: AreaId
    description: Line | None = None
    owner_member_id: Id | None = None
    owner_institution_id: Id | None = None
    condition: Line | None = None
    active: bool = True
    reservations: tuple[Reservation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Series(Aggregate):
    """Events that come again by an RFC 5545 rule; `dates` are the events made of it so far.

    `starts_at` is the first date (UTC); the rule is read in `timezone`, so it keeps local time.
    """

    title: Name
    area: AreaId
    kind: EventKind
    rule: Rule
    starts_at: Instant
    timezone: Zone
    event_ids: tuple[Id, ...] = ()
    made_until: Instant | None = None
    ended: bool = False


@dataclass(frozen=True, kw_only=True)
class NamedProblem:
    """A problem named in feedback, and the topic that was made of it."""

    text: Line
    request_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Feedback(Aggregate):
    """One attendee's answer; nobody can tell whose (source: features D15)."""

    event_id: Id
    area: AreaId
    score: Score
    liked: Prose | None = None
    better: Prose | None = None
    problems: Annotated[tuple[NamedProblem, ...], Many(most=10)] = ()


@dataclass(frozen=True, kw_only=True)
class Certificate(Aggregate):
    """Proof of attendance; `id` is the serial, `signed` a JWS (`certificate+jwt`) of the rest."""

    event_id: Id
    registration_id: Id
    area: AreaId
    member_id: Id | None
    name: Name | None
    title: Name
    kind: EventKind
    held_on: Date
    hours: Hours
    awards: tuple[Award, ...]
    language: Language
    state: CertificateState
    issued_at: Instant
    signed: Signed
    revoked_reason: Line | None = None


@dataclass(frozen=True, kw_only=True)
class CalendarFeed(Aggregate):
    """A calendar behind a token; only the token's SHA-256 is kept."""

    scope: FeedScope
    member_id: Id
    token_digest: Digest
    area: AreaId | None = None
    revoked: bool = False


@dataclass(frozen=True, kw_only=True)
class EventKey(Aggregate):
    """A public key for tickets, check-in codes and certificates (JWK members)."""

    algorithm: str
    curve: str
    x: str
    retires_at: Instant | None = None
