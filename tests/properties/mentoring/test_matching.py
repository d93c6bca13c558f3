"""Matching against trying everything: no choice is better than the solver's."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contracts.mentoring.candidates import Candidate
from contracts.mentoring.matching import rank
from contracts.mentoring.states import BACKGROUNDS, NEEDS
from services.mentoring.model import assignment, solver
from tests.support.mentoring import a_case
from tests.unit.mentoring.test_matching import a_candidate

tables = some.integers(1, 5).flatmap(
    lambda rows: some.lists(
        some.lists(some.integers(0, 30), min_size=rows + 1, max_size=rows + 1),
        min_size=rows,
        max_size=rows,
    )
)


@given(tables)
def test_the_solver_finds_what_trying_everything_finds(table):
    columns = range(len(table[0]))
    tried = min(
        sum(row[column] for row, column in zip(table, way, strict=True))
        for way in permutations(columns, len(table))
    )

    found = solver.cheapest(table)

    assert len(set(found)) == len(table)
    assert sum(row[column] for row, column in zip(table, found, strict=True)) == tried


places = some.tuples(some.floats(-8.2, -7.2), some.floats(111.5, 112.5))
skills = some.sets(some.sampled_from(NEEDS[:5]), max_size=4).map(sorted).map(tuple)
people = some.lists(
    some.tuples(places, skills, some.sampled_from(BACKGROUNDS), some.integers(0, 3)), max_size=8
).map(
    lambda drawn: [
        a_candidate(
            f"m{number}",
            latitude=at[0],
            longitude=at[1],
            skills=able,
            background=background,
            capacity=capacity,
        )
        for number, (at, able, background, capacity) in enumerate(drawn)
    ]
)
waiting = some.lists(some.tuples(places, skills), min_size=1, max_size=6).map(
    lambda drawn: [
        a_case(f"c{number}", latitude=at[0], longitude=at[1], needs=needs)
        for number, (at, needs) in enumerate(drawn)
    ]
)


@given(waiting, people)
def test_a_batch_is_never_worse_than_one_after_the_other_and_nobody_has_too_many(cases, mentors):
    plan = assignment.best(cases, mentors, {cases[0].id: {"m0"}})
    greedy = assignment.in_turn(cases, mentors, {cases[0].id: {"m0"}})
    taken = [one for team in plan.teams if team for one in team.ids]

    assert plan.total <= greedy.total
    assert all(taken.count(one.id) <= one.free for one in mentors)
    assert plan.teams[0] is None or "m0" not in plan.teams[0].ids
    assert [pairing.mentorship_id for pairing in plan.pairings()] == [case.id for case in cases]
    assert plan.total == pytest.approx(sum(p.cost for p in plan.pairings()), abs=0.01)


@given(waiting, people)
def test_leads_are_placed_as_cheaply_as_can_be(cases, mentors):
    """Against one after the other without partners, which the optimum may never lose to."""
    alone = [case for case in cases if len(case.needs) <= 1]
    plan = assignment.optimal(alone, mentors, {})
    left = {one.id: one for one in mentors}
    greedy = 0.0
    for case in alone:
        found = [t for t in rank(case, left.values(), most=99) if t.partner is None]
        greedy += found[0].cost if found else assignment.NOBODY_POINTS
        if found:
            lead = found[0].lead.candidate
            left[lead.id] = Candidate(**{**vars_of(lead), "load": lead.load + 1})

    assert plan.total <= greedy + 0.01


def vars_of(candidate):
    return {name: getattr(candidate, name) for name in Candidate.__dataclass_fields__}
