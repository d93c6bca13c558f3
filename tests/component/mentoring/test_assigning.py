"""An assignment of a whole area: worked out in time, and while nobody waits for a transaction."""

from time import process_time

import pytest

from contracts.mentoring import commands
from contracts.mentoring.states import BACKGROUNDS, NEEDS
from services.mentoring.errors import Forbidden
from services.mentoring.model import assignment
from tests.support.mentoring import a_case, a_region
from tests.support.pace import slowness
from tests.unit.mentoring import test_matching as matching
from tests.unit.mentoring.test_service import READY, a_service, asked


def test_two_hundred_cases_and_four_hundred_mentors_are_assigned_in_two_seconds():
    mentors = [
        matching.a_candidate(
            f"m{number}",
            background=BACKGROUNDS[number % 3],
            skills=tuple(NEEDS[(number * step) % 11] for step in (1, 3, 5)),
            latitude=-8 + number % 97 / 97,
            longitude=111 + number % 89 / 89,
            capacity=1 + number % 3,
        )
        for number in range(400)
    ]
    cases = [
        matching.a_case(
            f"c{number}",
            needs=tuple(dict.fromkeys(NEEDS[(number + step) % 11] for step in (0, 2, 7))),
            latitude=-8 + number % 83 / 83,
            longitude=111 + number % 71 / 71,
        )
        for number in range(200)
    ]
    began = process_time()

    plan = assignment.best(cases, mentors, {})

    assert process_time() - began < 2 * slowness()
    assert all(plan.teams)


def test_an_assignment_is_worked_out_while_no_transaction_is_open(monkeypatch):
    work = a_region(a_case(state="assessed", readiness=READY)).by("rudi")
    mentoring, best = a_service(work), assignment.best
    open_meanwhile = []

    def slow(*given):
        open_meanwhile.append(mentoring.desk.is_open)
        return best(*given)

    monkeypatch.setattr(assignment, "best", slow)

    made = mentoring.answer(asked(commands.ProposeAssignment(area="35.71"))).result

    assert open_meanwhile == [False]
    assert [pairing.mentorship_id for pairing in made.pairings] == ["case"]
    with pytest.raises(Forbidden):
        a_service(a_region().by("tono")).answer(asked(commands.ProposeAssignment(area="35.71")))
