"""What the mentoring service says. Every fact carries the whole subject after the change."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.fact import Fact
from contracts.mentoring import states


@dataclass(frozen=True, kw_only=True)
class MentorshipFact(Fact):
    """Something about a case."""

    kind: ClassVar[str] = "mentorship"
    mentorship: states.Mentorship


class MentorshipRequested(MentorshipFact):
    """An institution asks to be accompanied."""

    name = "mentoring.mentorship_requested.v1"


class MentorshipChanged(MentorshipFact):
    """Details of a case changed."""

    name = "mentoring.mentorship_changed.v1"


class MentorshipAssessed(MentorshipFact):
    """Readiness was assessed, or assessed again."""

    name = "mentoring.mentorship_assessed.v1"


class MentorshipMatched(MentorshipFact):
    """A mentor took the case."""

    name = "mentoring.mentorship_matched.v1"


class MentorshipUnmatched(MentorshipFact):
    """The mentor gave the case back, or left."""

    name = "mentoring.mentorship_unmatched.v1"


class MentorNeeded(MentorshipFact):
    """Three offers lapsed: the area's coordinator is asked to step in."""

    name = "mentoring.mentor_needed.v1"


class AgreementDrafted(MentorshipFact):
    """Goals, duties and dates were written down, or anew."""

    name = "mentoring.agreement_drafted.v1"


class AgreementAccepted(MentorshipFact):
    """Head or mentor accepted the agreement."""

    name = "mentoring.agreement_accepted.v1"


class MentorshipBegan(MentorshipFact):
    """Both accepted: the work begins."""

    name = "mentoring.mentorship_began.v1"


class ItemCompleted(MentorshipFact):
    """An item of the checklist is proven."""

    name = "mentoring.item_completed.v1"


class StageCompleted(MentorshipFact):
    """All that must be proven in a stage is, and the next began."""

    name = "mentoring.stage_completed.v1"


class VisitOverdue(MentorshipFact):
    """A planned visit did not take place."""

    name = "mentoring.visit_overdue.v1"


class MentorshipHeld(MentorshipFact):
    """The case rests, with a reason."""

    name = "mentoring.mentorship_held.v1"


class MentorshipResumed(MentorshipFact):
    """The case goes on."""

    name = "mentoring.mentorship_resumed.v1"


class MentorshipStopped(MentorshipFact):
    """The case ended without success, with a reason."""

    name = "mentoring.mentorship_stopped.v1"


class SignOffVoted(MentorshipFact):
    """One of the three said yes or no."""

    name = "mentoring.sign_off_voted.v1"


class MentorshipSignedOff(MentorshipFact):
    """Head, mentor and coordinator agree that the library runs."""

    name = "mentoring.mentorship_signed_off.v1"


class MentorshipReopened(MentorshipFact):
    """A follow-up says that it stopped running."""

    name = "mentoring.mentorship_reopened.v1"


class MentorshipClosed(MentorshipFact):
    """Still running at 180 days."""

    name = "mentoring.mentorship_closed.v1"


class MentorshipErased(MentorshipFact):
    """A person left: contact and names are gone from this fact on."""

    name = "mentoring.mentorship_erased.v1"


class MentorshipRestated(MentorshipFact):
    """The case as it stands, said again."""

    name = "mentoring.mentorship_restated.v1"


@dataclass(frozen=True, kw_only=True)
class OfferFact(Fact):
    """Something about an offer."""

    kind: ClassVar[str] = "offer"
    offer: states.Offer


class OfferMade(OfferFact):
    """A case was offered to a mentor."""

    name = "mentoring.offer_made.v1"


class OfferAccepted(OfferFact):
    """The mentor takes it."""

    name = "mentoring.offer_accepted.v1"


class OfferDeclined(OfferFact):
    """The mentor says no."""

    name = "mentoring.offer_declined.v1"


class OfferLapsed(OfferFact):
    """72 hours without an answer: it moves on."""

    name = "mentoring.offer_lapsed.v1"


class OfferQuestioned(OfferFact):
    """The mentor asks for more before he answers."""

    name = "mentoring.offer_questioned.v1"


class OfferWithdrawn(OfferFact):
    """Somebody else took the case, or it ended."""

    name = "mentoring.offer_withdrawn.v1"


class OfferRestated(OfferFact):
    """The offer as it stands, said again."""

    name = "mentoring.offer_restated.v1"


