"""What the mentoring service can be asked. Path parameters and body fields are one flat command."""

from dataclasses import dataclass
from typing import Annotated

from contracts.command import Command
from contracts.mentoring import states
from contracts.types import (
    UNSET,
    AreaId,
    Date,
    Id,
    Instant,
    Latitude,
    Line,
    Longitude,
    Many,
    Number,
    Prose,
    Text,
    Unset,
)

Photos = Annotated[tuple[states.Photo, ...], Many(most=20)]
Notes = Annotated[tuple[states.Note, ...], Many(most=20)]


@dataclass(frozen=True, kw_only=True)
class Restate(Command):
    """Say all aggregates of a kind again, so that a view or replica can be filled."""

    verb = "mentoring.restate"
    kind: Annotated[str, Text(longest=20)]


@dataclass(frozen=True, kw_only=True)
class RequestMentorship(Command):
    """Ask to be accompanied: somebody of the institution, or a coordinator for it."""

    verb = "mentoring.request_mentorship"
    institution_id: Id
    goal: states.Goal
    problem: Prose | None = None
    present_system: Line | None = None
    contact: states.Contact | None = None
    head_approval: bool = False
    needs: states.Needs = ()
    follows_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeMentorship(Command):
    """Change what was said at the request."""

    verb = "mentoring.change_mentorship"
    mentorship_id: Id
    problem: Prose | None | Unset = UNSET
    present_system: Line | None | Unset = UNSET
    contact: states.Contact | None | Unset = UNSET
    head_approval: bool | Unset = UNSET
    needs: states.Needs | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Assess(Command):
    """Assess readiness by a version of the form; once more shows what changed."""

    verb = "mentoring.assess"
    mentorship_id: Id
    template_version: states.TemplateVersion
    answers: dict[str, float | bool]


@dataclass(frozen=True, kw_only=True)
class MakeOffer(Command):
    """Offer the case to a mentor, with a partner if one alone leaves needs open."""

    verb = "mentoring.make_offer"
    mentorship_id: Id
    mentor_id: Id
    partner_id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class AcceptOffer(Command):
    """Take the case."""

    verb = "mentoring.accept_offer"
    mentorship_id: Id
    offer_id: Id


@dataclass(frozen=True, kw_only=True)
class DeclineOffer(Command):
    """Say no; `unavailable` at the same time takes no more cases for now."""

    verb = "mentoring.decline_offer"
    mentorship_id: Id
    offer_id: Id
    reason: Line | None = None
    unavailable: bool = False


@dataclass(frozen=True, kw_only=True)
class AskAboutOffer(Command):
    """Ask for more information before answering; the offer's time begins anew, once."""

    verb = "mentoring.ask_about_offer"
    mentorship_id: Id
    offer_id: Id
    question: Annotated[str, Text(shortest=3, longest=300)]


@dataclass(frozen=True, kw_only=True)
class ProfileMentor(Command):
    """Say what one can as a mentor, where, and how many cases at once."""

    verb = "mentoring.profile_mentor"
    background: states.Background
    skills: states.Needs
    capacity: Annotated[int, Number(least=0, most=20)] = 2
    latitude: Latitude | None = None
    longitude: Longitude | None = None


@dataclass(frozen=True, kw_only=True)
class SetAvailability(Command):
    """Take no more cases for now, or take some again."""

    verb = "mentoring.set_availability"
    available: bool
    available_from: Date | None = None


@dataclass(frozen=True, kw_only=True)
class ProposeAssignment(Command):
    """Work out who should take which open case, for the whole region or an area."""

    verb = "mentoring.propose_assignment"
    area: AreaId | None = None


@dataclass(frozen=True, kw_only=True)
class ConfirmAssignment(Command):
    """Send the offers of a proposed assignment."""

    verb = "mentoring.confirm_assignment"
    assignment_id: Id


@dataclass(frozen=True, kw_only=True)
class VisitDate:
    """When a visit is planned."""

    planned_at: Instant


