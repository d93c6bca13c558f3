"""Rows 5, 6, 7, 11 of the fault matrix: a broker that restarts, dies, freezes or hangs up."""

import os
import signal
import time

import pytest

from cell.cell import Cell
from tests.faults.conftest import heal, strike
from tests.faults.storm import Stores, Storm, assert_nothing_lost_or_doubled

pytestmark = [pytest.mark.cell, pytest.mark.fault]

OURS = ("members", "projector", "gateway")
DEADLINE_SECONDS = 5.0
MARGIN_SECONDS = 2.0


def broker_down(cell: Cell, seconds: float) -> None:
    """Stop the broker in order, leave it down, start it."""
    cell.stop_program("broker")
    time.sleep(seconds)  # the fault itself lasts that long
    cell.start_program("broker")


def test_a_broker_down_for_30_seconds_ends_no_process_and_loses_nothing(
    cell: Cell, stores: Stores, token: str
) -> None:
    before = [cell.pid(name) for name in OURS]
    with Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        broker_down(cell, 30)
        storm.wait_for_answers(20)
    assert [cell.pid(name) for name in OURS] == before
    assert storm.log.statuses["503"] > 0
    assert storm.log.slowest_seconds < DEADLINE_SECONDS + MARGIN_SECONDS
    assert_nothing_lost_or_doubled(stores, storm.log)


def test_a_broker_killed_twice_loses_and_doubles_nothing(
    cell: Cell, stores: Stores, token: str
) -> None:
    before = [cell.pid(name) for name in OURS]
    with Storm(cell.base_url, token) as storm:
        for _ in range(2):
            storm.wait_for_answers(20)
            strike(cell, "broker")
            heal(cell, "broker")
        storm.wait_for_answers(20)
    assert [cell.pid(name) for name in OURS] == before
    assert_nothing_lost_or_doubled(stores, storm.log)


def test_a_frozen_broker_makes_nobody_wait_past_the_deadline(
    cell: Cell, stores: Stores, token: str
) -> None:
    with Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        pid = cell.pid("broker")
        os.killpg(os.getpgid(pid), signal.SIGSTOP)
        time.sleep(12)
        os.killpg(os.getpgid(pid), signal.SIGCONT)
        storm.wait_for_answers(20)
    assert storm.log.slowest_seconds < DEADLINE_SECONDS + MARGIN_SECONDS
    assert_nothing_lost_or_doubled(stores, storm.log)


def test_connections_closed_by_the_broker_are_made_again(
    cell: Cell, stores: Stores, token: str
) -> None:
    before = [cell.pid(name) for name in OURS]
    with Storm(cell.base_url, token) as storm:
        for _ in range(4):
            storm.wait_for_answers(10)
            cell.rabbitmqctl("close_all_connections", "fault")
        storm.wait_for_answers(20)
    assert [cell.pid(name) for name in OURS] == before
    assert_nothing_lost_or_doubled(stores, storm.log)
