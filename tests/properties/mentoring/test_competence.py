"""Competence in matching: what members can, as they and others said it, and for how long."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from contracts.members.states import SOURCES
from contracts.mentoring.competence import AREA_OF_NEED, Levels, levels_of
from contracts.mentoring.matching import Asked, rank
from contracts.mentoring.pairs import Partners, complements
from contracts.mentoring.states import BACKGROUNDS, NEEDS
from services.mentoring.model import assignment
from tests.support.mentoring import a_case
from tests.unit.mentoring.test_competence import TODAY, a_level, known
from tests.unit.mentoring.test_matching import a_candidate


def sources(*levels):
    return levels_of(known(evidence=levels), TODAY)


def test_evidence_counts_until_the_day_before_it_expires():
    assert sources(a_level(expires_on="2026-11-22")).said == {"ICT": 3}
    assert sources(a_level(expires_on=TODAY)) == Levels({}, {})


levels = some.lists(
    some.builds(
        a_level,
        area=some.sampled_from(("LIB", "ICT", "COM")),
        level=some.integers(0, 4),
        source=some.sampled_from(SOURCES),
        expires_on=some.sampled_from((None, "2026-11-21", "2026-11-22", "2027-01-01")),
    ),
    max_size=6,
)
people = some.lists(
    some.tuples(
        some.sampled_from(BACKGROUNDS),
        some.sets(some.sampled_from(NEEDS[:6]), max_size=2).map(tuple),
        levels,
        some.integers(0, 3),
    ),
    min_size=1,
    max_size=7,
).map(
    lambda drawn: [
        a_candidate(
            f"m{number}",
            background=background,
            skills=tuple(sorted(skills)),
            levels=sources(*said),
            latitude=-7.8352 - away / 5,
        )
        for number, (background, skills, said, away) in enumerate(drawn)
    ]
)
wanted = some.sets(some.sampled_from(NEEDS[:8]), max_size=5).map(
    lambda needs: a_case(needs=tuple(sorted(needs)))
)


@given(levels, levels)
def test_more_statements_never_lower_a_level_and_their_order_does_not_matter(some_of, more):
    before, after = sources(*some_of), sources(*some_of, *more)

    assert after == sources(*reversed((*some_of, *more)))
    for area, level in before.said.items():
        assert after.said[area] >= level
    for area, level in before.confirmed.items():
        assert after.confirmed[area] >= level
    assert all(after.said[area] >= level for area, level in after.confirmed.items())


@given(levels)
def test_what_expired_counts_as_if_it_was_never_given(said):
    holding = [one for one in said if one.expires_on is None or one.expires_on > TODAY]

    assert sources(*said) == sources(*holding)


@given(wanted, people, levels)
def test_competence_never_makes_anybody_a_worse_choice(case, mentors, more):
    asked, one = Asked(case), mentors[0]
    merged = Levels(
        {**sources(*more).said, **dict.fromkeys(one.levels.said, 4)},
        {**sources(*more).confirmed, **dict.fromkeys(one.levels.confirmed, 4)},
    )
    better = replace(one, levels=merged)

    assert asked.cost(asked.fit(better)) <= asked.cost(asked.fit(one))


@given(wanted, people)
def test_a_team_leaves_open_exactly_what_none_of_them_covers(case, mentors):
    by_id = {one.id: one for one in mentors}
    for team in rank(case, mentors, most=99):
        able = [by_id[id] for id in team.ids]
        covered = {
            need
            for one in able
            for need in case.needs
            if need in one.skills or one.levels.said.get(AREA_OF_NEED[need], 0) >= 3
        }
        vouched = {
            need
            for one in able
            for need in case.needs
            if (need in one.skills or one.levels.said.get(AREA_OF_NEED[need], 0) >= 3)
            and one.levels.confirmed.get(AREA_OF_NEED[need], 0) >= 2
        }
        assert set(team.open_needs) == set(case.needs) - covered
        assert set(team.confirmed_needs) == vouched


@given(wanted, people)
def test_a_lead_takes_the_partner_with_whom_the_team_is_cheapest(case, mentors):
    """Against trying everybody who complements him and closes a gap."""
    asked = Asked(case)
    fits = [asked.fit(one) for one in mentors]
    partners = Partners(asked.needs, fits)
    for lead in fits:
        gaps = asked.needs & ~lead.covers
        tried = [
            asked.cost(lead, other)
            for other in fits
            if other is not lead
            and gaps & other.covers
            and complements(lead.candidate.background, other.candidate.background)
        ]
        found = partners.of(lead)
        best = min([asked.cost(lead), *tried])
        assert abs(asked.cost(lead, found) - best) < 0.002


@given(some.lists(wanted, min_size=1, max_size=4), people)
def test_a_batch_with_competencies_is_never_worse_than_one_after_the_other(drawn, mentors):
    cases = [replace(case, id=f"c{number}") for number, case in enumerate(drawn)]

    plan = assignment.best(cases, mentors, {})

    assert plan.total <= assignment.in_turn(cases, mentors, {}).total
