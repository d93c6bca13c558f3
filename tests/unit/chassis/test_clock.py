"""Instants are text whose order is the order of time."""

from datetime import UTC, datetime

import pytest
import time_machine

from chassis import clock

A_TIME = "2026-11-21T17:30:00.250Z"


@time_machine.travel(datetime(2026, 11, 21, 17, 30, 0, 250_900, tzinfo=UTC), tick=False)
def test_now_is_utc_with_milliseconds_and_today_is_the_day_at_the_place():
    assert clock.now() == A_TIME
    assert clock.today("Asia/Jakarta") == "2026-11-22"
    assert clock.today("America/New_York") == "2026-11-21"


@pytest.mark.parametrize(
    ("seconds", "end"),
    [
        (0, A_TIME),
        (0.75, "2026-11-21T17:30:01.000Z"),
        (-86400, "2026-11-20T17:30:00.250Z"),
    ],
)
def test_later_and_between_are_each_others_inverse(seconds, end):
    assert clock.later(A_TIME, seconds) == end
    assert clock.seconds_between(A_TIME, end) == seconds


def test_text_that_is_no_instant_is_refused():
    with pytest.raises(ValueError, match="soon"):
        clock.moment("soon")


def test_ids_are_unique_and_in_order_of_time():
    with time_machine.travel(datetime(2026, 11, 21, tzinfo=UTC)):
        first = clock.new_id()
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC)):
        ids = [clock.new_id() for _ in range(100)]

    assert len({first, *ids}) == 101
    assert first[14] == "7"


def test_any_offset_is_one_spelling():
    assert clock.utc("2026-12-05T09:00:00+07:00") == "2026-12-05T02:00:00.000Z"
    assert clock.utc("2026-12-05t02:00:00z") == "2026-12-05T02:00:00.000Z"


@pytest.mark.parametrize("text", ["2026-12-05T09:00:00", "2026-12-05", "0001-01-01T00:00:00Z", "x"])
def test_what_is_no_instant_on_earth_is_not_read(text):
    with pytest.raises(ValueError, match=r"."):
        clock.utc(text)


@time_machine.travel(datetime(2026, 11, 21, 17, 30, 0, 250_900, tzinfo=UTC), tick=False)
def test_the_regions_clock_goes_by_the_file_and_the_machines_does_not(clock_file):
    assert clock.now() == A_TIME, "without the file nothing is ahead"
    clock_file.write_text("259200.5")

    assert clock.ahead() == 259_200.5
    assert clock.now() == "2026-11-24T17:30:00.750Z"
    assert clock.today("Asia/Jakarta") == "2026-11-25"
    assert clock.timestamp() == clock.moment(A_TIME).timestamp() + 259_200.5 + 0.000_9
    assert clock.real() == A_TIME


def test_what_is_set_is_seen_at_once(clock_file):
    clock_file.write_text("60")
    assert clock.ahead() == 60
    clock_file.write_text("120")
    assert clock.ahead() == 120


@pytest.mark.parametrize("said", ["soon", "", "-1", "nan", "inf"])
def test_a_clock_file_that_says_nothing_usable_is_refused(tmp_path, said):
    path = tmp_path / "clock"
    path.write_text(said)
    try:
        with pytest.raises(ValueError, match=r"."):
            clock.follow(str(path))
    finally:
        clock.follow("")


def test_without_a_clock_file_nobody_can_set_the_clock():
    assert not clock.may_travel()
    assert clock.ahead() == 0
