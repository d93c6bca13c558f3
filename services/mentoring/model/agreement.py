"""The agreement of head and mentor, in versions, with the visits it plans (source: F5)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chassis import clock
from contracts.mentoring import facts, states
from contracts.types import UNSET
from services.mentoring.errors import AgreementInvalid, AgreementMissing
from services.mentoring.model import checklist
from services.mentoring.model.states import must_allow
from services.mentoring.model.steps import moved

ACCEPTED = {"head": "head_accepted_at", "mentor": "mentor_accepted_at"}
MOST_VISITS = 40
NEAR_SECONDS = 7 * 24 * 3600


def draft(case: states.Mentorship, now: str, said: states.Agreement) -> facts.AgreementDrafted:
    """A new version, to be accepted by both; visits that took place or stay keep their ids.

    `said` has the visits that are wanted, each with a new id; its version does not count.
    """
    must_allow(case, "draft")
    if not (said.goals and said.duties and said.visits and said.consent):
        raise AgreementInvalid("goals, duties, visits and consent are needed")
    before = case.agreement
    version = before.version + 1 if before else 1
    visits = _visits(before.visits if before else (), said.visits)
    dropped = _dropped(before, visits) if before else UNSET
    agreement = replace(said, version=version, visits=visits, dropped=dropped)
    items = checklist.marked(case.items, checklist.AGREED, None)
    back = "matched" if case.state == "agreed" else case.state
    after = moved(case, now, agreement=agreement, items=items, state=back)
    return facts.AgreementDrafted(mentorship=replace(after, progress=checklist.progress(items)))


def accept(case: states.Mentorship, now: str, party: str) -> facts.AgreementAccepted | None:
    """Head or mentor accepts the version; None when he has. With both it is agreed."""
    must_allow(case, "accept")
    if case.agreement is None:
        raise AgreementMissing("draft it first")
    if getattr(case.agreement, ACCEPTED[party]):
        return None
    said: dict[str, Any] = {ACCEPTED[party]: now}
    agreement = replace(case.agreement, **said)
    after = moved(case, now, agreement=agreement)
    if agreement.head_accepted_at and agreement.mentor_accepted_at:
        items = checklist.marked(case.items, checklist.AGREED, now)
        state = "agreed" if case.state == "matched" else case.state
        after = checklist.settled(replace(after, items=items, state=state))
    return facts.AgreementAccepted(mentorship=after)


def begin(case: states.Mentorship, now: str) -> facts.MentorshipBegan:
    """What was agreed begins."""
    return facts.MentorshipBegan(mentorship=moved(case, now, state="in_progress"))


def visited(
    case: states.Mentorship, now: str, visit_id: str, started_at: str
) -> facts.MentorshipChanged | None:
    """The planned visit nearest to the start took place; None when none is within a week."""
    if case.agreement is None:
        return None
    away = {
        planned.id: abs(clock.seconds_between(planned.planned_at, started_at))
        for planned in case.agreement.visits
        if planned.visit_id is None
    }
    nearest = min(away, key=away.__getitem__, default=None)
    if nearest is None or away[nearest] > NEAR_SECONDS:
        return None
    visits = tuple(
        replace(planned, visit_id=visit_id) if planned.id == nearest else planned
        for planned in case.agreement.visits
    )
    after = moved(case, now, agreement=replace(case.agreement, visits=visits))
    return facts.MentorshipChanged(mentorship=after)


def tell_overdue(case: states.Mentorship, now: str, before: str) -> facts.VisitOverdue | None:
    """Visits planned before the instant that did not take place; None when all were told."""
    if case.agreement is None:
        return None
    visits = tuple(
        replace(v, overdue_told_at=now)
        if v.planned_at < before and not (v.visit_id or v.overdue_told_at)
        else v
        for v in case.agreement.visits
    )
    if visits == case.agreement.visits:
        return None
    after = moved(case, now, agreement=replace(case.agreement, visits=visits))
    return facts.VisitOverdue(mentorship=after)


def _dropped(
    before: states.Agreement, visits: Sequence[states.PlannedVisit]
) -> tuple[states.PlannedVisit, ...]:
    """What was planned once and is no more: calendars are told so; the newest of them."""
    past = () if before.dropped is UNSET else before.dropped
    kept = {visit.id for visit in visits}
    return (*past, *(visit for visit in before.visits if visit.id not in kept))[-MOST_VISITS:]


def _visits(
    before: Sequence[states.PlannedVisit], wanted: Sequence[states.PlannedVisit]
) -> tuple[states.PlannedVisit, ...]:
    known = {visit.planned_at: visit for visit in before}
    took_place = {visit.planned_at: visit for visit in before if visit.visit_id}
    planned = {visit.planned_at: known.get(visit.planned_at, visit) for visit in wanted}
    return tuple(sorted({**planned, **took_place}.values(), key=lambda v: v.planned_at))
