"""Quiet hours and digest windows, over midnight and in every zone of the country."""

import pytest

from services.notifications.model.quiet import awake

NIGHT = {"from": "21:00", "to": "05:00"}


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-21T13:59:59.000Z", "2026-11-21T13:59:59.000Z"),
        ("2026-11-21T14:00:00.000Z", "2026-11-21T22:00:00.000Z"),
        ("2026-11-21T17:30:00.000Z", "2026-11-21T22:00:00.000Z"),
        ("2026-11-21T21:59:59.999Z", "2026-11-21T22:00:00.000Z"),
        ("2026-11-21T22:00:00.000Z", "2026-11-21T22:00:00.000Z"),
    ],
)
def test_the_night_of_jakarta_goes_over_midnight(now, then):
    assert awake(now, NIGHT, "Asia/Jakarta") == then


def test_without_quiet_hours_nothing_waits():
    assert awake("2026-11-21T17:30:00.000Z", None, "Asia/Jakarta") == "2026-11-21T17:30:00.000Z"
