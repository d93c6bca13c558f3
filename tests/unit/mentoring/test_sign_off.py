"""Sign-off: three people, on proven facts; a no is a state; follow-ups close or open again."""

import pytest

from contracts.mentoring import commands, states
from services.mentoring.errors import (
    AcceptanceMissing,
    FollowUpDone,
    FollowUpEarly,
    FollowUpUnknown,
    Forbidden,
    MentorshipStateForbids,
    MentorshipTaken,
    PartyInvalid,
)
from services.mentoring.handlers.cases import stop
from services.mentoring.handlers.follow_ups import answer_follow_up, ask, to_ask
from services.mentoring.handlers.progressing import complete_item
from services.mentoring.handlers.signing_off import sign_off
from services.mentoring.model.template import shipped
from tests.support.mentoring import DAY, NOW, a_case, a_region, an_appointment, later, requested

ACCEPTANCE = {
    "live_lending.loan": ("date", "2026-11-19"),
    "live_lending.return": ("date", "2026-11-20"),
    "sign_off.backup_restored": ("date", "2026-11-10"),
    "sign_off.operator": ("text", "Bu Rina"),
}
THREE = (("budi", "head"), ("ayu", "mentor"), ("rudi", "coordinator"))


def proven(item, without):
    if item.stage == "follow_up" or item.id in without:
        return item
    kind, value = ACCEPTANCE.get(item.id, ("text", "x"))
    evidence = states.Proof(kind=kind, value=value)
    return states.Item(**{**vars(item), "done_at": NOW, "done_by": "ayu", "evidence": evidence})


def ready(*without, **fields):
    plain = {
        "state": "ready_for_signoff",
        "stage": "sign_off",
        "mentor_id": "ayu",
        "partner_id": "eko",
        "head_approval": True,
        "items": tuple(proven(item, without) for item in shipped(1).items),
    }
    return a_region(a_case(**{**plain, **fields}))


def says(party, agrees=True, **fields):
    return commands.SignOff(mentorship_id="case", party=party, agrees=agrees, **fields)


def signed_off():
    work = ready()
    for name, party in THREE:
        sign_off(work.by(name), says(party))
    return work


def answer(day, running, **fields):
    return commands.AnswerFollowUp(mentorship_id="case", day=day, running=running, **fields)


def follow_ups(work):
    return [(f.day, f.state) for f in work.follow_ups.of_case("case")]


def test_a_word_leaves_the_stages_in_which_only_what_is_optional_is_open():
    optional = tuple(item.id for item in shipped(1).items if not item.mandatory)
    work = ready(*optional, state="in_progress", stage="infrastructure").by("budi")

    case = sign_off(work, says("head"))

    assert work.said() == ["StageCompleted", "SignOffVoted"]
    assert (case.state, case.stage) == ("ready_for_signoff", "sign_off")


# -- three words ---------------------------------------------------------------------------------


def test_three_yes_sign_off_and_put_three_looks_into_the_calendar():
    work = ready()
    for name, party in THREE[:2]:
        one = work.by(name)
        assert sign_off(one, says(party)).state == "ready_for_signoff"
        assert one.said() == ["SignOffVoted"]

    last = work.by("rudi")
    case = sign_off(last, says("coordinator", comment="Sudah jalan"))

    assert (case.state, case.stage, case.signed_off_at) == ("signed_off", "follow_up", NOW)
    assert [vote.party for vote in case.votes] == ["head", "mentor", "coordinator"]
    assert last.said()[:4] == ["MentorshipSignedOff", *3 * ["FollowUpPlanned"]]
    assert [(f.day, f.due_on) for f in work.follow_ups.of_case("case")] == [
        (30, "2026-12-21"),
        (90, "2027-02-19"),
        (180, "2027-05-20"),
    ]


@pytest.mark.parametrize("lacking", sorted(ACCEPTANCE))
def test_a_yes_needs_every_acceptance_fact_and_says_which_is_missing(lacking):
    work = ready(lacking)
    for name, party in THREE:
        with pytest.raises(AcceptanceMissing) as refused:
            sign_off(work.by(name), says(party))
        assert refused.value.allowed == (lacking,)
    assert work.mentorships.get("case").votes == ()


