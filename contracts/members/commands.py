"""What the members service can be asked. Path parameters and body fields are one flat command."""

from dataclasses import dataclass
from typing import Annotated

from contracts.command import Command
from contracts.members import states
from contracts.types import (
    UNSET,
    AreaId,
    Date,
    Email,
    Id,
    Latitude,
    Level,
    Line,
    Link,
    Longitude,
    Many,
    Name,
    Npsn,
    OfficialCode,
    Password,
    Phone,
    Prose,
    Secret,
    Text,
    Unset,
    Username,
)

Codes = Annotated[tuple[OfficialCode, ...], Many(most=60)]
Motives = Annotated[tuple[states.Motive, ...], Many(most=5)]
Authors = Annotated[tuple[states.Author, ...], Many(most=20)]
SlimsVersions = Annotated[tuple[states.SlimsVersion, ...], Many(most=20)]


@dataclass(frozen=True, kw_only=True)
class FoundArea:
    """An area that the region starts with."""

    id: AreaId
    name: Name
    codes: Codes
    latitude: Latitude | None = None
    longitude: Longitude | None = None


@dataclass(frozen=True, kw_only=True)
class FoundAccount:
    """An account that the region starts with; `area` for an area coordinator."""

    role: states.Role
    name: Name
    email: Email
    password: Password
    area: AreaId | None = None


@dataclass(frozen=True, kw_only=True)
class FoundRegion(Command):
    """Create a region's areas, first accounts, framework and key; once more changes nothing."""

    verb = "members.found_region"
    name: Name
    timezone: Annotated[str, Text(longest=40)]
    areas: tuple[FoundArea, ...]
    accounts: tuple[FoundAccount, ...]


@dataclass(frozen=True, kw_only=True)
class Restate(Command):
    """Say all aggregates of a kind again, so that a view or replica can be filled."""

    verb = "members.restate"
    kind: Annotated[str, Text(longest=20)]


@dataclass(frozen=True, kw_only=True)
class CreateArea(Command):
    """Make a named set of official codes an area; overlapping areas are refused."""

    verb = "members.create_area"
    id: AreaId
    name: Name
    codes: Codes
    latitude: Latitude | None = None
    longitude: Longitude | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeArea(Command):
    """Change name, codes or activity of an area."""

    verb = "members.change_area"
    area_id: AreaId
    name: Name | Unset = UNSET
    codes: Codes | Unset = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class RegisterInstitution(Command):
    """Enter an institution into the register."""

    verb = "members.register_institution"
    name: Name
    kind: states.Kind
    area: AreaId
    level: states.SchoolLevel | None = None
    npsn: Npsn | None = None
    district_code: OfficialCode | None = None
    village: Line | None = None
    address: Line | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    status: states.Ownership | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeInstitution(Command):
    """Change an institution's entry."""

    verb = "members.change_institution"
    institution_id: Id
    name: Name | Unset = UNSET
    kind: states.Kind | Unset = UNSET
    area: AreaId | Unset = UNSET
    level: states.SchoolLevel | None | Unset = UNSET
    npsn: Npsn | None | Unset = UNSET
    district_code: OfficialCode | None | Unset = UNSET
    village: Line | None | Unset = UNSET
    address: Line | None | Unset = UNSET
    latitude: Latitude | None | Unset = UNSET
    longitude: Longitude | None | Unset = UNSET
    status: states.Ownership | None | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class CsvLine:
    """One line of a CSV file: its number in the file and its cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ImportInstitutions(Command):
    """Register or update institutions by NPSN; `dry_run` reports and writes nothing."""

    verb = "members.import_institutions"
    lines: tuple[CsvLine, ...]
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportMembers(Command):
    """Enter people of one library (SLiMS export) as invited; `dry_run` writes nothing.

    Without an area it is that of their institution, or the only one of who imports.
    With `member_type` only those whom the library calls so: its staff, and not its pupils.
    """

    verb = "members.import_members"
    lines: tuple[CsvLine, ...]
    area: AreaId | None = None
    institution_id: Id | None = None
    member_type: Line | None = None
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class SignUp(Command):
    """Join with a name and one phone or e-mail; a code goes to the contact."""

    verb = "members.sign_up"
    name: Name
    email: Email | None = None
    phone: Phone | None = None
    institution_id: Id | None = None
    area: AreaId | None = None
    job_area: states.JobArea | None = None
    education: states.Education | None = None
    motives: Motives = ()
    expectation: Prose | None = None
    language: states.Language = "id"


@dataclass(frozen=True, kw_only=True)
class ChangeMember(Command):
    """Change a member's profile: oneself, or a coordinator of the area."""

    verb = "members.change_member"
    member_id: Id
    name: Name | Unset = UNSET
    email: Email | None | Unset = UNSET
    phone: Phone | None | Unset = UNSET
    institution_id: Id | None | Unset = UNSET
    area: AreaId | Unset = UNSET
    job_area: states.JobArea | None | Unset = UNSET
    education: states.Education | None | Unset = UNSET
    motives: Motives | Unset = UNSET
    expectation: Prose | None | Unset = UNSET
    language: states.Language | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class ChangeMe(Command):
    """Change one's own profile; a new password ends the other sessions."""

    verb = "members.change_me"
    name: Name | Unset = UNSET
    email: Email | None | Unset = UNSET
    phone: Phone | None | Unset = UNSET
    institution_id: Id | None | Unset = UNSET
    area: AreaId | Unset = UNSET
    job_area: states.JobArea | None | Unset = UNSET
    education: states.Education | None | Unset = UNSET
    motives: Motives | Unset = UNSET
    expectation: Prose | None | Unset = UNSET
    language: states.Language | Unset = UNSET
    password: Password | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class ApproveMember(Command):
    """A coordinator of the member's area makes a pending member active."""

    verb = "members.approve_member"
    member_id: Id


