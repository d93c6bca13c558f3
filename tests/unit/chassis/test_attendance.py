"""Looking at queues goes on whatever the broker says, and nobody looks for nothing."""

import eventlet
import pytest

from chassis import attendance
from chassis.attendance import Attendance
from tests.support.plain import some_settings


def test_with_nobody_named_there_is_nothing_to_look_at():
    watch = Attendance(some_settings())

    watch.run()

    assert watch.alarms == {}


def test_a_broker_that_is_away_rings_no_alarm_and_is_asked_again(monkeypatch):
    asked = []

    def away(uri):
        asked.append(uri)
        raise ConnectionRefusedError

    monkeypatch.setattr(attendance, "connect", away)
    watch = Attendance(some_settings(hearers=("members",), attendance_seconds=0.001))
    watching = eventlet.spawn(watch.run)
    with eventlet.Timeout(5):
        while len(asked) < 3:
            eventlet.sleep(0.001)
    watching.kill()

    assert watch.alarms["heard_by_members"]()


@pytest.mark.parametrize("takers", [0, 2])
def test_a_hearer_is_missed_until_somebody_takes(takers):
    watch = Attendance(some_settings(hearers=("members",)))
    watch._note("members", 0, 7)
    assert not watch.attends("members")

    watch._note("members", takers, 0)

    assert watch.attends("members") is bool(takers)
