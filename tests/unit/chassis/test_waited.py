"""How long a command waited is found without comparing the time of day."""

import pytest

from chassis.waited import MOST_ASKERS, WINDOW_SECONDS, Waited

APART = 86_400.0  # our clock began a day after theirs


def test_the_first_of_an_asker_waited_as_far_as_is_known_not_at_all():
    assert Waited().seconds("a", 5.0, 7.0 + APART) == 0.0


def test_what_is_later_than_the_fastest_waited_by_that():
    waited = Waited()
    waited.seconds("a", 0.0, APART + 0.5)

    assert waited.seconds("a", 1.0, APART + 1.1) == 0.0
    assert waited.seconds("a", 2.0, APART + 6.1) == pytest.approx(4.0)
    assert waited.seconds("b", 2.0, APART + 6.1) == 0.0


def test_a_clock_that_stood_still_is_believed_again_in_the_second_window():
    """A machine slept for an hour: all that it asks looks an hour late, until that is usual."""
    waited = Waited()
    now = APART
    waited.seconds("a", 0.0, now)
    late = [
        waited.seconds("a", float(second), APART + 3600.0 + second)
        for second in range(1, int(2 * WINDOW_SECONDS) + 2)
    ]

    assert late[0] == pytest.approx(3600.0)
    assert late[-1] == pytest.approx(0.0)


def test_a_pause_of_an_hour_without_commands_forgets_nothing():
    waited = Waited()
    waited.seconds("a", 0.0, APART)

    assert waited.seconds("a", 3600.0, APART + 3604.0) == pytest.approx(4.0)


def test_only_so_many_askers_are_remembered_those_who_asked_last():
    waited = Waited()
    for number in range(MOST_ASKERS):
        waited.seconds(str(number), 0.0, APART)
    waited.seconds("0", 1.0, APART + 1.0)
    waited.seconds("one more", 0.0, APART)

    assert waited.seconds("0", 2.0, APART + 5.0) == pytest.approx(3.0)
    assert waited.seconds("1", 2.0, APART + 5.0) == 0.0