@dataclass(frozen=True, kw_only=True)
class SuspendMember(Command):
    """A coordinator of the member's area suspends an active member; a reason is told to him."""

    verb = "members.suspend_member"
    member_id: Id
    reason: Line | None = None


@dataclass(frozen=True, kw_only=True)
class ReinstateMember(Command):
    """A coordinator of the member's area lifts a suspension."""

    verb = "members.reinstate_member"
    member_id: Id


@dataclass(frozen=True, kw_only=True)
class Leave(Command):
    """Leave the community and ask for erasure of one's personal data."""

    verb = "members.leave"


@dataclass(frozen=True, kw_only=True)
class ConsentAnswer:
    """One answer in a consent form."""

    purpose: states.Purpose
    granted: bool
    text_version: Annotated[str, Text(shortest=1, longest=40, numbered=True)]


@dataclass(frozen=True, kw_only=True)
class SetConsents(Command):
    """Give or withdraw consents; every answer is kept in the ledger."""

    verb = "members.set_consents"
    consents: Annotated[tuple[ConsentAnswer, ...], Many(most=20)]


@dataclass(frozen=True, kw_only=True)
class OfferAppointment(Command):
    """Offer a role for a term; it is in force when the member accepts."""

    verb = "members.offer_appointment"
    member_id: Id
    role: states.Role
    starts_on: Date
    ends_on: Date | None = None
    area: AreaId | None = None
    event_id: Id | None = None
    deputy: bool = False


@dataclass(frozen=True, kw_only=True)
class AcceptAppointment(Command):
    """The candidate takes the role."""

    verb = "members.accept_appointment"
    appointment_id: Id


@dataclass(frozen=True, kw_only=True)
class DeclineAppointment(Command):
    """The candidate says no."""

    verb = "members.decline_appointment"
    appointment_id: Id


@dataclass(frozen=True, kw_only=True)
class EndAppointment(Command):
    """End an appointment: its holder or an officer who may appoint."""

    verb = "members.end_appointment"
    appointment_id: Id
    reason: Line | None = None


@dataclass(frozen=True, kw_only=True)
class RatingAnswer:
    """The level that a member gives himself in one area."""

    area: states.CompetencyArea
    level: Level


@dataclass(frozen=True, kw_only=True)
class RateCompetencies(Command):
    """Rate oneself in the five areas."""

    verb = "members.rate_competencies"
    member_id: Id
    ratings: Annotated[tuple[RatingAnswer, ...], Many(most=5)]


@dataclass(frozen=True, kw_only=True)
class AddEvidence(Command):
    """Add evidence for a level: the member (source self) or a coordinator or mentor."""

    verb = "members.add_evidence"
    member_id: Id
    area: states.CompetencyArea
    level: Level
    title: Line
    link: Link | None = None
    expires_on: Date | None = None


@dataclass(frozen=True, kw_only=True)
class Endorse(Command):
    """Confirm somebody else's level: a coordinator of the area or a mentor."""

    verb = "members.endorse"
    member_id: Id
    area: states.CompetencyArea
    level: Level
    note: Line | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterInnovation(Command):
    """Enter what one made, alone or together; without an area in one's own."""

    verb = "members.register_innovation"
    title: Name
    summary: Prose
    kind: states.InnovationKind
    origin: states.Origin
    authors: Authors
    area: AreaId | None = None
    status: states.InnovationStatus = "personal"
    scope: states.SharingScope = "cell"
    author_consent: bool = False
    licence: states.SpdxId | None = None
    slims_versions: SlimsVersions = ()
    link: states.WebLink | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeInnovation(Command):
    """Change an innovation's entry: who entered it, or a coordinator of its area."""

    verb = "members.change_innovation"
    innovation_id: Id
    title: Name | Unset = UNSET
    summary: Prose | Unset = UNSET
    kind: states.InnovationKind | Unset = UNSET
    origin: states.Origin | Unset = UNSET
    authors: Authors | Unset = UNSET
    area: AreaId | Unset = UNSET
    status: states.InnovationStatus | Unset = UNSET
    scope: states.SharingScope | Unset = UNSET
    author_consent: bool | Unset = UNSET
    licence: states.SpdxId | None | Unset = UNSET
    slims_versions: SlimsVersions | Unset = UNSET
    link: states.WebLink | None | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class WithdrawInnovation(Command):
    """Offer an innovation no more, here and in other regions."""

    verb = "members.withdraw_innovation"
    innovation_id: Id


@dataclass(frozen=True, kw_only=True)
class RequestCode(Command):
    """Send a one-time code to the contact; the answer never tells whether it exists."""

    verb = "members.request_code"
    username: Username


@dataclass(frozen=True, kw_only=True)
class SignIn(Command):
    """Sign in with a `password`, a `code` or a `refresh_token`, as the grant type says."""

    verb = "members.sign_in"
    grant_type: Annotated[str, Text(longest=20, one_of=("password", "code", "refresh_token"))]
    username: Username | None = None
    password: Secret | None = None
    code: Secret | None = None
    refresh_token: Secret | None = None


@dataclass(frozen=True, kw_only=True)
class Revoke(Command):
    """End the session that a refresh token belongs to."""

    verb = "members.revoke"
    refresh_token: Secret
