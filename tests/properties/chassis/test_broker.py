"""Whatever a stranger puts into a message, it is unreadable and nothing worse."""

from hypothesis import given
from hypothesis import strategies as st

from chassis.broker import readable_properties


@given(st.binary(max_size=80))
def test_no_bytes_of_a_stranger_are_more_than_unreadable(raw):
    properties, end = readable_properties(raw, 0)

    assert isinstance(properties, dict)
    assert end >= 0
