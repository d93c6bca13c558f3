"""The views of mentoring: late, repeated and restated facts change nothing (invariants 3 and 9)."""

from itertools import permutations

from tests.support.stated import (
    a_case,
    an_offer,
    later,
)
from tests.unit.gateway.test_folds import folded

REQUESTED = a_case(state="requested")
RENAMED = later(REQUESTED, institution_name="SMAN 4 Kota Kediri", area="35.06")


def test_two_versions_of_a_case_and_its_offer_in_any_order_give_the_same_views():
    some_of = (REQUESTED, RENAMED, an_offer(), later(an_offer(), state="lapsed"))

    assert all(folded(*order) == folded(*some_of) for order in permutations(some_of))
