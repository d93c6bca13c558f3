"""Turns: one at a time per key, in order, and nobody waits past his deadline."""

import time

import eventlet
import pytest

from chassis.errors import Busy
from chassis.turns import turn


def test_one_at_a_time_in_the_order_they_came():
    came: list[str] = []

    def take(name: str) -> None:
        with turn("e1", time.time() + 5):
            came.append(f"{name} in")
            eventlet.sleep(0.005)
            came.append(f"{name} out")

    waiting = [eventlet.spawn(take, name) for name in "abcd"]
    for one in waiting:
        one.wait()

    assert came == [f"{name} {way}" for name in "abcd" for way in ("in", "out")]


def test_other_keys_do_not_wait():
    with turn("e1", time.time() + 5), turn("e2", time.time() + 0.05):
        pass


def test_the_turn_that_does_not_come_in_time_is_refused():
    def hold() -> None:
        with turn("e1", time.time() + 5):
            eventlet.sleep(0.05)

    holding = eventlet.spawn(hold)
    eventlet.sleep(0)

    with pytest.raises(Busy), turn("e1", time.time() + 0.02):
        raise AssertionError("not ours yet")
    with pytest.raises(Busy), turn("e1", time.time() - 1):
        raise AssertionError("not ours yet")
    holding.wait()


def test_a_turn_that_failed_is_over():
    with pytest.raises(ZeroDivisionError), turn("e1", time.time() + 5):
        raise ZeroDivisionError

    with turn("e1", time.time() + 0.05):
        pass