def test_a_loan_of_last_month_is_no_proof_until_it_is_proven_anew():
    work, week_later = ready(), later(7 * DAY)
    with pytest.raises(AcceptanceMissing) as refused:
        sign_off(work.by("budi", now=week_later), says("head"))
    assert refused.value.allowed == ("live_lending.loan", "live_lending.return")

    for id in refused.value.allowed:
        proof = states.Proof(kind="date", value="2026-11-28")
        complete_item(
            work.by("budi", now=week_later),
            commands.CompleteItem(mentorship_id="case", item_id=id, evidence=proof),
        )
    assert sign_off(work.by("budi", now=week_later), says("head")).votes[0].agrees


def test_the_third_yes_finds_stale_what_the_first_found_fresh():
    work = ready()
    for name, party in THREE[:2]:
        sign_off(work.by(name), says(party))

    with pytest.raises(AcceptanceMissing):
        sign_off(work.by("rudi", now=later(14 * DAY)), says("coordinator"))


def test_a_no_needs_no_proof_and_is_a_dispute_until_all_three_say_yes():
    work = ready("sign_off.backup_restored")
    disputed = sign_off(work.by("ayu"), says("mentor", agrees=False, comment="Cadangan gagal"))
    assert (disputed.state, disputed.disputed) == ("ready_for_signoff", True)

    proof = states.Proof(kind="date", value="2026-11-21")
    complete_item(
        work.by("ayu"),
        commands.CompleteItem(
            mentorship_id="case", item_id="sign_off.backup_restored", evidence=proof
        ),
    )
    for name, party in (THREE[0], THREE[2]):
        assert sign_off(work.by(name), says(party)).disputed
    agreed = sign_off(work.by("eko"), says("mentor"))
    assert (agreed.state, agreed.disputed) == ("signed_off", False)


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("ayu", "head"),
        ("ayu", "coordinator"),
        ("budi", "mentor"),
        ("budi", "coordinator"),
        ("rudi", "head"),
        ("rudi", "mentor"),
    ],
)
def test_everybody_says_only_what_is_his_to_say(name, party):
    with pytest.raises(PartyInvalid):
        sign_off(ready().by(name), says(party, agrees=False))


def test_a_stranger_says_nothing():
    with pytest.raises(Forbidden):
        sign_off(ready().by("tono"), says("head", agrees=False))


def test_one_person_speaks_for_one_party_even_with_two_hats():
    work = ready().holds(an_appointment("budi", "area_coordinator", area="35.71"))
    sign_off(work.by("budi"), says("head"))

    with pytest.raises(PartyInvalid):
        sign_off(work.by("budi"), says("coordinator"))
    work.holds(an_appointment("ayu", "area_coordinator", area="35.71"))
    with pytest.raises(PartyInvalid):
        sign_off(work.by("ayu"), says("coordinator"))


@pytest.mark.parametrize("state", ["in_progress", "on_hold", "signed_off", "stopped"])
def test_only_a_case_that_is_ready_is_signed_off(state):
    with pytest.raises(MentorshipStateForbids):
        sign_off(ready("collection_data.index", state=state).by("budi"), says("head"))


# -- afterwards ----------------------------------------------------------------------------------


def test_on_its_day_a_follow_up_is_asked_once_and_the_case_is_followed():
    work = signed_off()
    assert to_ask(work.at(later(29 * DAY))) == []
    day = later(30 * DAY)
    (first,) = to_ask(work.at(day))

    sweep, again = work.at(day), work.at(day)
    ask(sweep, first)
    ask(again, first)

    assert (sweep.said(), again.said()) == (["FollowUpDue", "MentorshipChanged"], [])
    assert work.mentorships.get("case").state == "follow_up"
    assert to_ask(work.at(day)) == []
    ask(work.at(day), "x")


