"""Any instant survives being written down."""

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from tests.unit.chassis.test_clock import A_TIME

EARLIEST, LATEST = (datetime.fromisoformat(f"{year}-01-02") for year in (1970, 2200))


@given(st.datetimes(min_value=EARLIEST, max_value=LATEST))
def test_an_instant_survives_to_the_millisecond(naive):
    aware = naive.replace(tzinfo=timezone(timedelta(hours=7)))

    text = clock.instant(aware)

    assert len(text) == len(A_TIME)
    assert timedelta(0) <= aware - clock.moment(text) < timedelta(milliseconds=1)
