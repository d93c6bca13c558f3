"""The public states that mentoring facts carry: an institution is accompanied, not a person."""

from dataclasses import dataclass
from typing import Annotated

from contracts.aggregate import Aggregate
from contracts.types import (
    UNSET,
    AreaId,
    Date,
    Email,
    Id,
    Instant,
    Latitude,
    Line,
    Longitude,
    Many,
    Name,
    Number,
    Phone,
    Prose,
    Text,
    Unset,
)

STATES = (
    "requested",
    "assessed",
    "matched",
    "agreed",
    "in_progress",
    "on_hold",
    "ready_for_signoff",
    "signed_off",
    "follow_up",
    "closed",
    "stopped",
)
ENDED = ("closed", "stopped")
STAGES = (
    "request",
    "readiness",
    "agreement",
    "infrastructure",
    "installation",
    "collection_data",
    "members_labels",
    "staff_training",
    "live_lending",
    "sign_off",
    "follow_up",
)
VERDICTS = ("not_ready", "ready_with_conditions", "ready")
NEEDS = (
    "network",
    "hardware",
    "database",
    "server",
    "slims",
    "metadata",
    "cataloguing",
    "circulation",
    "labels",
    "training",
    "leadership",
)
BACKGROUNDS = ("librarian", "it", "both")
OFFER_STATES = ("offered", "accepted", "declined", "lapsed", "withdrawn")
EVIDENCE_KINDS = ("photo", "number", "file", "text", "date", "none")
VISIBILITIES = ("case", "mentors", "coordinators")
ISSUE_STATES = ("open", "solved")
LEVELS = ("mentor", "area", "region", "network")
PARTIES = ("head", "mentor", "coordinator")
FOLLOW_UP_DAYS = (30, 90, 180)
FOLLOW_UP_STATES = ("planned", "due", "done", "withdrawn")
FAULT_CODES = (
    "DB_ACCESS",
    "PHP_VERSION",
    "SESSION_DIR",
    "WRONG_LOGIN_PAGE",
    "UPGRADE_SQL",
    "MYSQL8",
    "INDEX_NOT_BUILT",
    "MEMBER_LIST_EMPTY",
    "MENU_RIGHTS",
    "IMPORT_ORDER",
    "LOAN_TABLE",
    "BACKUP_NOT_RESTORABLE",
    "LABEL_BARCODE",
    "OTHER",
)

State = Annotated[str, Text(longest=20, one_of=STATES)]
Stage = Annotated[str, Text(longest=20, one_of=STAGES)]
Verdict = Annotated[str, Text(longest=24, one_of=VERDICTS)]
Need = Annotated[str, Text(longest=20, one_of=NEEDS)]
Needs = Annotated[tuple[Need, ...], Many(most=11)]
Background = Annotated[str, Text(longest=12, one_of=BACKGROUNDS)]
OfferState = Annotated[str, Text(longest=10, one_of=OFFER_STATES)]
EvidenceKind = Annotated[str, Text(longest=8, one_of=EVIDENCE_KINDS)]
Visibility = Annotated[str, Text(longest=14, one_of=VISIBILITIES)]
IssueState = Annotated[str, Text(longest=8, one_of=ISSUE_STATES)]
IssueLevel = Annotated[str, Text(longest=8, one_of=LEVELS)]
Party = Annotated[str, Text(longest=12, one_of=PARTIES)]
FaultCode = Annotated[str, Text(longest=24, one_of=FAULT_CODES)]
FollowUpState = Annotated[str, Text(longest=10, one_of=FOLLOW_UP_STATES)]
ItemId = Annotated[str, Text(shortest=1, longest=60, pattern=r"[a-z0-9_.-]+")]
Goal = Annotated[str, Text(shortest=3, longest=160)]
Percent = Annotated[int, Number(least=0, most=100)]
Minutes = Annotated[int, Number(least=0, most=100_000)]
TemplateVersion = Annotated[int, Number(least=1, most=1000)]
Days = Annotated[int, Number(least=1, most=400)]
Reason = Annotated[str, Text(shortest=3, longest=300)]
Lines = Annotated[tuple[Line, ...], Many(most=20)]


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom to call at the institution; for who works on the case only."""

    name: Name
    phone: Phone | None = None
    email: Email | None = None


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """The outcome of an assessment: score in percent, verdict, and the conditions that remain.

    `before` is the score of the assessment before this one.
    """

    template_version: TemplateVersion
    score: Percent
    verdict: Verdict
    conditions: Annotated[tuple[ItemId, ...], Many(most=40)] = ()
    assessed_by: Id | None = None
    assessed_at: Instant | None = None
    before: Percent | None = None


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What proves an item: a photo's or file's id, a number, a date or text."""

    kind: EvidenceKind
    value: Line


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of the checklist; a condition of the assessment is one too.

    Sign-off needs those with `acceptance`; their date is good for `fresh_days`.
    """

    id: ItemId
    stage: Stage
    title_id: Line
    title_en: Line
    evidence_kind: EvidenceKind
    mandatory: bool = True
    acceptance: bool = False
    fresh_days: Days | None = None
    done_at: Instant | None = None
    done_by: Id | None = None
    evidence: Proof | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedVisit:
    """A visit that was agreed; `visit_id` once it took place."""

    id: Id
    planned_at: Instant
    visit_id: Id | None = None
    overdue_told_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What head and mentor promise each other; a change makes a new version and asks both again.

    `dropped` are visits that an earlier version planned and this one does not.
    """

    version: int
    goals: Lines
    duties: Lines
    visits: Annotated[tuple[PlannedVisit, ...], Many(most=40)]
    consent: bool
    head_accepted_at: Instant | None = None
    mentor_accepted_at: Instant | None = None
    dropped: Annotated[tuple[PlannedVisit, ...], Many(most=40)] | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One party's word at sign-off; a no is a state, not a comment."""

    party: Party
    agrees: bool
    at: Instant
    by: Id | None = None
    comment: Line | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """A state and stage that the case came to, and when."""

    state: State
    stage: Stage
    at: Instant
    reason: Line | None = None


