"""How a case came to where it is: every state and stage with the instant it began."""

from contracts.mentoring import commands
from contracts.types import UNSET
from services.mentoring.handlers.cases import hold, resume, stop
from services.mentoring.model import steps
from tests.support.mentoring import DAY, NOW, a_case, a_region, later


def held(work, days):
    command = commands.Hold(mentorship_id="case", reason="Ujian akhir")
    return hold(work.by("rudi", now=later(days * DAY)), command)


def test_steps_hold_what_was_and_when_it_began():
    work = a_region(a_case(state="in_progress", stage="installation", mentor_id="ayu"))
    held(work, 1)
    resume(work.by("rudi", now=later(2 * DAY)), commands.Resume(mentorship_id="case"))
    stopped = commands.Stop(mentorship_id="case", reason="Sekolah digabung")
    case = stop(work.by("rudi", now=later(3 * DAY)), stopped)

    assert [(step.state, step.at, step.reason) for step in case.steps] == [
        ("in_progress", NOW, None),
        ("on_hold", later(DAY), "Ujian akhir"),
        ("in_progress", later(2 * DAY), None),
    ]
    assert (case.state, case.updated_at) == ("stopped", later(3 * DAY))


def test_a_change_that_leaves_the_state_is_no_step():
    case = a_case(state="in_progress")
    once = steps.moved(case, later(DAY), lapses=1)
    twice = steps.moved(once, later(2 * DAY), lapses=2)

    assert case.steps is UNSET
    assert [(step.state, step.at) for step in twice.steps] == [("in_progress", NOW)]


def test_many_steps_keep_the_first_and_the_newest():
    case = a_case(state="in_progress")
    for number in range(100):
        state = "on_hold" if number % 2 else "in_progress"
        case = steps.moved(case, later((number + 1) * DAY), state=state)

    assert len(case.steps) == steps.MOST_STEPS
    assert case.steps[0].at == NOW
    assert case.steps[-1].at == later(99 * DAY)
