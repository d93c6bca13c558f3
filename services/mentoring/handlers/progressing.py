"""From readiness to a proven checklist (source: F2, F5, F7)."""

from chassis import clock
from contracts.mentoring import commands, states
from services.mentoring.errors import EvidenceInvalid, Forbidden, PartyInvalid
from services.mentoring.handlers import offers
from services.mentoring.handlers.who import authority, case, taking_part
from services.mentoring.model import agreement, checklist, readiness
from services.mentoring.model.authority import Authority
from services.mentoring.model.ports import Work
from services.mentoring.model.readiness import Assessment


def assess(work: Work, said: Assessment) -> states.Mentorship:
    """By a coordinator or a mentor of the area, or who accompanies the case."""
    who, before = authority(work), work.to_change(case(work, said.mentorship_id))
    area = before.area
    if not (who.may_coordinate(area) or who.may_mentor(area) or who.is_mentor(before)):
        raise Forbidden("a mentor or a coordinator of the area assesses")
    state: states.Mentorship = work.record(readiness.assess(before, work.now, who.member.id, said))
    if said.verdict == "not_ready":
        offers.withdraw_open(work, state.id)
    return state


def draft_agreement(work: Work, command: commands.DraftAgreement) -> states.Mentorship:
    """By who takes part."""
    _, before = taking_part(work, command.mentorship_id)
    said = states.Agreement(
        version=0,
        goals=command.goals,
        duties=command.duties,
        visits=tuple(
            states.PlannedVisit(id=clock.new_id(), planned_at=clock.utc(visit.planned_at))
            for visit in command.visits
        ),
        consent=command.consent,
    )
    state: states.Mentorship = work.record(agreement.draft(before, work.now, said))
    return state


def accept_agreement(work: Work, command: commands.AcceptAgreement) -> states.Mentorship:
    """As head or as mentor; when both have, the work begins."""
    who, before = taking_part(work, command.mentorship_id)
    must_speak_for(who, before, command.party)
    fact = agreement.accept(before, work.now, command.party)
    if fact is None:
        return before
    state: states.Mentorship = work.record(fact)
    if state.state != "agreed":
        return state
    state = work.record(agreement.begin(state, work.now))
    further = checklist.catch_up(state, work.now)
    return work.record(further) if further else state


def complete_item(work: Work, command: commands.CompleteItem) -> states.Mentorship:
    """By who takes part; a photo is one of a visit to this institution."""
    who, before = taking_part(work, command.mentorship_id)
    proof = command.evidence
    if proof and proof.kind == "photo" and not work.visits.shows(before.id, proof.value):
        raise EvidenceInvalid("add the photo to a visit first", pointer="/evidence/value")
    said = (work.now, work.today, who.member.id, command.item_id, proof)
    state: states.Mentorship = work.record(checklist.complete_item(before, *said))
    return state


def complete_stage(work: Work, command: commands.CompleteStage) -> states.Mentorship:
    """By who takes part."""
    _, before = taking_part(work, command.mentorship_id)
    state: states.Mentorship = work.record(checklist.complete_stage(before, work.now))
    return state


def must_speak_for(who: Authority, case: states.Mentorship, party: str) -> None:
    """Raise PartyInvalid unless the word is his.

    Head: who works at the institution, once its head's approval is there, and never the mentor.
    Coordinator: of the area, and not of a case that he accompanies himself.
    """
    may = {
        "head": who.is_staff(case) and case.head_approval and not who.is_mentor(case),
        "mentor": who.is_mentor(case),
        "coordinator": who.may_coordinate(case.area) and not who.is_mentor(case),
    }
    if not may[party]:
        raise PartyInvalid(f"the {party} says this", pointer="/as")