def test_still_running_at_the_last_look_closes_the_case():
    work = signed_off()
    for days in (30, 90):
        answer_follow_up(work.by("budi", now=later(days * DAY)), answer(days, True))
    assert work.mentorships.get("case").state == "follow_up"
    last = work.by("rudi", now=later(180 * DAY))

    said = answer_follow_up(last, answer(180, True, note="Setiap hari dipakai"))

    assert (said.state, said.running, said.answered_by) == ("done", True, "rudi")
    assert last.said() == ["FollowUpAnswered", "MentorshipClosed"]
    case = work.mentorships.get("case")
    assert (case.state, case.progress) == ("closed", 100)


def test_the_last_look_needs_no_others():
    work = signed_off()
    answer_follow_up(work.by("budi", now=later(181 * DAY)), answer(180, True))

    assert follow_ups(work) == [(30, "withdrawn"), (90, "withdrawn"), (180, "done")]


def test_stopped_opens_the_case_again_and_what_proves_lending_is_proven_anew():
    work = signed_off()
    day = work.by("rina", now=later(90 * DAY))

    answer_follow_up(day, answer(90, False, note="Komputer rusak"))

    case = work.mentorships.get("case")
    assert (case.state, case.stage, case.reopened) == ("in_progress", "live_lending", 1)
    assert (case.votes, case.signed_off_at, case.mentor_id) == ((), None, "ayu")
    undone = {item.stage for item in case.items if not item.done_at}
    assert undone == {"live_lending", "sign_off", "follow_up"}
    assert follow_ups(work) == [(30, "withdrawn"), (90, "done"), (180, "withdrawn")]
    assert day.said()[:2] == ["FollowUpAnswered", "FollowUpWithdrawn"]
    assert "MentorshipReopened" in day.said()


def test_a_reopened_case_without_mentor_waits_for_one():
    work = signed_off()
    alone = {**vars(work.mentorships.get("case")), "mentor_id": None, "partner_id": None}
    work.holds(states.Mentorship(**alone))

    answer_follow_up(work.by("rina"), answer(30, False))

    assert work.mentorships.get("case").state == "assessed"


def test_bad_news_may_come_early_good_news_not():
    work = signed_off()
    with pytest.raises(FollowUpEarly):
        answer_follow_up(work.by("budi", now=later(29 * DAY)), answer(30, True))
    answer_follow_up(work.by("budi", now=later(2 * DAY)), answer(30, False))

    assert work.mentorships.get("case").reopened == 1


def test_a_look_is_answered_once_and_only_one_that_is_planned():
    work = signed_off()
    now = later(30 * DAY)
    answer_follow_up(work.by("budi", now=now), answer(30, True))

    with pytest.raises(FollowUpDone):
        answer_follow_up(work.by("rudi", now=now), answer(30, False))
    with pytest.raises(FollowUpUnknown):
        answer_follow_up(work.by("rudi", now=now), answer(45, True))
    with pytest.raises(Forbidden):
        answer_follow_up(work.by("tono", now=now), answer(90, True))


def test_a_second_sign_off_plans_looks_of_its_own():
    work = signed_off()
    answer_follow_up(work.by("rina", now=later(30 * DAY)), answer(30, False))
    ready_again = ready().mentorships.get("case")
    standing = work.mentorships.get("case")
    work.holds(
        states.Mentorship(
            **{
                **vars(standing),
                "state": "ready_for_signoff",
                "stage": "sign_off",
                "items": ready_again.items,
            }
        )
    )
    for name, party in THREE:
        sign_off(work.by(name), says(party))

    waiting = [f for f in follow_ups(work) if f[1] == "planned"]
    assert waiting == [(30, "planned"), (90, "planned"), (180, "planned")]


def test_who_stops_what_was_signed_off_ends_its_looks():
    work = signed_off()
    stop(work.by("rudi"), commands.Stop(mentorship_id="case", reason="Sekolah ditutup"))

    assert {state for _, state in follow_ups(work)} == {"withdrawn"}


def test_a_signed_off_goal_is_still_the_institutions_open_one():
    with pytest.raises(MentorshipTaken):
        requested(signed_off())
