"""Refusals of the mentoring service, one class per public code."""

from chassis.errors import Forbidden, Invalid, Refusal, SignInFirst
from contracts.mentoring import refusals

__all__ = ["Forbidden", "Invalid", "Refusal", "SignInFirst"]


class KindUnknown(Refusal):
    """There is no such kind."""

    refusal = refusals.KIND_UNKNOWN


class MentorshipUnknown(Refusal):
    """There is no such case."""

    refusal = refusals.MENTORSHIP_UNKNOWN


class MentorshipTaken(Refusal):
    """A case with this goal is open already."""

    refusal = refusals.MENTORSHIP_TAKEN


class MentorshipStateForbids(Refusal):
    """The case's state does not allow this."""

    refusal = refusals.MENTORSHIP_STATE_FORBIDS


class PilotInvalid(Refusal):
    """The case that a body names as its pilot is not there."""

    refusal = refusals.PILOT_INVALID


class InstitutionInvalid(Refusal):
    """The institution is not in the register."""

    refusal = refusals.INSTITUTION_INVALID


class TemplateUnknown(Refusal):
    """There is no such version of the form."""

    refusal = refusals.TEMPLATE_UNKNOWN


class AnswersInvalid(Refusal):
    """Some answers do not fit the form."""

    refusal = refusals.ANSWERS_INVALID


class NotReady(Refusal):
    """The institution is not ready yet."""

    refusal = refusals.NOT_READY


class MentorInvalid(Refusal):
    """This member is no mentor here."""

    refusal = refusals.MENTOR_INVALID


class MentorUnavailable(Refusal):
    """The mentor is not available or has enough cases."""

    refusal = refusals.MENTOR_UNAVAILABLE


class OfferUnknown(Refusal):
    """There is no such offer."""

    refusal = refusals.OFFER_UNKNOWN


class OfferOpen(Refusal):
    """Another offer of this case is open."""

    refusal = refusals.OFFER_OPEN


class OfferStateForbids(Refusal):
    """The offer's state does not allow this."""

    refusal = refusals.OFFER_STATE_FORBIDS


class AgreementMissing(Refusal):
    """There is no agreement yet."""

    refusal = refusals.AGREEMENT_MISSING


class AgreementInvalid(Refusal):
    """The agreement needs goals, duties, visits and consent."""

    refusal = refusals.AGREEMENT_INVALID


class VisitUnknown(Refusal):
    """There is no such visit."""

    refusal = refusals.VISIT_UNKNOWN


class VisitInvalid(Refusal):
    """The visit's times are not possible."""

    refusal = refusals.VISIT_INVALID


class PhotoInvalid(Refusal):
    """The photo cannot be taken in."""

    refusal = refusals.PHOTO_INVALID


class ChildOnPhoto(Refusal):
    """Declare that no child can be recognised."""

    refusal = refusals.CHILD_ON_PHOTO


class ItemUnknown(Refusal):
    """There is no such item."""

    refusal = refusals.ITEM_UNKNOWN


class ItemDone(Refusal):
    """The item is proven already."""

    refusal = refusals.ITEM_DONE


class EvidenceInvalid(Refusal):
    """The evidence is not of the kind that the item asks for."""

    refusal = refusals.EVIDENCE_INVALID


class StageOpen(Refusal):
    """Something mandatory is open in this stage."""

    refusal = refusals.STAGE_OPEN


class IssueUnknown(Refusal):
    """There is no such issue."""

    refusal = refusals.ISSUE_UNKNOWN


class IssueStateForbids(Refusal):
    """The issue is solved, or as high as it goes."""

    refusal = refusals.ISSUE_STATE_FORBIDS


class AcceptanceMissing(Refusal):
    """The facts that prove a running library are not there."""

    refusal = refusals.ACCEPTANCE_MISSING


class PartyInvalid(Refusal):
    """This is for somebody else to say."""

    refusal = refusals.PARTY_INVALID


class FollowUpUnknown(Refusal):
    """There is no such follow-up."""

    refusal = refusals.FOLLOW_UP_UNKNOWN


class FollowUpDone(Refusal):
    """This follow-up was answered already."""

    refusal = refusals.FOLLOW_UP_DONE


class FollowUpEarly(Refusal):
    """It is too early to say that it still runs."""

    refusal = refusals.FOLLOW_UP_EARLY


class AssignmentUnknown(Refusal):
    """There is no such assignment."""

    refusal = refusals.ASSIGNMENT_UNKNOWN


class AssignmentStateForbids(Refusal):
    """The assignment was confirmed already, or is too old."""

    refusal = refusals.ASSIGNMENT_STATE_FORBIDS


# What may be refused only because a fact of the members service has not been heard yet.
LAGGING: tuple[type[Refusal], ...] = (Forbidden, InstitutionInvalid, MentorInvalid, PartyInvalid)
