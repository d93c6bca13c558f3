"""A clock that may be set ahead says so wherever somebody looks."""

import pytest
from prometheus_client import generate_latest

from chassis import clock, travel
from chassis.settings import Settings, SettingsError


@pytest.fixture(autouse=True)
def real_again():
    """The machine's clock after the test."""
    yield
    clock.follow("")


def settings(path: object) -> Settings:
    return Settings(region="r", amqp_uri="a", mongo_uri="m", clock_file=str(path))


def told(metrics: bytes) -> list[str]:
    lines = metrics.decode().splitlines()
    return [line for line in lines if line.startswith("jejaring_clock_ahead_seconds")]


def test_a_clock_that_may_be_set_raises_an_alarm_even_while_it_is_right(tmp_path):
    travel.follow(settings(tmp_path / "clock"))

    assert [(name, check()) for name, check in travel.alarms().items()] == [("real_clock", False)]


def test_metrics_say_how_far_it_is_ahead(tmp_path):
    (tmp_path / "clock").write_text("259200")
    travel.follow(settings(tmp_path / "clock"))

    assert told(generate_latest()) == ["jejaring_clock_ahead_seconds 259200.0"]


def test_without_the_setting_the_clock_is_real_and_nobody_needs_to_be_told():
    travel.follow(settings(""))

    assert travel.alarms() == {}
    assert told(generate_latest()) == ["jejaring_clock_ahead_seconds 0.0"]


def test_a_process_does_not_start_with_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "clock").write_text("tomorrow")

    with pytest.raises(SettingsError, match="^CLOCK_FILE: "):
        travel.follow(settings(tmp_path / "clock"))