@dataclass(frozen=True, kw_only=True)
class MentorFact(Fact):
    """Something about a mentor's profile."""

    kind: ClassVar[str] = "mentor"
    mentor: states.Mentor


class MentorProfiled(MentorFact):
    """A mentor said what he can, where, and how much."""

    name = "mentoring.mentor_profiled.v1"


class MentorUnavailable(MentorFact):
    """A mentor takes no more cases for now."""

    name = "mentoring.mentor_unavailable.v1"


class MentorAvailable(MentorFact):
    """A mentor takes cases again."""

    name = "mentoring.mentor_available.v1"


class MentorLoaded(MentorFact):
    """A case came or went."""

    name = "mentoring.mentor_loaded.v1"


class MentorRestated(MentorFact):
    """The profile as it stands, said again."""

    name = "mentoring.mentor_restated.v1"


@dataclass(frozen=True, kw_only=True)
class VisitFact(Fact):
    """Something about a visit."""

    kind: ClassVar[str] = "visit"
    visit: states.Visit


class VisitLogged(VisitFact):
    """A visit was written down."""

    name = "mentoring.visit_logged.v1"


class VisitChanged(VisitFact):
    """A photo or a note was added."""

    name = "mentoring.visit_changed.v1"


class VisitRestated(VisitFact):
    """The visit as it stands, said again."""

    name = "mentoring.visit_restated.v1"


@dataclass(frozen=True, kw_only=True)
class IssueFact(Fact):
    """Something about a fault."""

    kind: ClassVar[str] = "issue"
    issue: states.Issue


class IssueReported(IssueFact):
    """A fault was reported."""

    name = "mentoring.issue_reported.v1"


class IssueClimbed(IssueFact):
    """Unsolved for too long, or handed up: the next level has it."""

    name = "mentoring.issue_climbed.v1"


class IssueHelped(IssueFact):
    """Somebody helped from afar."""

    name = "mentoring.issue_helped.v1"


class IssueSolved(IssueFact):
    """It is solved, and how."""

    name = "mentoring.issue_solved.v1"


class IssueErased(IssueFact):
    """A person left: nothing points to him from this fact on."""

    name = "mentoring.issue_erased.v1"


class IssueRestated(IssueFact):
    """The fault as it stands, said again."""

    name = "mentoring.issue_restated.v1"


@dataclass(frozen=True, kw_only=True)
class FollowUpFact(Fact):
    """Something about a follow-up."""

    kind: ClassVar[str] = "follow_up"
    follow_up: states.FollowUp


class FollowUpPlanned(FollowUpFact):
    """A follow-up stands in the calendar."""

    name = "mentoring.follow_up_planned.v1"


class FollowUpDue(FollowUpFact):
    """It is time to ask."""

    name = "mentoring.follow_up_due.v1"


class FollowUpAnswered(FollowUpFact):
    """Somebody looked: it runs, or it does not."""

    name = "mentoring.follow_up_answered.v1"


class FollowUpWithdrawn(FollowUpFact):
    """Nobody needs to ask: the case was opened again, or ended."""

    name = "mentoring.follow_up_withdrawn.v1"


class FollowUpErased(FollowUpFact):
    """Who answered left: he is gone from this fact on."""

    name = "mentoring.follow_up_erased.v1"


class FollowUpRestated(FollowUpFact):
    """The follow-up as it stands, said again."""

    name = "mentoring.follow_up_restated.v1"


@dataclass(frozen=True, kw_only=True)
class TemplateFact(Fact):
    """Something about a template."""

    kind: ClassVar[str] = "template"
    template: states.Template


class TemplatePublished(TemplateFact):
    """A version of form and checklist is in use."""

    name = "mentoring.template_published.v1"


class TemplateRestated(TemplateFact):
    """The template as it stands, said again."""

    name = "mentoring.template_restated.v1"


@dataclass(frozen=True, kw_only=True)
class AssignmentFact(Fact):
    """Something about an assignment of many cases."""

    kind: ClassVar[str] = "assignment"
    assignment: states.Assignment


class AssignmentProposed(AssignmentFact):
    """The best assignment of the open cases was worked out."""

    name = "mentoring.assignment_proposed.v1"


class AssignmentConfirmed(AssignmentFact):
    """A coordinator confirmed it: the offers go out."""

    name = "mentoring.assignment_confirmed.v1"


class AssignmentRestated(AssignmentFact):
    """The assignment as it stands, said again."""

    name = "mentoring.assignment_restated.v1"
