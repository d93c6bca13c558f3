"""Offers: made to who is free, answered, lapsed, passed on; three lapses go to the coordinator."""

from dataclasses import replace

import pytest

from contracts.mentoring import commands
from services.mentoring.errors import (
    Forbidden,
    MentorInvalid,
    MentorshipStateForbids,
    MentorUnavailable,
    NotReady,
    OfferOpen,
    OfferStateForbids,
    OfferUnknown,
    SignInFirst,
)
from services.mentoring.handlers import cases, mentors, offers
from services.mentoring.model.template import shipped
from tests.support.mentoring import (
    DAY,
    NOW,
    a_member,
    a_mentor,
    a_region,
    an_appointment,
    assessed,
    later,
    requested,
)


def another_mentor(id, **fields):
    return a_member(id), an_appointment(id, "mentor", area="35.71"), a_mentor(id, **fields)


def ready_case(work, **fields):
    return assessed(work, requested(work, needs=("slims", "network"), **fields).id)


def offer(work, case, mentor="ayu", partner=None, by="rudi"):
    wish = commands.MakeOffer(mentorship_id=case.id, mentor_id=mentor, partner_id=partner)
    return offers.make_offer(work.by(by), wish)


def answer(work, made, how, by="ayu", **fields):
    handler, command = {
        "accept": (offers.accept_offer, commands.AcceptOffer),
        "decline": (offers.decline_offer, commands.DeclineOffer),
        "ask": (offers.ask_about_offer, commands.AskAboutOffer),
    }[how]
    wish = command(mentorship_id=made.mentorship_id, offer_id=made.id, **fields)
    return handler(by if hasattr(by, "record") else work.by(by), wish)


def lapse_all(work, now):
    """One round of the sweep; gives the facts."""
    round_ = work.at(now)
    for due in offers.lapsed(round_):
        offers.lapse(round_, due)
    return round_.facts


def test_a_coordinator_offers_a_case_to_a_free_pair_for_72_hours():
    work = a_region()
    case = ready_case(work)

    made = offer(work, case, "ayu", "eko")

    assert (made.state, made.mentor_id, made.partner_id) == ("offered", "ayu", "eko")
    assert (made.expires_at, made.offered_by, made.area) == (later(3 * DAY), "rudi", "35.71")


def test_only_coordinators_of_the_area_offer():
    work = a_region()
    case = ready_case(work)

    for stranger in ("dewi", "budi", "ayu"):
        with pytest.raises(Forbidden):
            offer(work, case, by=stranger)
    with pytest.raises(SignInFirst):
        offer(work, case, by=None)
    assert offer(work, case, by="sari").offered_by == "sari"


def test_what_is_not_assessed_is_not_offered():
    work = a_region()
    case = requested(work)

    with pytest.raises(MentorshipStateForbids):
        offer(work, case)
    assessed(work, case.id)
    assert offer(work, case).state == "offered"


def test_a_case_that_turns_out_not_ready_is_offered_no_more():
    work = a_region()
    case = ready_case(work)
    made = offer(work, case)
    everything_missing = {
        question.id.replace(".", "__"): 0 if question.kind == "number" else False
        for question in shipped(1).questions
    }

    assessed(work, case.id, **everything_missing)

    assert work.offers.get(made.id).state == "withdrawn"
    with pytest.raises(NotReady):
        offer(work, case)


def test_one_offer_at_a_time():
    work = a_region()
    case = ready_case(work)
    offer(work, case)

    with pytest.raises(OfferOpen):
        offer(work, case, "eko")


def test_only_mentors_in_force_with_a_profile_who_do_not_work_there_are_asked():
    past = an_appointment("lama", "mentor", ends_on="2026-01-01")
    own = a_member("rina", institution_id="sman4"), an_appointment("rina", "mentor", area=None)
    work = a_region(
        a_member("lama"),
        past,
        a_mentor("lama"),
        *own,
        a_mentor("rina"),
        a_member("baru"),
        an_appointment("baru", "mentor", area="35.71"),
        *another_mentor("pergi"),
    )
    work.holds(a_member("pergi", state="suspended"))
    case = ready_case(work)

    for wrong in ("lama", "rina", "baru", "pergi", "budi", "nobody"):
        with pytest.raises(MentorInvalid) as refused:
            offer(work, case, wrong)
        assert refused.value.pointer == "/mentor_id"
    for wrong in ("ayu", "budi"):
        with pytest.raises(MentorInvalid) as refused:
            offer(work, case, "ayu", wrong)
        assert refused.value.pointer == "/partner_id"


