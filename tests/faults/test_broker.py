"""Rows 5–8, 11, 26 of the fault matrix: the broker restarts, dies, freezes, is full, hangs up."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from cell.cell import Cell
from tests.faults.conftest import OURS, frozen, heal, is_ready, no_exits, seconds_until, strike
from tests.faults.storm import Stores, Storm, assert_nothing_lost_or_doubled
from tests.support.infrastructure import Stage, until

pytestmark = [pytest.mark.cell, pytest.mark.fault]

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


@pytest.mark.parametrize("seconds", [12, pytest.param(45, marks=pytest.mark.slow)])
def test_a_frozen_broker_makes_nobody_wait_past_the_deadline(
    cell: Cell, stores: Stores, token: str, seconds: int
) -> None:
    with Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        with frozen(cell, "broker"):
            time.sleep(seconds)  # the fault itself lasts that long
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


ALARMS = {
    "memory": (
        ("set_vm_memory_high_watermark", "0"),
        ("set_vm_memory_high_watermark", "absolute", "512MB"),
    ),
    "disk": (("set_disk_free_limit", "100000GB"), ("set_disk_free_limit", "64MB")),
}


@contextmanager
def alarmed(cell: Cell, kind: str) -> Iterator[None]:
    """The broker takes nothing from those who publish, for the length of a block."""
    full, empty = ALARMS[kind]
    try:
        cell.rabbitmqctl(*full)
        yield
    finally:
        cell.rabbitmqctl(*empty)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(ALARMS))
def test_a_broker_in_alarm_takes_no_command_tells_so_in_time_and_loses_nothing(
    cell: Cell, stores: Stores, token: str, kind: str
) -> None:
    ask = {"json": {"name": "", "kind": "school", "area": "35.71"}}
    with no_exits(cell), Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        with alarmed(cell, kind):
            seconds_until(lambda: storm.log.statuses["503"] > 0)
            ask["json"]["name"] = f"Alarm {kind} {time.time()}"
            headers = {"Authorization": f"Bearer {token}"}
            told = httpx.post(f"{cell.base_url}/v1/institutions", **ask, headers=headers)
            time.sleep(20)  # the fault itself lasts that long
        back = seconds_until(lambda: all(is_ready(cell, name) for name in OURS))
        storm.wait_for_answers(20)
    print(f"ready again after {back:.1f} s")
    assert told.status_code == 503 and int(told.headers["Retry-After"]) >= 1
    assert storm.log.slowest_seconds < DEADLINE_SECONDS + MARGIN_SECONDS
    assert_nothing_lost_or_doubled(stores, storm.log)


@pytest.mark.slow
def test_what_a_service_decides_during_an_alarm_waits_in_the_outbox_and_is_said_after(
    stage: Stage,
) -> None:
    teller, listener = "tests.support.teller", "tests.support.listener"
    stage.declare(teller, listener)
    stage.hearers = ["listener"]
    services = [stage.serve(teller), stage.serve(listener)]
    until(lambda: len(stage.committed()) > 10)
    with alarmed(stage.ground.cell, "memory"):
        time.sleep(2)
        before = len(stage.committed())
        time.sleep(20)  # the fault itself lasts that long
        accepted, waiting = len(stage.committed()) - before, stage.outbox()
    drained = seconds_until(lambda: stage.outbox() < 5)
    assert services[1].runs() and services[0].terminate() == 0
    stage.serve("tests.support.ledger")  # sweeps what the teller left
    until(lambda: stage.outbox() == 0)
    print(f"{accepted} accepted in 20 s, {waiting} waited, drained in {drained:.1f} s")
    assert accepted > 100 and waiting >= accepted
    until(lambda: len(stage.effects()) >= len(stage.committed()))
    assert Counter(stage.effects()) == Counter(stage.committed())
