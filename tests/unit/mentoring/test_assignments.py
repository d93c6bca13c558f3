"""Batches: proposed and explained, offered only once a coordinator confirmed them."""

import pytest

from contracts.mentoring import commands, reasons
from services.mentoring.errors import AssignmentStateForbids, AssignmentUnknown, Forbidden
from services.mentoring.handlers import assignments, offers
from tests.support.mentoring import (
    DAY,
    a_member,
    a_mentor,
    a_region,
    an_appointment,
    assessed,
    later,
    requested,
)


def propose(work, by="rudi", area="35.71"):
    asked = by if hasattr(by, "record") else work.by(by)
    return assignments.propose_assignment(asked, commands.ProposeAssignment(area=area))


def confirm(work, proposed, by="rudi", now=None):
    asked = by if hasattr(by, "record") else work.by(by, now=now)
    wish = commands.ConfirmAssignment(assignment_id=proposed.id)
    return assignments.confirm_assignment(asked, wish)


def ready_case(work, goal, **fields):
    return assessed(work, requested(work, goal=goal, **fields).id)


def two_cases(work):
    first = ready_case(work, "Otomasi sirkulasi", needs=("slims", "network"))
    return first, ready_case(work, "Katalog daring", needs=("slims",))


def test_a_proposal_explains_itself_and_offers_nothing():
    work = a_region()
    cases = two_cases(work)
    asked = work.by("rudi")

    state = assignments.propose_assignment(asked, commands.ProposeAssignment(area="35.71"))

    assert asked.said() == ["AssignmentProposed"]
    assert [pairing.mentorship_id for pairing in state.pairings] == [case.id for case in cases]
    assert state.total_cost == round(sum(pairing.cost for pairing in state.pairings), 3)
    for pairing in state.pairings:
        assert pairing.mentor_id in ("ayu", "eko")
        assert all(reasons.of_line(line).texts["id"] for line in pairing.reasons)
    assert state.pairings[0].partner_id in ("ayu", "eko")


def test_coordinators_propose_for_their_area_and_officers_for_the_region():
    work = a_region()

    assert propose(work, by="sari", area=None).pairings == ()
    for stranger, area in (("rudi", None), ("dewi", "35.71"), ("budi", "35.71")):
        with pytest.raises(Forbidden):
            propose(work, by=stranger, area=area)


def test_confirmed_the_offers_go_out_once():
    work = a_region()
    cases = two_cases(work)
    proposed = propose(work)
    asked = work.by("rudi")

    state = confirm(work, proposed, by=asked)

    assert asked.said() == ["AssignmentConfirmed", "OfferMade", "OfferMade"]
    made = {fact.offer.mentorship_id: fact.offer for fact in asked.facts[1:]}
    assert set(made) == {case.id for case in cases}
    assert all(offer.offered_by == "rudi" for offer in made.values())
    assert state.confirmed_at is not None
    with pytest.raises(AssignmentStateForbids):
        confirm(work, proposed)


def test_an_old_proposal_or_somebody_elses_is_not_confirmed():
    work = a_region()
    proposed = propose(work)

    with pytest.raises(AssignmentStateForbids):
        confirm(work, proposed, now=later(DAY + 1))
    with pytest.raises(Forbidden):
        confirm(work, proposed, by="dewi")
    with pytest.raises(AssignmentUnknown):
        assignments.confirm_assignment(
            work.by("rudi"), commands.ConfirmAssignment(assignment_id="unknown")
        )


def test_what_changed_since_the_proposal_is_left_out():
    work = a_region()
    first, second = two_cases(work)
    proposed = propose(work)
    taken = commands.MakeOffer(mentorship_id=first.id, mentor_id="ayu")
    offers.make_offer(work.by("rudi"), taken)
    asked = work.by("rudi")

    confirm(work, proposed, by=asked)

    offered = [fact.offer.mentorship_id for fact in asked.facts if hasattr(fact, "offer")]
    assert offered == [second.id]


def test_who_became_full_or_left_is_not_offered_anything():
    work = a_region()
    two_cases(work)
    proposed = propose(work)
    work.holds(a_mentor("ayu", capacity=0), a_member("eko", state="left"))
    asked = work.by("rudi")

    confirm(work, proposed, by=asked)

    assert asked.said() == ["AssignmentConfirmed"]


def test_who_was_asked_before_or_works_there_is_not_proposed_and_offers_count_as_load():
    staff = a_member("rina", institution_id="sman4"), an_appointment("rina", "mentor")
    work = a_region(*staff, a_mentor("rina", capacity=9))
    first, second = two_cases(work)
    made = offers.make_offer(
        work.by("rudi"), commands.MakeOffer(mentorship_id=first.id, mentor_id="ayu")
    )
    work.holds(a_mentor("eko", background="it", capacity=1))

    (only,) = propose(work).pairings
    assert (only.mentorship_id, only.mentor_id) == (second.id, "eko")
    offers.decline_offer(
        work.by("ayu"), commands.DeclineOffer(mentorship_id=first.id, offer_id=made.id)
    )

    again = {pairing.mentorship_id: pairing.mentor_id for pairing in propose(work).pairings}

    assert again == {first.id: "eko", second.id: "ayu"}