def test_who_is_away_or_has_enough_is_not_asked_and_open_offers_count():
    work = a_region(
        *another_mentor("away", available=False),
        *another_mentor("full", capacity=1, load=1),
        *another_mentor("one", capacity=1),
    )
    first, second = ready_case(work), ready_case(work, goal="Katalog daring")

    for busy in ("away", "full"):
        with pytest.raises(MentorUnavailable):
            offer(work, first, busy)
    offer(work, first, "one")
    with pytest.raises(MentorUnavailable):
        offer(work, second, "one")


def test_the_mentor_takes_the_case_and_both_have_one_more():
    work = a_region()
    made = offer(work, ready_case(work), "ayu", "eko")
    asked = work.by("ayu")

    state = answer(work, made, "accept", by=asked)

    case = work.mentorships.get(made.mentorship_id)
    assert state.state == "accepted"
    assert (case.state, case.mentor_id, case.partner_id) == ("matched", "ayu", "eko")
    assert [work.mentors.get(one).load for one in ("ayu", "eko")] == [1, 1]
    assert asked.said() == ["OfferAccepted", "MentorshipMatched", "MentorLoaded", "MentorLoaded"]


def test_a_partner_declines_or_asks_but_does_not_accept_and_strangers_do_nothing():
    work = a_region()
    made = offer(work, ready_case(work), "ayu", "eko")

    with pytest.raises(Forbidden):
        answer(work, made, "accept", by="eko")
    with pytest.raises(Forbidden):
        answer(work, made, "decline", by="rudi")
    with pytest.raises(MentorInvalid):
        answer(work, made, "accept", by="rudi")
    elsewhere = commands.AcceptOffer(mentorship_id="other", offer_id=made.id)
    with pytest.raises(OfferUnknown):
        offers.accept_offer(work.by("ayu"), elsewhere)
    assert answer(work, made, "decline", by="eko").state == "declined"


def test_whose_appointment_ended_meanwhile_cannot_accept():
    work = a_region()
    made = offer(work, ready_case(work))
    work.holds(an_appointment("ayu", "mentor", area="35.71", ends_on="2026-11-20"))

    with pytest.raises(MentorInvalid):
        answer(work, made, "accept")


def test_who_has_enough_by_the_time_he_answers_cannot_accept():
    work = a_region()
    made = offer(work, ready_case(work))
    work.holds(a_mentor("ayu", load=2))

    with pytest.raises(MentorUnavailable):
        answer(work, made, "accept")


def test_a_no_and_unavailable_is_one_call():
    work = a_region()
    made = offer(work, ready_case(work))
    asked = work.by("ayu")

    answer(work, made, "decline", by=asked, reason="Penuh", unavailable=True)

    assert asked.said() == ["OfferDeclined", "MentorUnavailable"]
    assert work.mentors.get("ayu").available is False
    again = offer(work, work.mentorships.get(made.mentorship_id), "eko")
    work.holds(a_mentor("eko", available=False))
    assert answer(work, again, "decline", by="eko", unavailable=True).reason is None


def test_a_question_gives_new_time_once():
    work = a_region()
    made = offer(work, ready_case(work))
    question = {"question": "Berapa komputer?"}

    asked = answer(work, made, "ask", by=work.by("ayu", now=later(2 * DAY)), **question)

    assert (asked.question, asked.expires_at) == ("Berapa komputer?", later(5 * DAY))
    with pytest.raises(OfferStateForbids) as refused:
        answer(work, made, "ask", **question)
    assert refused.value.allowed == ("accept", "decline")


