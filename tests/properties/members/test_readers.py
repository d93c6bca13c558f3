"""Any name survives SLiMS and a spreadsheet; any bytes are lines or malformed."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.codec import Malformed
from tests.unit.members.test_readers import KEPT, cells, exported, person, resaved

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1
).map(str.strip)


@given(st.lists(NAMES.filter(bool), min_size=1, max_size=5))
def test_every_name_survives_the_way_through_slims(names):
    people = [person(member_id=str(n), member_name=name) for n, name in enumerate(names)]

    assert [line["member_name"] for line in cells(exported(*people))] == names


@given(st.lists(NAMES.filter(lambda n: n and "\\" not in n), min_size=1, max_size=5))
def test_every_name_survives_the_way_through_a_spreadsheet(names):
    people = [person(member_id=str(n), member_name=name) for n, name in enumerate(names)]

    assert [line["member_name"] for line in cells(resaved(*people))] == names


@given(st.binary(max_size=200))
def test_any_bytes_are_lines_or_named_malformed(raw):
    try:
        lines = cells(raw)
    except Malformed:
        return
    assert all(list(line) == KEPT for line in lines)
