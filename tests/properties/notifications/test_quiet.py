"""Nobody is woken, on whatever day and in whatever zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from services.notifications.model.quiet import awake, window_end

ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin"])
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def lies_within(instant, start, end, zone):
    local = clock.moment(instant).astimezone(ZoneInfo(zone)).time()
    return start <= local < end if start <= end else local >= start or local < end


@given(MOMENTS, TIMES, TIMES, ZONES)
def test_nobody_is_woken_and_nothing_waits_longer_than_the_night(moment, start, end, zone):
    if start == end:
        return
    hours = {"from": start.strftime("%H:%M"), "to": end.strftime("%H:%M")}
    now = clock.instant(moment)

    then = awake(now, hours, zone)

    waited = clock.seconds_between(now, then)
    assert 0 <= waited <= 25 * 3600
    if waited:
        assert lies_within(now, start, end, zone)
        assert clock.moment(then).astimezone(ZoneInfo(zone)).strftime("%H:%M") == hours["to"] or (
            zone == "Europe/Berlin"
        )
    else:
        assert not lies_within(now, start, end, zone)


@given(MOMENTS, st.sampled_from(["daily", "weekly"]), ZONES)
def test_a_window_ends_at_seven_and_is_the_same_for_all_instants_in_it(moment, digest, zone):
    now = clock.instant(moment)

    end = window_end(now, digest, zone)

    local = clock.moment(end).astimezone(ZoneInfo(zone))
    assert local.time() == time(7) and end > now
    assert digest == "daily" or local.weekday() == 0
    assert clock.seconds_between(now, end) <= (8 if digest == "weekly" else 2) * 86_400
    just_before = clock.later(end, -1)
    assert window_end(just_before, digest, zone) == end
