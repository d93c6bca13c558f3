"""The views of mentoring, in any order and repetition of what is heard (invariants 3 and 9)."""

from hypothesis import given
from hypothesis import strategies as some

from contracts.mentoring import states
from tests.support.stated import (
    BASE,
    a_mentor,
    a_visit,
    an_issue,
    an_offer,
    competencies_of,
    later,
)
from tests.unit.gateway.test_folds import folded
from tests.unit.gateway.test_folds_of_cases import RENAMED, REQUESTED

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


@given(some.permutations(SAID), some.lists(some.sampled_from(SAID)))
def test_any_order_and_repetition_gives_what_restating_the_newest_gives(order, again):
    assert folded(*order, *again) == folded(*NEWEST.values())
