"""A case belongs to an institution; it is asked for once per goal, rests, ends, is followed."""

import pytest

from contracts.mentoring import commands, states
from services.mentoring.errors import (
    Forbidden,
    InstitutionInvalid,
    MentorshipStateForbids,
    MentorshipTaken,
    MentorshipUnknown,
    PilotInvalid,
    SignInFirst,
)
from services.mentoring.handlers.cases import (
    change_mentorship,
    hold,
    request_mentorship,
    resume,
    stop,
    unmatch,
)
from services.mentoring.model.mentorship import Mentorship
from services.mentoring.model.states import ALLOWED, OPEN, must_allow
from tests.support.mentoring import (
    NOW,
    a_case,
    a_member,
    a_region,
    assessed,
    later,
    requested,
)

READY = states.Readiness(template_version=1, score=90, verdict="ready")
CONTACT = states.Contact(name="Bu Rina", phone="+6281234567890")


def ask(**fields):
    plain = {"institution_id": "sman4", "goal": "Otomasi sirkulasi"}
    return commands.RequestMentorship(**{**plain, **fields})


def test_a_case_carries_what_was_said_the_house_and_the_latest_checklist():
    work = a_region().by("budi")

    case = request_mentorship(
        work, ask(goal="  Otomasi   sirkulasi ", problem="Buku besar", needs=("slims",))
    )

    assert work.said() == ["MentorshipRequested"]
    assert (case.state, case.stage, case.progress) == ("requested", "request", 0)
    assert (case.goal, case.area, case.institution_name) == (
        "Otomasi sirkulasi",
        "35.71",
        "SMAN 4 Kediri",
    )
    assert (case.latitude, case.requested_by, case.needs) == (-7.8352, "budi", ("slims",))
    assert len(case.items) > 20 and not any(item.done_at for item in case.items)


def test_the_heads_approval_is_the_first_item():
    work = a_region()

    case = requested(work)

    assert (case.stage, case.items[0].done_at, case.items[0].done_by) == ("readiness", NOW, "budi")
    assert case.progress > 0
    taken_back = change_mentorship(
        work.by("rina"), commands.ChangeMentorship(mentorship_id=case.id, head_approval=False)
    )
    assert (taken_back.items[0].done_at, taken_back.progress) == (None, 0)


@pytest.mark.parametrize("name", ["budi", "rina", "rudi", "kartini", "sari"])
def test_staff_and_coordinators_ask(name):
    assert request_mentorship(a_region().by(name), ask()).requested_by == name


@pytest.mark.parametrize("name", ["ayu", "dewi", "tono"])
def test_nobody_else_asks(name):
    with pytest.raises(Forbidden):
        request_mentorship(a_region().by(name), ask())


def test_only_active_members_ask_and_only_for_known_houses():
    pending = a_member("baru", institution_id="sman4", state="pending")
    for work, expected in (
        (a_region(pending).by("baru"), Forbidden),
        (a_region().by("nobody"), Forbidden),
        (a_region().by(None), SignInFirst),
    ):
        with pytest.raises(expected):
            request_mentorship(work, ask())
    with pytest.raises(InstitutionInvalid):
        request_mentorship(a_region().by("kartini"), ask(institution_id="x"))


def test_a_second_open_case_for_the_same_goal_is_refused_another_goal_is_not():
    work = a_region()
    requested(work)

    with pytest.raises(MentorshipTaken):
        requested(work, goal="OTOMASI  sirkulasi.")
    assert requested(work, goal="Katalog daring").state == "requested"


def test_after_an_end_the_same_goal_may_be_asked_for_again():
    work = a_region()
    first = requested(work)
    stop(work.by("budi"), commands.Stop(mentorship_id=first.id, reason="Gedung pindah"))

    assert requested(work).id != first.id


def test_a_replication_names_its_pilot_which_was_signed_off():
    pilot, other = a_case("pilot", state="follow_up", goal="x"), a_case("other", goal="y")
    work = a_region(pilot, other)

    assert requested(work, follows_id="pilot").follows_id == "pilot"
    with pytest.raises(MentorshipStateForbids):
        requested(work, follows_id="other", goal="Lain lagi")
    with pytest.raises(PilotInvalid):
        requested(work, follows_id="nothing", goal="Lain lagi")


def test_details_change_once_and_the_same_again_says_nothing():
    work = a_region()
    case = requested(work)
    change = commands.ChangeMentorship(mentorship_id=case.id, contact=CONTACT)

    first, second = work.by("rina"), work.by("rina")
    assert change_mentorship(first, change).contact == CONTACT
    change_mentorship(second, change)

    assert (first.said(), second.said()) == (["MentorshipChanged"], [])


def test_the_mentor_does_not_speak_for_the_head():
    work = a_region(a_case(state="matched", mentor_id="ayu", readiness=READY))

    with pytest.raises(Forbidden):
        change_mentorship(
            work.by("ayu"), commands.ChangeMentorship(mentorship_id="case", head_approval=True)
        )