@dataclass(frozen=True, kw_only=True)
class Mentorship(Aggregate):
    """One institution's way to a library that runs; states and stages as in the field.

    `steps` are the ones before; the present one is not among them until the next change.
    """

    institution_id: Id
    institution_name: Name
    area: AreaId
    goal: Goal
    state: State
    stage: Stage
    problem: Prose | None = None
    present_system: Line | None = None
    contact: Contact | None = None
    head_approval: bool = False
    requested_by: Id | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    needs: Needs = ()
    progress: Percent = 0
    template_version: TemplateVersion = 1
    readiness: Readiness | None = None
    items: Annotated[tuple[Item, ...], Many(most=120)] = ()
    mentor_id: Id | None = None
    partner_id: Id | None = None
    lapses: int = 0
    agreement: Agreement | None = None
    votes: Annotated[tuple[Vote, ...], Many(most=3)] = ()
    disputed: bool = False
    state_before_hold: State | None = None
    state_reason: Line | None = None
    follows_id: Id | None = None
    signed_off_at: Instant | None = None
    reopened: int = 0
    steps: Annotated[tuple[Step, ...], Many(most=60)] | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Offer(Aggregate):
    """A case offered to a mentor (and a partner), until it lapses after 72 hours."""

    mentorship_id: Id
    area: AreaId
    mentor_id: Id
    state: OfferState
    expires_at: Instant
    partner_id: Id | None = None
    offered_by: Id | None = None
    question: Line | None = None
    reason: Line | None = None


@dataclass(frozen=True, kw_only=True)
class Mentor(Aggregate):
    """What a mentor says of himself for matching; `id` is the member's."""

    area: AreaId | None
    background: Background
    skills: Needs
    available: bool = True
    capacity: Annotated[int, Number(least=0, most=20)] = 2
    load: int = 0
    completed: int = 0
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    available_from: Date | None = None


@dataclass(frozen=True, kw_only=True)
class Note:
    """A remark and who may read it."""

    text: Prose
    visibility: Visibility


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A photo of a visit, kept outside the documents; no child can be recognised on it."""

    id: Id
    media_type: Line
    size_bytes: Annotated[int, Number(least=1, most=20_000_000)]
    no_identifiable_child: bool
    added_by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Visit(Aggregate):
    """What happened at a visit; `client_id` is the phone's, so a log arrives once."""

    mentorship_id: Id
    area: AreaId
    client_id: Id
    started_at: Instant
    ended_at: Instant
    logged_by: Id | None = None
    people: Lines = ()
    work: Prose | None = None
    problems: Prose | None = None
    next_steps: Prose | None = None
    notes: Annotated[tuple[Note, ...], Many(most=20)] = ()
    photos: Annotated[tuple[Photo, ...], Many(most=20)] = ()


@dataclass(frozen=True, kw_only=True)
class Hop:
    """One step of an issue: who took it where, and minutes of remote help given."""

    level: IssueLevel
    at: Instant
    by: Id | None = None
    minutes: Minutes = 0
    note: Line | None = None


@dataclass(frozen=True, kw_only=True)
class Issue(Aggregate):
    """A fault at an institution; it climbs until somebody solves it, and keeps the remedy."""

    mentorship_id: Id
    area: AreaId
    code: FaultCode
    description: Prose
    state: IssueState
    level: IssueLevel
    reported_by: Id | None = None
    climbs_at: Instant | None = None
    hops: Annotated[tuple[Hop, ...], Many(most=40)] = ()
    remedy: Prose | None = None
    solved_by: Id | None = None
    solved_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class FollowUp(Aggregate):
    """A look after sign-off: does the library still run?"""

    mentorship_id: Id
    area: AreaId
    day: Days
    due_on: Date
    state: FollowUpState
    running: bool | None = None
    note: Line | None = None
    answered_by: Id | None = None


@dataclass(frozen=True, kw_only=True)
class FormQuestion:
    """One question of the readiness form; yes is 1, no is 0.

    An answer of `least` or more has all points, less has its share and is a condition of `stage`.
    Less than that where it is `decisive` is not ready.
    """

    id: ItemId
    part: Line
    stage: Stage
    title_id: Line
    title_en: Line
    kind: Annotated[str, Text(longest=8, one_of=("boolean", "number"))]
    points: Annotated[int, Number(least=0, most=100)]
    least: int = 0
    decisive: bool = False
    needs: Needs = ()


@dataclass(frozen=True, kw_only=True)
class Template(Aggregate):
    """A version of the readiness form and of the stages' checklist; `id` is its number as text."""

    questions: Annotated[tuple[FormQuestion, ...], Many(most=60)]
    items: Annotated[tuple[Item, ...], Many(most=120)]
    ready_from: Percent
    conditions_from: Percent


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """Who goes to which case, at which cost (lower is better), and why."""

    mentorship_id: Id
    mentor_id: Id | None
    partner_id: Id | None
    cost: float
    reasons: Lines


@dataclass(frozen=True, kw_only=True)
class Assignment(Aggregate):
    """Many open cases assigned at once; nothing is offered until a coordinator confirmed it."""

    area: AreaId | None
    pairings: Annotated[tuple[Pairing, ...], Many(most=500)]
    total_cost: float
    proposed_by: Id
    confirmed_at: Instant | None = None
