"""Row 27 of the fault matrix: one service's clock is five minutes wrong."""

import time
from pathlib import Path

import httpx
import pytest

from cell.cell import Cell
from tests.faults.beside import beside, instead
from tests.faults.conftest import sign_in
from tests.faults.storm import Stores, Storm, assert_nothing_lost_or_doubled

pytestmark = [pytest.mark.cell, pytest.mark.fault, pytest.mark.slow]

FOUND = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
pytestmark.append(pytest.mark.skipif(not FOUND, reason="libfaketime is not installed"))


def wrong_by(minutes: int) -> dict[str, str]:
    """The environment of a process whose wall clock is wrong; its monotonic one is right."""
    return {
        "LD_PRELOAD": str(FOUND[0]),
        "FAKETIME": f"{minutes:+d}m",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


@pytest.mark.parametrize("minutes", [5, -5])
def test_a_service_with_a_wrong_clock_answers_and_its_tokens_are_good(
    cell: Cell, stores: Stores, token: str, tmp_path: Path, minutes: int
) -> None:
    log = tmp_path / "wrong.log"
    with instead(cell, log, environment=wrong_by(minutes)):
        fresh = sign_in(cell, cell.credentials["coordinator"])
        with Storm(cell.base_url, fresh) as storm:
            storm.wait_for_answers(100)
        headers = {"Authorization": f"Bearer {fresh}"}
        with httpx.Client(base_url=cell.base_url, headers=headers, timeout=15) as client:
            assert client.get("/v1/me").status_code == 200
            lag = float(client.get("/v1/institutions").headers["X-View-Lag-Seconds"])
    assert storm.log.share_of("201") == 1.0
    print(f"clock wrong by {minutes} min: reads say they are {lag:.1f} s old")
    assert_nothing_lost_or_doubled(stores, storm.log)


@pytest.mark.parametrize("minutes", [5, -5])
def test_two_replicas_that_disagree_about_the_time_lose_and_double_nothing(
    cell: Cell, stores: Stores, token: str, tmp_path: Path, minutes: int
) -> None:
    with (
        beside(cell, tmp_path / "wrong.log", environment=wrong_by(minutes)),
        Storm(cell.base_url, token) as storm,
    ):
        storm.wait_for_answers(25)
        cell.kill("members")
        storm.wait_for_answers(25)
        time.sleep(1)
    # 409: what the killed one had begun holds its keys until the database gives it up.
    assert set(storm.log.statuses) <= {"201", "409", "503"}
    assert_nothing_lost_or_doubled(stores, storm.log)
