"""Rows 13, 14, 17 of the fault matrix: a database that dies or freezes."""

import time

import pytest

from cell.cell import Cell
from tests.faults.conftest import OURS, frozen, is_ready, seconds_until, strike
from tests.faults.storm import Stores, Storm, assert_nothing_lost_or_doubled

pytestmark = [pytest.mark.cell, pytest.mark.fault]


def test_a_database_killed_for_15_seconds_ends_no_process_and_loses_nothing(
    cell: Cell, stores: Stores, token: str
) -> None:
    before = [cell.pid(name) for name in OURS]
    with Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        strike(cell, "mongod")
        cell.stop_program("mongod")
        time.sleep(15)  # the fault itself lasts that long
        cell.start_program("mongod")
        storm.wait_for_answers(20)
    assert [cell.pid(name) for name in OURS] == before
    assert_nothing_lost_or_doubled(stores, storm.log)


def test_a_frozen_database_makes_nobody_wait_past_the_deadline(
    cell: Cell, stores: Stores, token: str
) -> None:
    with Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        with frozen(cell, "mongod"):
            time.sleep(12)  # the fault itself lasts that long
        storm.wait_for_answers(20)
    assert storm.log.slowest_seconds < 5 + 2
    assert_nothing_lost_or_doubled(stores, storm.log)


@pytest.mark.slow
def test_a_database_frozen_for_60_seconds_makes_everybody_unready_and_loses_nothing(
    cell: Cell, stores: Stores, token: str
) -> None:
    before = [cell.pid(name) for name in OURS]
    with Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        with frozen(cell, "mongod"):
            began = time.monotonic()
            noticed = {n: seconds_until(lambda n=n: not is_ready(cell, n)) for n in OURS}
            time.sleep(60 - (time.monotonic() - began))  # the fault itself lasts that long
        back = seconds_until(lambda: all(is_ready(cell, name) for name in OURS))
        storm.wait_for_answers(20)
    print(f"not ready: {noticed}; ready again after {back:.1f} s")
    assert [cell.pid(name) for name in OURS] == before
    assert max(noticed.values()) < 3  # a probe waits two seconds for its answer
    assert storm.log.slowest_seconds < 5 + 2
    assert_nothing_lost_or_doubled(stores, storm.log)
