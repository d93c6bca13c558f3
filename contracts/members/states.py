"""The public states that members facts carry."""

from dataclasses import dataclass
from typing import Annotated, get_args

from contracts.aggregate import Aggregate
from contracts.fact import Scope
from contracts.members.roles import Term
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
    Npsn,
    OfficialCode,
    Phone,
    Prose,
    Text,
    Unset,
)

INSTITUTION_KINDS = (
    "school",
    "madrasah",
    "pesantren",
    "university",
    "college",
    "special_library",
    "public_library",
    "reading_garden",
    "nonformal",
    "other",
)
LEVELS = ("TK", "SD", "SMP", "SMA", "SMK", "SLB", "MI", "MTs", "MA", "PKBM", "SKB", "PT")
MEMBER_STATES = ("invited", "pending", "active", "suspended", "left")
ROLES = (
    "coordinator",
    "secretary",
    "treasurer",
    "operator",
    "area_coordinator",
    "mentor",
    "event_manager",
    "checkin_staff",
)
APPOINTMENT_STATES = ("offered", "accepted", "declined", "ended")
JOB_AREAS = ("circulation", "acquisition", "processing", "shelving", "management", "it", "other")
EDUCATION = ("library_degree", "other_degree", "secondary", "other")
MOTIVES = ("job_demand", "network", "competence", "profession", "sharing")
COMPETENCY_AREAS = ("LIB", "ICT", "COM", "SOFT", "SUP")
SOURCES = ("self", "event", "mentor", "coordinator")
PURPOSES = ("directory", "contact", "photo", "email_news", "telegram", "whatsapp", "network")
INNOVATION_KINDS = (
    "plugin",
    "template",
    "tutorial",
    "tool",
    "modification",
    "program",
    "design",
    "merchandise",
    "product",
    "service",
    "idea",
    "activity",
)
ORIGINS = ("individual", "group")
INNOVATION_STATUSES = ("personal", "shared", "adopted", "upstreamed")
SCOPES: tuple[str, ...] = get_args(Scope)

Kind = Annotated[str, Text(longest=20, one_of=INSTITUTION_KINDS)]
SchoolLevel = Annotated[str, Text(longest=10, one_of=LEVELS)]
Ownership = Annotated[str, Text(longest=10, one_of=("Negeri", "Swasta"))]
MemberState = Annotated[str, Text(longest=10, one_of=MEMBER_STATES)]
Role = Annotated[str, Text(longest=20, one_of=ROLES)]
AppointmentState = Annotated[str, Text(longest=10, one_of=APPOINTMENT_STATES)]
JobArea = Annotated[str, Text(longest=20, one_of=JOB_AREAS)]
Education = Annotated[str, Text(longest=20, one_of=EDUCATION)]
Motive = Annotated[str, Text(longest=20, one_of=MOTIVES)]
Language = Annotated[str, Text(longest=2, one_of=("id", "en"))]
CompetencyArea = Annotated[str, Text(longest=4, one_of=COMPETENCY_AREAS)]
Source = Annotated[str, Text(longest=12, one_of=SOURCES)]
Purpose = Annotated[str, Text(longest=12, one_of=PURPOSES)]
InnovationKind = Annotated[str, Text(longest=12, one_of=INNOVATION_KINDS)]
Origin = Annotated[str, Text(longest=10, one_of=ORIGINS)]
InnovationStatus = Annotated[str, Text(longest=10, one_of=INNOVATION_STATUSES)]
SharingScope = Annotated[str, Text(longest=10, one_of=SCOPES)]
SpdxId = Annotated[str, Text(shortest=1, longest=40, pattern=r"[A-Za-z0-9][A-Za-z0-9.+-]*")]
SlimsVersion = Annotated[str, Text(shortest=1, longest=12, pattern=r"\d{1,2}(\.\d{1,3}){0,3}")]
WebLink = Annotated[str, Text(longest=500, pattern=r"https?://[!-~]+", format="uri")]


@dataclass(frozen=True, kw_only=True)
class Area(Aggregate):
    """A named set of official kabupaten/kota codes with its coordinators in force."""

    name: Name
    codes: Annotated[tuple[OfficialCode, ...], Many(most=60)]
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    active: bool = True
    coordinators: tuple[Id, ...] = ()
    acting_coordinator: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Institution(Aggregate):
    """A school, library or reading garden; the NPSN, when there is one, identifies it."""

    name: Name
    kind: Kind
    area: AreaId
    level: SchoolLevel | None = None
    npsn: Npsn | None = None
    district_code: OfficialCode | None = None
    village: Line | None = None
    address: Line | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    status: Ownership | None = None