@pytest.mark.parametrize("name", ["tono", "dewi", "eko"])
def test_who_takes_no_part_changes_nothing(name):
    work = a_region(a_case())
    with pytest.raises(Forbidden):
        change_mentorship(work.by(name), commands.ChangeMentorship(mentorship_id="case"))
    with pytest.raises(MentorshipUnknown):
        change_mentorship(work.by(name), commands.ChangeMentorship(mentorship_id="x"))


@pytest.mark.parametrize(("step", "command"), [(hold, commands.Hold), (stop, commands.Stop)])
def test_a_case_rests_and_ends_without_a_word_too(step, command):
    work = a_region(a_case(state="in_progress", mentor_id="ayu"))

    assert step(work.by("rudi"), command(mentorship_id="case")).state_reason is None


@pytest.mark.parametrize("state", ["agreed", "in_progress", "ready_for_signoff"])
def test_a_case_rests_and_goes_on_where_it_was(state):
    work = a_region(a_case(state=state, mentor_id="ayu"))

    held = hold(work.by("ayu"), commands.Hold(mentorship_id="case", reason="Ujian sekolah"))
    assert (held.state, held.state_before_hold) == ("on_hold", state)
    assert held.state_reason == "Ujian sekolah"
    back = resume(work.by("budi"), commands.Resume(mentorship_id="case"))
    assert (back.state, back.state_before_hold, back.state_reason) == (state, None, None)


@pytest.mark.parametrize("state", OPEN)
def test_every_open_case_can_be_stopped_by_the_institution_or_a_coordinator(state):
    for name in ("budi", "rudi"):
        work = a_region(a_case(state=state, mentor_id="ayu")).by(name)
        ended = stop(work, commands.Stop(mentorship_id="case", reason="Gedung pindah"))
        assert (ended.state, ended.state_reason) == ("stopped", "Gedung pindah")
        assert work.said()[0] == "MentorshipStopped"


def test_a_mentor_gives_back_and_does_not_stop():
    work = a_region(a_case(state="in_progress", mentor_id="ayu", partner_id="eko"))

    with pytest.raises(Forbidden):
        stop(work.by("ayu"), commands.Stop(mentorship_id="case", reason="Terlalu jauh"))
    with pytest.raises(Forbidden):
        unmatch(work.by("budi"), commands.Unmatch(mentorship_id="case", reason="Tidak cocok"))
    back = unmatch(work.by("eko"), commands.Unmatch(mentorship_id="case", reason="Pindah kerja"))
    assert (back.state, back.mentor_id, back.partner_id) == ("assessed", None, None)
    assert (back.agreement, back.votes, back.state_reason) == (None, (), "Pindah kerja")


def test_a_case_given_back_is_matched_again_and_keeps_what_was_proven():
    work = a_region()
    case = requested(work)
    case = assessed(work, case.id)
    proven = [item.id for item in case.items if item.done_at]
    case = work.record(Mentorship(case).match(NOW, "ayu", None))
    case = unmatch(work.by("rudi"), commands.Unmatch(mentorship_id=case.id, reason="Sakit lama"))

    again = Mentorship(case).match(later(60), "eko", None).mentorship
    assert (again.state, again.mentor_id) == ("matched", "eko")
    assert [item.id for item in again.items if item.done_at] == proven


def test_three_lapses_ask_the_coordinator_and_three_more_again():
    case = a_case(state="assessed")
    said = []
    for _ in range(6):
        fact = Mentorship(case).lapse(NOW)
        said.append(type(fact).__name__)
        case = fact.mentorship

    once = ["MentorshipChanged", "MentorshipChanged", "MentorNeeded"]
    assert (said, case.lapses) == ([*once, *once], 6)
    matched = a_case(state="assessed", lapses=2, readiness=READY)
    assert Mentorship(matched).match(NOW, "ayu", None).mentorship.lapses == 0


@pytest.mark.parametrize("state", states.STATES)
def test_an_illegal_move_says_which_ones_are_legal(state):
    every = {move for moves in ALLOWED.values() for move in moves}
    for move in every - set(ALLOWED[state]):
        with pytest.raises(MentorshipStateForbids) as refused:
            must_allow(a_case(state=state), move)
        assert refused.value.allowed == tuple(ALLOWED[state])
    for move in ALLOWED[state]:
        must_allow(a_case(state=state), move)


def test_the_machine_knows_every_state_and_the_open_ones_are_all_but_the_ends():
    assert set(ALLOWED) == set(states.STATES)
    assert set(OPEN) == set(states.STATES) - {"closed", "stopped"}


def test_what_the_head_agreed_to_is_not_unapproved():
    work = a_region(a_case(state="in_progress", mentor_id="ayu", head_approval=True))
    with pytest.raises(MentorshipStateForbids):
        change_mentorship(
            work.by("budi"), commands.ChangeMentorship(mentorship_id="case", head_approval=False)
        )
