"""The views of mentoring: late, repeated and restated facts change nothing (invariants 3 and 9)."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as some

from contracts.mentoring import states
from tests.unit.gateway.house import BASE, competencies_of, later
from tests.unit.gateway.test_folds import folded
from tests.unit.gateway.test_mentorships import a_mentor, an_issue, an_offer
from tests.unit.gateway.test_photos import a_case, a_visit

REQUESTED = a_case(state="requested")
RENAMED = later(REQUESTED, institution_name="SMAN 4 Kota Kediri", area="35.06")
FOLLOWED = states.FollowUp(
    **{**BASE, "id": "u1"},
    mentorship_id="m1",
    area="35.71",
    day=90,
    due_on="2027-03-10",
    state="planned",
)
SAID = (
    REQUESTED,
    RENAMED,
    later(RENAMED, state="stopped"),
    an_offer(),
    later(an_offer(), state="lapsed"),
    a_mentor("dedi"),
    later(a_mentor("dedi"), available=False),
    a_visit(),
    an_issue(),
    later(an_issue(), state="solved", remedy="chmod"),
    FOLLOWED,
    later(FOLLOWED, state="done", running=True),
    competencies_of("dedi", 3),
)
NEWEST = {(type(one), one.id): one for one in SAID}


def test_two_versions_of_a_case_and_its_offer_in_any_order_give_the_same_views():
    some_of = (REQUESTED, RENAMED, an_offer(), later(an_offer(), state="lapsed"))

    assert all(folded(*order) == folded(*some_of) for order in permutations(some_of))


@given(some.permutations(SAID), some.lists(some.sampled_from(SAID)))
def test_any_order_and_repetition_gives_what_restating_the_newest_gives(order, again):
    assert folded(*order, *again) == folded(*NEWEST.values())
