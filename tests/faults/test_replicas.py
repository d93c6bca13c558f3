"""Rows 15, 16 of the fault matrix: a database of three that loses its primary or its majority."""

import threading
import time
from collections.abc import Iterator

import pytest

from cell.cell import Cell
from tests.faults.conftest import OURS, SETTINGS, heal, no_exits, sign_in
from tests.faults.storm import Stores, Storm, assert_nothing_lost_or_doubled
from tests.support.replica_set import ReplicaSet

pytestmark = [pytest.mark.cell, pytest.mark.fault, pytest.mark.slow]

WRITE_GAP_SECONDS = 15.0
DEADLINE_SECONDS = 5.0 + 2.0
VIEW_SECONDS = 4.0  # the gateway's views are on the same three, and are asked first


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplicaSet]:
    """Three members."""
    with ReplicaSet(tmp_path_factory.mktemp("three")) as three:
        yield three


@pytest.fixture(scope="module")
def on_three(three: ReplicaSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cell]:
    """A cell whose database they are."""
    home = tmp_path_factory.mktemp("on-three")
    with Cell(home, split=True, settings=SETTINGS, mongo_uri=three.uri) as cell:
        yield cell


@pytest.fixture
def healthy(three: ReplicaSet, on_three: Cell) -> Iterator[Stores]:
    """Its databases, with everybody there, before and after."""
    heal(on_three, *OURS)
    stores = Stores.of(on_three)
    yield stores
    three.heal()
    stores.close()


class Gap(Storm):
    """A storm that knows the longest time in which nothing at all was accepted."""

    def watch(self) -> None:
        """Measure, beside the storm, from now on."""
        self.longest, self._watching = 0.0, True
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _watch(self) -> None:
        count, since = len(self.log.ok), time.monotonic()
        while self._watching:
            if len(self.log.ok) > count:
                count, since = len(self.log.ok), time.monotonic()
            self.longest = max(self.longest, time.monotonic() - since)
            time.sleep(0.02)

    def ended(self) -> float:
        """The gap, in seconds."""
        self._watching = False
        self._watcher.join(5)
        return self.longest


@pytest.mark.parametrize("how", ["kill", "step_down"])
def test_a_primary_that_goes_costs_a_short_gap_and_nothing_that_was_answered(
    three: ReplicaSet, on_three: Cell, healthy: Stores, how: str
) -> None:
    token = sign_in(on_three, on_three.credentials["coordinator"])
    with no_exits(on_three), Gap(on_three.base_url, token) as storm:
        storm.wait_for_answers(20)
        storm.watch()
        before = three.primary()
        getattr(three, how)(before)
        elected = three.seconds_to_elect(before)
        storm.wait_for_answers(50)
        gap = storm.ended()
    print(f"{how}: another primary after {elected:.1f} s, write gap {gap:.1f} s")
    assert gap <= WRITE_GAP_SECONDS
    assert storm.log.slowest_seconds < DEADLINE_SECONDS + VIEW_SECONDS
    assert_nothing_lost_or_doubled(healthy, storm.log)


def test_without_a_majority_nothing_is_answered_that_could_be_lost(
    three: ReplicaSet, on_three: Cell, healthy: Stores
) -> None:
    token = sign_in(on_three, on_three.credentials["coordinator"])
    primary = three.primary()
    with no_exits(on_three), Storm(on_three.base_url, token) as storm:
        storm.wait_for_answers(20)
        three.freeze({0, 1, 2} - {primary})
        time.sleep(1)  # what was replicated before may still be answered
        before = len(storm.log.ok)
        time.sleep(19)  # the fault itself lasts that long
        accepted = len(storm.log.ok) - before
        three.heal()
        storm.wait_for_answers(20)
    assert accepted == 0
    assert storm.log.statuses["503"] > 0
    assert storm.log.slowest_seconds < DEADLINE_SECONDS + VIEW_SECONDS
    assert_nothing_lost_or_doubled(healthy, storm.log)
