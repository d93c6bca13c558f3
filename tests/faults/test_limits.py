"""Rows 25, 26 of the fault matrix: too little memory, CPU or disk."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cell.cell import Cell
from tests.faults.conftest import OURS, SETTINGS, heal, no_exits, seconds_until, sign_in
from tests.faults.storm import Stores, Storm, assert_nothing_lost_or_doubled

pytestmark = [pytest.mark.cell, pytest.mark.fault, pytest.mark.slow]

GROUPS = Path("/sys/fs/cgroup")
ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not ROOT, reason="mounting a small disk needs root")
DISK_MEGABYTES = 900
DEADLINE_SECONDS = 5.0 + 2.0


def limits(kind: str) -> pytest.MarkDecorator:
    """Skips where this machine lets nobody limit processes."""
    missing = not (ROOT and (GROUPS / kind / "cgroup.procs").exists())
    return pytest.mark.skipif(missing, reason=f"needs root and a cgroup controller for {kind}")


@contextmanager
def limited(kind: str, pids: list[int], **values: int) -> Iterator[None]:
    """The processes in a group of their own with these limits, for the length of a block."""
    group = GROUPS / kind / f"jejaring-uji-{os.getpid()}"
    group.mkdir()
    try:
        for name, value in values.items():
            (group / f"{kind}.{name}").write_text(str(value))
        for pid in pids:
            (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        for pid in (group / "cgroup.procs").read_text().split():
            (GROUPS / kind / "cgroup.procs").write_text(pid)
        seconds_until(lambda: not (group / "cgroup.procs").read_text())
        group.rmdir()


@limits("memory")
def test_a_service_without_memory_is_killed_once_and_comes_back(
    cell: Cell, stores: Stores, token: str
) -> None:
    with Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        before = cell.pid("members")
        with limited("memory", [before], limit_in_bytes=256 * 1024):
            seconds_until(lambda: cell.pid("members") not in (0, before))
        heal(cell, "members")
        again = cell.pid("members")
        storm.wait_for_answers(40)
        assert cell.pid("members") == again, "killed more than once"
    assert_nothing_lost_or_doubled(stores, storm.log)


@limits("cpu")
def test_a_tenth_of_a_cpu_makes_everything_slow_and_breaks_nothing(
    cell: Cell, stores: Stores, token: str
) -> None:
    pids = [pid for name in OURS for pid in cell.pids(name)]
    with no_exits(cell), Storm(cell.base_url, token) as storm:
        storm.wait_for_answers(20)
        with limited("cpu", pids, cfs_quota_us=10_000):
            before = len(storm.log.ok)
            time.sleep(30)  # the fault itself lasts that long
            accepted = len(storm.log.ok) - before
        storm.wait_for_answers(20)
    print(f"{accepted} accepted in 30 s on a tenth of a CPU")
    assert accepted > 0
    assert storm.log.slowest_seconds < 15, "the client's own patience"
    assert_nothing_lost_or_doubled(stores, storm.log)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Cell]:
    """A cell whose database lives on a small disk of its own."""
    cell = Cell(tmp_path / "cell", split=True, settings=SETTINGS)
    disk = cell.plan.home.database
    options = f"size={DISK_MEGABYTES}m,mode=0700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "jejaring-uji", str(disk)], check=True)
    try:
        with cell:
            yield cell
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(ballast: Path) -> None:
    """Leave not a byte on the disk of that file."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65_536)
        except OSError:
            return


@needs_root
def test_a_full_disk_under_the_database_is_told_and_nothing_that_was_answered_is_lost(
    small: Cell,
) -> None:
    heal(small, "mongod", "broker", *OURS)
    stores = Stores.of(small)
    token = sign_in(small, small.credentials["coordinator"])
    ballast = small.home.database / "ballast"
    with Storm(small.base_url, token, patience=150) as storm:
        storm.wait_for_answers(20)
        fill(ballast)
        full = seconds_until(lambda: storm.log.statuses["503"] > 20)
        before = len(storm.log.ok)
        time.sleep(10)  # the fault itself lasts that long
        accepted = len(storm.log.ok) - before
        ballast.unlink()
        heal(small, "mongod", *OURS, seconds=120)
        storm.wait_for_answers(20)
    print(f"told after {full:.1f} s, {accepted} accepted while full")
    assert storm.log.slowest_seconds < DEADLINE_SECONDS + 4
    assert_nothing_lost_or_doubled(stores, storm.log)
    stores.close()
