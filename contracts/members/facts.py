"""What the members service says. Every fact carries the whole subject after the change."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.fact import Fact
from contracts.members import states


@dataclass(frozen=True, kw_only=True)
class AreaFact(Fact):
    """Something about an area."""

    kind: ClassVar[str] = "area"
    area: states.Area


class AreaCreated(AreaFact):
    """A named set of official codes became an area."""

    name = "members.area_created.v1"


class AreaChanged(AreaFact):
    """Name, codes, place or activity of an area changed."""

    name = "members.area_changed.v1"


class AreaCoordinated(AreaFact):
    """The coordinators in force of an area changed and at least one remains."""

    name = "members.area_coordinated.v1"


class AreaCoordinatorVacant(AreaFact):
    """The last coordinator left; `acting_coordinator` stands in, open cases wait for handover."""

    name = "members.area_coordinator_vacant.v1"


class AreaRestated(AreaFact):
    """The area as it stands, said again."""

    name = "members.area_restated.v1"


@dataclass(frozen=True, kw_only=True)
class InstitutionFact(Fact):
    """Something about an institution."""

    kind: ClassVar[str] = "institution"
    institution: states.Institution


class InstitutionRegistered(InstitutionFact):
    """An institution entered the register."""

    name = "members.institution_registered.v1"


class InstitutionChanged(InstitutionFact):
    """An institution's entry changed."""

    name = "members.institution_changed.v1"


class InstitutionRestated(InstitutionFact):
    """The institution as it stands, said again."""

    name = "members.institution_restated.v1"


@dataclass(frozen=True, kw_only=True)
class MemberFact(Fact):
    """Something about a member."""

    kind: ClassVar[str] = "member"
    member: states.Member


class MemberJoined(MemberFact):
    """A person signed up and waits for approval."""

    name = "members.member_joined.v1"


class MemberInvited(MemberFact):
    """A person was entered by somebody else (an import) and has not consented yet."""

    name = "members.member_invited.v1"


class MemberContactProven(MemberFact):
    """The first use of a code proved that the contact is the member's."""

    name = "members.member_contact_proven.v1"


class MemberChanged(MemberFact):
    """Profile, contact or institution of a member changed."""

    name = "members.member_changed.v1"


class MemberConsentsChanged(MemberFact):
    """A member gave or withdrew consents."""

    name = "members.member_consents_changed.v1"


class MemberApproved(MemberFact):
    """A coordinator approved the member."""

    name = "members.member_approved.v1"


class MemberSuspended(MemberFact):
    """A coordinator suspended the member."""

    name = "members.member_suspended.v1"


class MemberReinstated(MemberFact):
    """A coordinator lifted the suspension."""

    name = "members.member_reinstated.v1"


class MemberLeft(MemberFact):
    """The member left and asked for erasure: personal fields are gone from this fact on."""

    name = "members.member_left.v1"


class MemberRestated(MemberFact):
    """The member as he stands, said again."""

    name = "members.member_restated.v1"


@dataclass(frozen=True, kw_only=True)
class AppointmentFact(Fact):
    """Something about an appointment."""

    kind: ClassVar[str] = "appointment"
    appointment: states.Appointment


class AppointmentOffered(AppointmentFact):
    """A role was offered and waits for the candidate."""

    name = "members.appointment_offered.v1"


class AppointmentAccepted(AppointmentFact):
    """The candidate accepted: the role is his from its first day."""

    name = "members.appointment_accepted.v1"


class AppointmentDeclined(AppointmentFact):
    """The candidate said no."""

    name = "members.appointment_declined.v1"


class AppointmentProlonged(AppointmentFact):
    """The term ran out without a successor: the holder stays on as acting."""

    name = "members.appointment_prolonged.v1"


class AppointmentEnded(AppointmentFact):
    """The appointment is over."""

    name = "members.appointment_ended.v1"


class AppointmentRestated(AppointmentFact):
    """The appointment as it stands, said again."""

    name = "members.appointment_restated.v1"


@dataclass(frozen=True, kw_only=True)
class CompetenciesFact(Fact):
    """Something about a member's competencies."""

    kind: ClassVar[str] = "competencies"
    competencies: states.Competencies


class CompetenciesRated(CompetenciesFact):
    """A member rated himself."""

    name = "members.competencies_rated.v1"


class CompetencyEvidenced(CompetenciesFact):
    """Evidence for a level was added."""

    name = "members.competency_evidenced.v1"


class CompetencyEvidenceWithdrawn(CompetenciesFact):
    """Evidence counts no more: the certificate behind it was revoked."""

    name = "members.competency_evidence_withdrawn.v1"


class CompetencyEvidenceExpiring(CompetenciesFact):
    """Evidence expires within thirty days; told once of each."""

    name = "members.competency_evidence_expiring.v1"


class CompetencyEndorsed(CompetenciesFact):
    """Somebody else confirmed a level."""

    name = "members.competency_endorsed.v1"


class CompetenciesErased(CompetenciesFact):
    """The member left: his levels, evidence and endorsements are gone."""

    name = "members.competencies_erased.v1"


class CompetenciesRestated(CompetenciesFact):
    """The competencies as they stand, said again."""

    name = "members.competencies_restated.v1"


@dataclass(frozen=True, kw_only=True)
class InnovationFact(Fact):
    """Something about an innovation; its own `scope` says how far it may be told."""

    kind: ClassVar[str] = "innovation"
    innovation: states.Innovation


class InnovationRegistered(InnovationFact):
    """Somebody entered what he or his group made."""

    name = "members.innovation_registered.v1"


class InnovationChanged(InnovationFact):
    """Its entry changed; or an author withdrew his consent, or left."""

    name = "members.innovation_changed.v1"


class InnovationWithdrawn(InnovationFact):
    """It is offered no more."""

    name = "members.innovation_withdrawn.v1"


class InnovationRestated(InnovationFact):
    """The innovation as it stands, said again."""

    name = "members.innovation_restated.v1"


@dataclass(frozen=True, kw_only=True)
class FrameworkFact(Fact):
    """Something about a competency framework."""

    kind: ClassVar[str] = "framework"
    framework: states.Framework


class FrameworkPublished(FrameworkFact):
    """A version of the competency framework is in use."""

    name = "members.framework_published.v1"


class FrameworkRestated(FrameworkFact):
    """The framework as it stands, said again."""

    name = "members.framework_restated.v1"


@dataclass(frozen=True, kw_only=True)
class SigningKeyFact(Fact):
    """Something about a key that signs access tokens."""

    kind: ClassVar[str] = "signing_key"
    signing_key: states.SigningKey


class SigningKeyPublished(SigningKeyFact):
    """A public key may be used to verify access tokens."""

    name = "members.signing_key_published.v1"


class SigningKeyRetired(SigningKeyFact):
    """The key signs no more; verifying ends at `retires_at`."""

    name = "members.signing_key_retired.v1"


class SigningKeyRestated(SigningKeyFact):
    """The key as it stands, said again."""

    name = "members.signing_key_restated.v1"


@dataclass(frozen=True, kw_only=True)
class SessionFact(Fact):
    """Something about a signed-in session."""

    kind: ClassVar[str] = "session"
    session: states.Session


class SessionEnded(SessionFact):
    """A session ended by its owner or because a refresh token was used twice."""

    name = "members.session_ended.v1"
