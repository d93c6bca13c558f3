"""How long a command waited is found without comparing the time of day."""

from hypothesis import given
from hypothesis import strategies as some

from chassis.waited import Waited


@given(
    some.floats(-1e6, 1e6),
    some.lists(some.tuples(some.floats(0, 1), some.floats(0, 5)), min_size=1, max_size=40),
)
def test_nobody_is_said_to_have_waited_longer_than_he_did(apart, commands):
    waited, asked_at = Waited(), 0.0
    for pause, delay in commands:
        asked_at += pause
        assert -1e-6 <= waited.seconds("a", asked_at, asked_at + apart + delay) <= delay + 1e-6