@dataclass(frozen=True, kw_only=True)
class Affiliation:
    """Work at an institution, from a day and, once it ended, to a day."""

    institution_id: Id
    starts_on: Date
    ends_on: Date | None = None


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The standing answer to one purpose, with the text that was shown."""

    purpose: Purpose
    granted: bool
    text_version: Annotated[str, Text(shortest=1, longest=40)]
    decided_at: Instant


@dataclass(frozen=True, kw_only=True)
class Member(Aggregate):
    """A person of the community; at least one of e-mail and phone."""

    name: Name
    state: MemberState
    area: AreaId | None = None
    email: Email | None = None
    phone: Phone | None = None
    contact_proven: bool = False
    institution_id: Id | None = None
    affiliations: tuple[Affiliation, ...] = ()
    job_area: JobArea | None = None
    education: Education | None = None
    motives: tuple[Motive, ...] = ()
    expectation: Prose | None = None
    language: Language = "id"
    consents: tuple[Consent, ...] = ()
    state_reason: Line | None = None

    def consents_to(self, purpose: str) -> bool:
        """Whether the standing consent for the purpose is granted."""
        return any(c.granted for c in self.consents if c.purpose == purpose)


@dataclass(frozen=True, kw_only=True)
class Appointment(Term, Aggregate):
    """A role given to a member for a term, in an area or for one event."""

    member_id: Id
    role: Role
    state: AppointmentState
    starts_on: Date
    ends_on: Date | None = None
    area: AreaId | None = None
    event_id: Id | None = None
    deputy: bool = False
    acting: bool = False
    appointed_by: Id | None = None
    ended_reason: Line | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What stands behind a level, until it expires; `expiry_told_at` once its end is near."""

    id: Id
    area: CompetencyArea
    level: Level
    source: Source
    given_on: Date
    given_by: Id
    title: Line
    link: Link | None = None
    expires_on: Date | None = None
    expiry_told_at: Instant | Unset = UNSET
    framework_version: int | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Endorsement:
    """A level confirmed by somebody else than the member."""

    id: Id
    area: CompetencyArea
    level: Level
    source: Source
    given_on: Date
    given_by: Id
    note: Line | None = None
    framework_version: int | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Rating:
    """The level a member gives himself."""

    area: CompetencyArea
    level: Level
    source: Source
    rated_on: Date
    framework_version: int | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Competencies(Aggregate):
    """One member's levels in the five areas; `id` is the member's id.

    What was said under an older framework names its version; the rest is of `framework_version`.
    """

    member_id: Id
    framework_version: int
    ratings: tuple[Rating, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    endorsements: tuple[Endorsement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who made an innovation; `member_id` when he is a member of this region."""

    name: Name
    member_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Innovation(Aggregate):
    """What members made, for others to use (source: S0; features G1).

    Kinds in the words of the communities: plugin *plug-in*, template *template*, tutorial
    *tutorial*, tool *tools*, modification *modifikasi*, program *program baru*, design *desain*,
    merchandise *merchandise*, product *produk*, service *jasa*, idea *ide*, activity *kegiatan
    baru*. `licence` is an SPDX identifier. `author_consent` says that all who are named agreed to
    be named beyond the cell. `home` is the name of its region, when it is told in another one.
    """

    title: Name
    summary: Prose
    kind: InnovationKind
    origin: Origin
    area: AreaId
    status: InnovationStatus
    scope: SharingScope
    authors: Annotated[tuple[Author, ...], Many(most=20)] = ()
    author_consent: bool = False
    licence: SpdxId | None = None
    slims_versions: Annotated[tuple[SlimsVersion, ...], Many(most=20)] = ()
    link: WebLink | None = None
    created_by: Id | None = None
    withdrawn: bool = False
    home: Name | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class FrameworkArea:
    """One of the five competency areas, in both languages, with its SKKNI functions."""

    code: CompetencyArea
    name_id: Line
    name_en: Line
    content_id: Prose
    content_en: Prose
    skkni: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Framework(Aggregate):
    """A published competency framework; `id` is its number as text."""

    title_id: Line
    title_en: Line
    source: Line
    areas: tuple[FrameworkArea, ...]


@dataclass(frozen=True, kw_only=True)
class SigningKey(Aggregate):
    """A public key for access tokens (JWK members, never the private part)."""

    algorithm: str
    curve: str
    x: str
    retires_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class Session(Aggregate):
    """A family of refresh tokens that was ended before its time."""

    member_id: Id
    ended: bool
    reason: Line
