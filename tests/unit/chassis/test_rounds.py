"""A round does what is due, one by one; what is refused holds nobody up."""

import pytest

from chassis.errors import Outage, Stale
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


def test_a_bug_in_one_holds_up_neither_those_behind_it_nor_the_rest_of_the_round():
    done = []

    def due(_):
        return ["a", "b", "c"]

    def broken(_):
        raise KeyError("a bug")

    def act(_, id):
        if id == "a":
            raise ZeroDivisionError("a bug")
        done.append(id)

    assert (each(Desk(), broken, act), each(Desk(), due, act)) == (0, 3)
    assert done == ["b", "c"]


def test_an_outage_ends_the_round():
    def act(_, id):
        raise Outage(f"the database went away before {id}")

    with pytest.raises(Outage, match="before a"):
        each(Desk(), lambda _: ["a", "b"], act)
