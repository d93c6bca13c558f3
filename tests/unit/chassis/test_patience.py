"""A refusal that may stem from a fact not heard yet is given only after some waiting."""

import time

import pytest

from chassis.errors import Forbidden, Invalid
from chassis.patience import patiently

AT_ONCE = (0.0, 0.0, 0.0)
FAR = time.time() + 3600


def refusing(times, refusal=Forbidden):
    """A decision that is refused so often, and then taken; it remembers how often it was asked."""
    asked = []

    def decide():
        asked.append(1)
        if len(asked) <= times:
            raise refusal("not known here")
        return "decided"

    decide.asked = asked
    return decide


def test_what_is_decided_at_once_is_asked_once():
    decide = refusing(0)

    assert patiently(decide, (Forbidden,), FAR, AT_ONCE) == "decided"
    assert len(decide.asked) == 1


@pytest.mark.parametrize("times", [1, 3])
def test_what_becomes_known_in_time_is_decided(times):
    assert patiently(refusing(times), (Forbidden,), FAR, AT_ONCE) == "decided"


def test_what_stays_unknown_is_refused_in_the_end():
    decide = refusing(9)

    with pytest.raises(Forbidden):
        patiently(decide, (Forbidden,), FAR, AT_ONCE)
    assert len(decide.asked) == 4


def test_another_refusal_is_given_at_once():
    decide = refusing(9, Invalid)

    with pytest.raises(Invalid):
        patiently(decide, (Forbidden,), FAR, AT_ONCE)
    assert len(decide.asked) == 1


def test_nobody_waits_past_the_deadline():
    decide = refusing(9)

    with pytest.raises(Forbidden):
        patiently(decide, (Forbidden,), time.time() + 1, (5.0,))
    assert len(decide.asked) == 1


def test_the_pauses_together_are_a_quarter_of_a_second():
    began = time.monotonic()

    with pytest.raises(Forbidden):
        patiently(refusing(9), (Forbidden,), FAR)
    assert 0.2 < time.monotonic() - began < 2