@dataclass(frozen=True, kw_only=True)
class DraftAgreement(Command):
    """Write down goals, duties and visits; whatever was accepted before is asked again.

    With it head and mentor accept that the data are kept, unless it says that they do not.
    """

    verb = "mentoring.draft_agreement"
    mentorship_id: Id
    goals: states.Lines
    duties: states.Lines
    visits: Annotated[tuple[VisitDate, ...], Many(most=40)]
    consent: bool = True


@dataclass(frozen=True, kw_only=True)
class AcceptAgreement(Command):
    """Accept as the institution's head or as the mentor."""

    verb = "mentoring.accept_agreement"
    mentorship_id: Id
    party: Annotated[str, Text(longest=8, one_of=("head", "mentor"), spelled="as")]


@dataclass(frozen=True, kw_only=True)
class LogVisit(Command):
    """Write down a visit; the same `client_id` once more gives what was kept."""

    verb = "mentoring.log_visit"
    mentorship_id: Id
    client_id: Id
    started_at: Instant
    ended_at: Instant
    people: states.Lines = ()
    work: Prose | None = None
    problems: Prose | None = None
    next_steps: Prose | None = None
    notes: Notes = ()


@dataclass(frozen=True, kw_only=True)
class AddPhoto(Command):
    """A photo of a visit, already kept under its id."""

    verb = "mentoring.add_photo"
    mentorship_id: Id
    visit_id: Id
    photo_id: Id
    media_type: Line
    size_bytes: Annotated[int, Number(least=1, most=20_000_000)]
    no_identifiable_child: bool


@dataclass(frozen=True, kw_only=True)
class CompleteItem(Command):
    """Prove an item of the checklist with evidence of its kind."""

    verb = "mentoring.complete_item"
    mentorship_id: Id
    item_id: states.ItemId
    evidence: states.Proof | None = None


@dataclass(frozen=True, kw_only=True)
class CompleteStage(Command):
    """Close the present stage; refused while something mandatory is open."""

    verb = "mentoring.complete_stage"
    mentorship_id: Id


@dataclass(frozen=True, kw_only=True)
class ReportIssue(Command):
    """Report a fault; remedies of the same code are in the answer."""

    verb = "mentoring.report_issue"
    mentorship_id: Id
    code: states.FaultCode
    description: Annotated[str, Text(shortest=3, longest=4000)]


@dataclass(frozen=True, kw_only=True)
class ResolveIssue(Command):
    """Say how it was solved; the next case with the same code is shown it."""

    verb = "mentoring.resolve_issue"
    mentorship_id: Id
    issue_id: Id
    remedy: Annotated[str, Text(shortest=3, longest=4000)]
    minutes: states.Minutes = 0


@dataclass(frozen=True, kw_only=True)
class EscalateIssue(Command):
    """Hand a fault to the next level, or note remote help without handing it on."""

    verb = "mentoring.escalate_issue"
    mentorship_id: Id
    issue_id: Id
    minutes: states.Minutes = 0
    note: Line | None = None
    hand_on: bool = True


@dataclass(frozen=True, kw_only=True)
class SignOff(Command):
    """Head, mentor or coordinator says whether the library runs."""

    verb = "mentoring.sign_off"
    mentorship_id: Id
    party: Annotated[str, Text(longest=12, one_of=states.PARTIES, spelled="as")]
    agrees: bool
    comment: Line | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerFollowUp(Command):
    """Say at 30, 90 or 180 days whether it still runs."""

    verb = "mentoring.answer_follow_up"
    mentorship_id: Id
    day: states.Days
    running: bool
    note: Line | None = None


@dataclass(frozen=True, kw_only=True)
class Hold(Command):
    """Let the case rest."""

    verb = "mentoring.hold"
    mentorship_id: Id
    reason: states.Reason | None = None


@dataclass(frozen=True, kw_only=True)
class Resume(Command):
    """Go on."""

    verb = "mentoring.resume"
    mentorship_id: Id


@dataclass(frozen=True, kw_only=True)
class Stop(Command):
    """End the case without success."""

    verb = "mentoring.stop"
    mentorship_id: Id
    reason: states.Reason | None = None


@dataclass(frozen=True, kw_only=True)
class Unmatch(Command):
    """The mentor gives the case back, or the coordinator takes it: it waits for another."""

    verb = "mentoring.unmatch"
    mentorship_id: Id
    reason: states.Reason
