"""Rounds go on, whatever a round came to."""

from types import SimpleNamespace

import eventlet
import pytest
from pymongo.errors import AutoReconnect, DuplicateKeyError

from chassis import clock
from chassis.errors import Outage
from chassis.periodic import Every


class Leases:
    """Says yes, or what was planned."""

    def __init__(self, *plan):
        self.plan, self.asked = list(plan), []

    def update_one(self, filter, update, upsert):
        self.asked.append((filter, update))
        if self.plan and (error := self.plan.pop(0)):
            raise error


class Container:
    """Runs each round at once, and stops the rounds after a few."""

    def __init__(self, leases, rounds):
        desk = SimpleNamespace(attr_name="desk", database={"leases": leases})
        self.dependencies, self.left, self.every = [desk], rounds, None

    def spawn_worker(self, entrypoint, args, kwargs, handle_result):
        self.left -= 1
        if not self.left:
            eventlet.spawn(entrypoint.stop)
        handle_result(None, None, (ValueError, ValueError("a bug"), None))

    def spawn_managed_thread(self, work):
        return eventlet.spawn(work)


@pytest.mark.parametrize(
    "trouble", [Outage("away"), AutoReconnect("away"), DuplicateKeyError("taken")]
)
def test_a_round_that_cannot_be_is_left_out_and_the_next_one_comes(trouble):
    leases = Leases(trouble, None, trouble, None)
    every = Every(0.001)
    every.method_name = "round"
    every.container = Container(leases, rounds=2)

    every.start()
    with eventlet.Timeout(5):
        every._rounds.wait()

    assert every.container.left == 0
    assert len(leases.asked) == 4
    assert {filter["_id"] for filter, _ in leases.asked} == {"round"}


@pytest.fixture
def clock_file(tmp_path):
    """A file that sets the region's clock ahead, for as long as the test lasts."""
    path = tmp_path / "clock"
    clock.follow(str(path))
    yield path
    clock.follow("")


def test_a_clock_that_is_set_ahead_makes_the_round_due_at_once(clock_file):
    leases = Leases()
    every = Every(3600)
    every.method_name = "round"
    every.container = Container(leases, rounds=2)

    every.start()
    with eventlet.Timeout(5):
        while not leases.asked:
            eventlet.sleep(0.01)
        clock_file.write_text("86400")
        every._rounds.wait()

    assert [update["$set"]["ahead"] for _, update in leases.asked] == [0, 86_400]
    filter, update = leases.asked[1]
    assert {"ahead": {"$ne": 86_400.0}} in filter["$or"]
    assert clock.seconds_between(clock.real(), update["$set"]["until"]) < 3600, "the lease is real"
