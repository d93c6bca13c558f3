"""The table: which fact tells whom what. One line per rule; who is meant is beside it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from chassis import clock
from contracts.events import facts as events
from contracts.fact import Fact
from contracts.members import facts as members
from contracts.mentoring import facts as mentorings
from contracts.notifications import facts as own
from services.notifications.model.kinds import KINDS
from services.notifications.model.known import Books
from services.notifications.model.rules import (
    abroad,
    announcements,
    gatherings,
    helping,
    lending,
    mentoring,
    people,
    registrations,
    requests,
    speakers,
)
from services.notifications.model.telling import Telling, To, notice_id


@dataclass(frozen=True)
class Rule:
    """A fact, the kind of notice it makes, who is told, and what the text may name."""

    kind: str
    who: Callable[[Any, Books], Iterable[To]]
    says: Callable[[Any, Books], dict[str, Any]]


RULES: dict[type[Fact], Rule] = {
    # one's place at an event
    events.RegistrationConfirmed: Rule(
        "registration_confirmed", registrations.registrant, registrations.place
    ),
    events.RegistrationWaiting: Rule(
        "registration_waiting", registrations.registrant, registrations.place
    ),
    events.SeatOffered: Rule("seat_offered", registrations.registrant, registrations.place),
    events.SeatOfferLapsed: Rule(
        "seat_offer_lapsed", registrations.registrant, registrations.place
    ),
    events.RegistrationCancelled: Rule(
        "registration_cancelled", registrations.cancelled, registrations.place
    ),
    events.RegistrationToReconfirm: Rule(
        "event_rescheduled", registrations.to_reconfirm, registrations.moved_place
    ),
    events.Attended: Rule("event_closed", registrations.attended_late, registrations.place),
    events.AwayRegistrationAnswered: Rule(
        "registration_confirmed", abroad.registrant, abroad.place
    ),
    events.CertificateIssued: Rule(
        "certificate_issued", registrations.certified, registrations.certificate
    ),
    events.CertificateRevoked: Rule(
        "certificate_revoked", registrations.certified, registrations.certificate
    ),
    # an event
    events.EventPublished: Rule("event_published", gatherings.invited, gatherings.event),
    events.EventRescheduled: Rule("event_rescheduled", gatherings.concerned, gatherings.moved),
    events.EventCancelled: Rule("event_cancelled", gatherings.speaking, gatherings.event),
    events.EventClosed: Rule("event_closed", gatherings.attended, gatherings.event),
    # who speaks, whose house it is, who hosts it too
    events.SpeakerInvited: Rule("speaker_invited", speakers.asked, gatherings.event),
    events.SpeakerReminded: Rule("speaker_reminded", speakers.reminded, gatherings.event),
    events.SpeakerAnswered: Rule("speaker_answered", speakers.answered, gatherings.event),
    events.MaterialMissing: Rule("material_missing", speakers.owing, gatherings.event),
    events.HostAsked: Rule("host_asked", gatherings.house, gatherings.event),
    events.HostAnswered: Rule("host_answered", gatherings.after_house, gatherings.event),
    events.CohostInvited: Rule("cohost_invited", gatherings.neighbours, gatherings.event),
    events.CohostAnswered: Rule("cohost_answered", gatherings.after_neighbours, gatherings.event),
    # topics
    events.EventRequestWaits: Rule("request_waits", requests.coordinators, requests.topic),
    events.EventRequestEscalated: Rule("request_escalated", requests.officers, requests.topic),
    events.EventRequestAccepted: Rule("request_accepted", requests.backers, requests.topic),
    events.EventRequestDeclined: Rule("request_declined", requests.backers, requests.topic),
    events.EventRequestAnswered: Rule("request_answered", requests.backers, requests.topic),
    # things that are lent
    events.EquipmentOverdue: Rule("equipment_overdue", lending.owner_and_borrower, lending.thing),
    # people
    members.MemberContactProven: Rule("member_waits", people.approvers, people.member),
    members.MemberApproved: Rule("member_approved", people.oneself, people.member),
    members.MemberSuspended: Rule("member_suspended", people.oneself, people.member),
    members.MemberReinstated: Rule("member_reinstated", people.oneself, people.member),
    members.CompetencyEvidenceExpiring: Rule("evidence_expiring", people.rated, people.nothing),
    members.AppointmentOffered: Rule("appointment_offered", people.candidate, people.office),
    members.AreaCoordinatorVacant: Rule("area_vacant", people.officers, people.vacancy),
    # a case
    mentorings.MentorshipRequested: Rule(
        "mentorship_requested", mentoring.coordinators, mentoring.case
    ),
    mentorings.MentorshipAssessed: Rule(
        "mentorship_assessed", mentoring.house_and_coordinators, mentoring.assessment
    ),
    mentorings.MentorshipMatched: Rule("mentorship_matched", mentoring.everybody, mentoring.case),
    mentorings.MentorshipUnmatched: Rule(
        "mentorship_unmatched", mentoring.house_and_coordinators, mentoring.case
    ),
    mentorings.MentorNeeded: Rule("mentor_needed", mentoring.coordinators, mentoring.case),
    mentorings.AgreementDrafted: Rule("agreement_drafted", mentoring.both_sides, mentoring.case),
    mentorings.AgreementAccepted: Rule("agreement_accepted", mentoring.accepted, mentoring.case),
    mentorings.MentorshipBegan: Rule("mentorship_began", mentoring.everybody, mentoring.case),
    mentorings.StageCompleted: Rule("stage_completed", mentoring.stage_completed, mentoring.case),
    mentorings.VisitOverdue: Rule("visit_overdue", mentoring.late, mentoring.case),
    mentorings.VisitLogged: Rule("visit_logged", mentoring.visited, mentoring.visit),
    mentorings.MentorshipHeld: Rule("mentorship_held", mentoring.everybody, mentoring.case),
    mentorings.MentorshipResumed: Rule("mentorship_resumed", mentoring.everybody, mentoring.case),
    mentorings.MentorshipStopped: Rule("mentorship_stopped", mentoring.everybody, mentoring.case),
    mentorings.SignOffVoted: Rule("sign_off_voted", mentoring.everybody, mentoring.votes),
    mentorings.MentorshipSignedOff: Rule(
        "mentorship_signed_off", mentoring.signed_off, mentoring.case
    ),
    mentorings.MentorshipReopened: Rule("mentorship_reopened", mentoring.everybody, mentoring.case),
    mentorings.MentorshipClosed: Rule("mentorship_closed", mentoring.everybody, mentoring.case),
    mentorings.FollowUpDue: Rule("follow_up_due", mentoring.asked, mentoring.follow_up),
    mentorings.FollowUpAnswered: Rule(
        "follow_up_answered", mentoring.answered, mentoring.follow_up
    ),
    # offers to mentors, faults
    mentorings.OfferMade: Rule("offer_made", helping.asked, helping.offer),
    mentorings.OfferDeclined: Rule("offer_declined", helping.askers, helping.offer),
    mentorings.OfferLapsed: Rule("offer_lapsed", helping.lapsed, helping.offer),
    mentorings.OfferQuestioned: Rule("offer_questioned", helping.askers, helping.offer),
    mentorings.OfferWithdrawn: Rule("offer_withdrawn", helping.asked, helping.offer),
    mentorings.IssueReported: Rule("issue_reported", helping.holders, helping.issue),
    mentorings.IssueClimbed: Rule("issue_climbed", helping.holders, helping.issue),
    mentorings.IssueHelped: Rule("issue_helped", helping.reporter, helping.issue),
    mentorings.IssueSolved: Rule("issue_solved", helping.concerned, helping.issue),
    # announcements
    own.AnnouncementMade: Rule("announcement_area", announcements.audience, announcements.said),
}


def tellings(fact: Fact, fact_id: str, books: Books) -> Iterator[Telling]:
    """What the fact has people told; raises NotYetKnown when it speaks of what was not heard."""
    rule = RULES.get(type(fact))
    if rule is None:
        return
    for to in rule.who(fact, books):
        if to.members:
            yield _telling(rule, to, fact, fact_id, books)


def _telling(rule: Rule, to: To, fact: Fact, fact_id: str, books: Books) -> Telling:
    kind = to.kind or rule.kind
    once = to.once or fact_id
    state = fact.state
    return Telling(
        id=notice_id(once, "", kind),
        kind=kind,
        fact_id=fact_id,
        once=once,
        members=tuple(dict.fromkeys(to.members)),
        due_at=clock.later(books.now, to.after_seconds),
        params={**rule.says(fact, books), **to.params},
        urgent=KINDS[kind].urgent or bool(getattr(state, "urgent", False)),
        audience=to.audience,
        about_id=about_id(kind, state),
        sender_id=getattr(state, "sent_by", None),
        area=getattr(state, "area", None),
    )


def about_id(kind: str, state: Any) -> str | None:
    """The id of what a notice of the kind is about."""
    about = KINDS[kind].about
    if about is None:
        return None
    named = getattr(state, f"{about}_id", None)
    return str(named or state.id)


def settled(telling: Telling, books: Books) -> Telling:
    """The telling as it stands now, when facts of the same transaction have arrived.

    Who lost his place because the event fell through hears that; who is to confirm a new date was
    told so with all others, under the same name.
    """
    event = books.events.get(telling.about_id) if telling.about_id else None
    if event is None:
        return telling
    if telling.kind == "registration_cancelled" and event.state == "cancelled":
        return replace(
            telling, kind="event_cancelled", once=registrations.called_off(event.id), urgent=True
        )
    if telling.once.startswith(registrations.LATE):
        params = {**telling.params, "event": gatherings.brief(event)}
        return replace(telling, once=gatherings.moving(event), params=params)
    return telling