def test_what_lapsed_or_was_answered_is_not_answered_again():
    work = a_region()
    made = offer(work, ready_case(work))

    with pytest.raises(OfferStateForbids):
        answer(work, made, "accept", by=work.by("ayu", now=later(3 * DAY)))
    answer(work, made, "decline")
    for how, more in (("accept", {}), ("decline", {}), ("ask", {"question": "apa?"})):
        with pytest.raises(OfferStateForbids):
            answer(work, made, how, **more)


def test_nothing_lapses_before_its_time():
    work = a_region()
    made = offer(work, ready_case(work))

    assert lapse_all(work, later(3 * DAY - 1)) == []
    offers.lapse(work.at(later(DAY)), made.id)
    offers.lapse(work.at(later(DAY)), "unknown")
    assert work.offers.get(made.id).state == "offered"


def test_after_72_hours_the_next_best_is_asked_in_the_same_name():
    work = a_region()
    made = offer(work, ready_case(work), "ayu")

    said = lapse_all(work, later(3 * DAY))

    names = [type(fact).__name__ for fact in said]
    assert names == ["OfferLapsed", "MentorshipChanged", "OfferMade"]
    assert work.mentorships.get(made.mentorship_id).lapses == 1
    new = said[-1].offer
    assert (new.mentor_id, new.offered_by, new.expires_at) == ("eko", "rudi", later(6 * DAY))
    assert lapse_all(work, later(3 * DAY)) == []


def test_who_was_not_the_reason_that_an_offer_ended_is_asked_again():
    work = a_region()
    case = ready_case(work)
    made = offer(work, case, "ayu")
    withdrawn = work.at(NOW)
    offers.withdraw_open(withdrawn, case.id)
    offer(work, case, "eko")

    said = lapse_all(work, later(3 * DAY))

    assert work.offers.get(made.id).state == "withdrawn"
    assert said[-1].offer.mentor_id == "ayu"


def test_with_nobody_left_a_coordinator_is_asked():
    work = a_region()
    made = offer(work, ready_case(work), "ayu", "eko")

    said = lapse_all(work, later(3 * DAY))

    assert [type(fact).__name__ for fact in said] == ["OfferLapsed", "MentorNeeded"]
    assert work.mentorships.get(made.mentorship_id).lapses == 1


def test_three_lapses_go_to_the_coordinator_who_may_offer_again():
    work = a_region(*another_mentor("fitri"), *another_mentor("gita"))
    case = ready_case(work)
    offer(work, case, "gita")

    rounds = [lapse_all(work, later(3 * days * DAY)) for days in (1, 2, 3)]

    assert [type(said[-1]).__name__ for said in rounds] == [
        "OfferMade",
        "OfferMade",
        "MentorNeeded",
    ]
    assert len({said[0].offer.mentor_id for said in rounds}) == 3
    assert work.mentorships.get(case.id).lapses == 3
    assert lapse_all(work, later(30 * DAY)) == []
    assert offer(work, case, "gita").state == "offered"


def test_a_case_that_ends_withdraws_its_offer():
    work = a_region()
    made = offer(work, ready_case(work))

    cases.stop(work.by("budi"), commands.Stop(mentorship_id=made.mentorship_id, reason="Pindah"))

    assert work.offers.get(made.id).state == "withdrawn"
    offers.withdraw_open(work.at(NOW), made.mentorship_id)
    assert work.offers.get(made.id).version == 2


def test_an_offer_of_a_case_that_is_no_more_to_be_had_only_lapses():
    work = a_region()
    made = offer(work, ready_case(work))
    case = work.mentorships.get(made.mentorship_id)
    work.mentorships.by_id[case.id] = replace(case, state="stopped")

    said = lapse_all(work, later(3 * DAY))

    assert [type(fact).__name__ for fact in said] == ["OfferLapsed"]


def test_offers_to_who_left_are_withdrawn():
    work = a_region()
    made = offer(work, ready_case(work))

    offers.forget_member(work.at(NOW), "eko")
    assert work.offers.get(made.id).state == "offered"
    offers.forget_member(work.at(NOW), "ayu")
    mentors.forget_member(work.at(NOW), "ayu")

    assert work.offers.get(made.id).state == "withdrawn"
    gone = work.mentors.get("ayu")
    assert (gone.available, gone.capacity, gone.skills, gone.latitude) == (False, 0, (), None)
