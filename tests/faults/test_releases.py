"""Row 31 of the fault matrix: an older and a newer release say and hear side by side."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cell.cell import Cell
from tests.faults.beside import beside
from tests.faults.conftest import heal
from tests.faults.storm import Stores, Storm, assert_nothing_lost_or_doubled
from tests.support.infrastructure import Ground, Stage, Tap

pytestmark = [pytest.mark.cell, pytest.mark.fault, pytest.mark.slow]

NEWER = "tests.support.newer_speaker"
NEW = "dari_masa_depan"


@pytest.fixture
def tap(ground: Ground, tmp_path: Path) -> Iterator[Tap]:
    """Everything the cell's own region says."""
    stage = Stage(ground, tmp_path, name=ground.cell.plan.region.id)
    yield stage.tap()
    stage.channel.queue_delete(f"tap.{stage.name}")
    stage.reconnect()


def test_facts_with_unknown_fields_from_a_newer_release_do_not_park(
    cell: Cell, stores: Stores, token: str, tap: Tap, tmp_path: Path
) -> None:
    with Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        with beside(cell, tmp_path / "newer.log", runner=NEWER):
            storm.wait_for_answers(40)
            cell.stop_program("members")
            storm.wait_for_answers(40)
            cell.start_program("members")
            storm.wait_for_answers(40)
        heal(cell, "members", "projector")
        storm.wait_for_answers(20)
    told = [one["data"] for one in tap.drain() if "institution" in one["subject"]]
    newer = sum(NEW in data["institution"] for data in told)
    print(f"{newer} of {len(told)} facts came from the newer release")
    assert 40 < newer < len(told)
    assert set(storm.log.statuses) <= {"201", "503"}
    assert_nothing_lost_or_doubled(stores, storm.log)
