"""Rows 1–4, 23, 28 of the fault matrix: processes that die or are away while people write."""

import os
import signal
import time

import httpx
import pytest

from cell.cell import Cell
from tests.faults.conftest import heal, seconds_until, strike
from tests.faults.storm import Stores, Storm, assert_nothing_lost_or_doubled

pytestmark = [pytest.mark.cell, pytest.mark.fault]


def test_a_members_service_killed_in_a_storm_loses_and_doubles_nothing(
    cell: Cell, stores: Stores, token: str
) -> None:
    with Storm(cell.base_url, token) as storm:
        for _ in range(4):
            storm.wait_for_answers(20)
            strike(cell, "members")
        storm.wait_for_answers(20)
    assert_nothing_lost_or_doubled(stores, storm.log)


def test_a_rolling_restart_drains_and_nobody_gets_a_crash(
    cell: Cell, stores: Stores, token: str
) -> None:
    with Storm(cell.base_url, token) as storm:
        for _ in range(3):
            storm.wait_for_answers(20)
            strike(cell, "members", signal.SIGTERM)
            heal(cell, "members")
        storm.wait_for_answers(20)
    assert set(storm.log.statuses) <= {"201", "503"}
    assert_nothing_lost_or_doubled(stores, storm.log)


def test_a_projector_killed_in_a_storm_leaves_views_and_positions_whole(
    cell: Cell, stores: Stores, token: str
) -> None:
    with Storm(cell.base_url, token) as storm:
        for _ in range(4):
            storm.wait_for_answers(20)
            strike(cell, "projector")
        storm.wait_for_answers(20)
    assert set(storm.log.statuses) == {"201"}
    assert_nothing_lost_or_doubled(stores, storm.log)


def test_a_gateway_worker_killed_mid_post_answers_the_same_key_once(
    cell: Cell, stores: Stores, token: str
) -> None:
    with Storm(cell.base_url, token) as storm:
        for _ in range(3):
            storm.wait_for_answers(20)
            os.kill(cell.pids("gateway")[1], signal.SIGKILL)
        storm.wait_for_answers(20)
    assert_nothing_lost_or_doubled(stores, storm.log)


@pytest.mark.slow
def test_a_service_that_is_not_there_makes_nobody_wait_past_the_deadline(
    cell: Cell, stores: Stores, token: str
) -> None:
    with Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        cell.stop_program("members")
        told = seconds_until(lambda: storm.log.statuses["503"] > 0)
        time.sleep(20)  # the fault itself lasts that long
        cell.start_program("members")
        storm.wait_for_answers(20)
    print(f"told after {told:.1f} s")
    assert storm.log.slowest_seconds < 5 + 2
    assert_nothing_lost_or_doubled(stores, storm.log)


def test_what_was_answered_is_what_the_next_get_shows_even_without_a_projector(
    cell: Cell, stores: Stores, token: str
) -> None:
    cell.stop_program("projector")
    headers = {"Authorization": f"Bearer {token}"}
    try:
        with httpx.Client(base_url=cell.base_url, headers=headers, timeout=15) as client:
            body = {"name": "Taman Baca Tanpa Proyektor", "kind": "reading_garden", "area": "35.71"}
            made = client.post("/v1/institutions", json=body)
            assert made.status_code == 201
            read = client.get(f"/v1/institutions/{made.json()['id']}")
            assert read.json() == made.json()
    finally:
        cell.start_program("projector")
    assert_nothing_lost_or_doubled(stores, Storm(cell.base_url, token).log)
