"""A round does what is due, one by one; what is refused holds nobody up."""

from chassis.errors import Stale
from chassis.rounds import each


class Desk:
    """Sweeps over nothing."""

    def sweep(self, handler):
        return handler("work")


def test_each_that_is_due_is_done_and_a_refusal_is_left_to_the_next_round():
    done = []

    def due(_):
        return ["a", "b", "c"]

    def act(_, id):
        if id == "b":
            raise Stale("somebody was faster")
        done.append(id)

    assert each(Desk(), due, act) == 3
    assert done == ["a", "c"]
