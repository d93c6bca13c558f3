"""Rounds go on, whatever a round came to."""

from types import SimpleNamespace

import eventlet
import pytest
from prometheus_client import REGISTRY
from pymongo.errors import AutoReconnect, DuplicateKeyError

from chassis import clock
from chassis.errors import Outage
from chassis.periodic import Every


def bugs(work):
    return REGISTRY.get_sample_value("jejaring_rounds_failed_total", {"work": work}) or 0


class Leases:
    """Says yes, or what was planned."""

    def __init__(self, *plan):
        self.plan, self.asked = list(plan), []

    def update_one(self, filter, update, upsert=False):
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
    leases, counted = Leases(trouble, None, trouble, None), bugs("round")
    every = Every(0.001)
    every.method_name = "round"
    every.container = Container(leases, rounds=2)

    every.start()
    with eventlet.Timeout(5):
        every._rounds.wait()

    assert every.container.left == 0
    assert bugs("round") == counted + 2
    assert len(leases.asked) == 4
    assert {filter["_id"] for filter, _ in leases.asked} == {"round"}


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


class Long(Container):
    """Rounds that last, until somebody ends them."""

    def spawn_worker(self, entrypoint, args, kwargs, handle_result):
        self.end = lambda: handle_result(None, None, None)
        eventlet.spawn(entrypoint.stop)


def test_the_lease_of_a_round_that_lasts_is_renewed_until_it_ends():
    leases = Leases(None, AutoReconnect("away"))
    every = Every(0.05)
    every.method_name = "round"
    every.container = Long(leases, rounds=1)

    every.start()
    with eventlet.Timeout(5):
        while len(leases.asked) < 6:
            eventlet.sleep(0.01)
        every.container.end()
        every._rounds.wait()
    (_, taken), *renewed = leases.asked

    holder = taken["$set"]["holder"]
    assert [filter for filter, _ in renewed] == [{"_id": "round", "holder": holder}] * len(renewed)
    ends = [update["$set"]["until"] for _, update in leases.asked]
    assert ends == sorted(ends)
    assert len(set(ends)) > 3, "each time for a while longer"


class Table:
    """A lease row, as the database would keep it."""

    def __init__(self):
        self.row = None

    def update_one(self, filter, update, upsert=False):
        if self.row is None and upsert:
            self.row = dict(update["$set"])
        elif self._fits(filter):
            self.row.update(update["$set"])
        elif upsert:
            raise DuplicateKeyError("taken")

    def _fits(self, filter):
        if "holder" in filter:
            return filter["holder"] == self.row["holder"]
        over, other = filter["$or"]
        is_over = self.row["until"] < over["until"]["$lt"]
        return is_over or self.row["ahead"] != other["ahead"]["$ne"]


def test_no_other_replica_begins_while_a_round_outlasts_its_interval():
    table, begun = Table(), []

    class Replica(Container):
        def spawn_worker(self, entrypoint, args, kwargs, handle_result):
            begun.append(entrypoint)
            self.end = lambda: handle_result(None, None, None)

    replicas = [Every(0.6) for _ in range(2)]
    for every in replicas:
        every.method_name, every.container = "round", Replica(table, rounds=1)
        every.start()
    eventlet.sleep(1.5)

    assert len(begun) == 1
    begun[0].container.end()
    for every in replicas:
        eventlet.spawn(every.stop)
    with eventlet.Timeout(5):
        while not all(every._stopped.ready() for every in replicas):
            eventlet.sleep(0.01)
        for every in begun[1:]:
            every.container.end()
        for every in replicas:
            every._rounds.wait()
