"""A disk that fills while the cell runs: who watches lives on, and the operator reads one line."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from cell import __main__ as verbs
from cell import ready
from cell.cell import Cell
from cell.errors import CellError
from cell.home import PROJECT, Home
from cell.plan import Choices, Plan, plan_cell
from cell.programs import programs
from cell.supervision import DAEMON, Supervisor


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cell.home.LEAST_FREE_MEGABYTES", 0)
    monkeypatch.setattr("cell.home.FULL_MEGABYTES", 10**12)


class Watched(Supervisor):
    """Says what it is told to of its programs."""

    states: dict[str, str] = {}

    def is_running(self) -> bool:
        return True

    def programs(self) -> list[dict[str, object]]:
        return [
            {"name": name, "statename": state, "description": "x"}
            for name, state in self.states.items()
        ]

    def state(self, name: str) -> str:
        return self.states[name]

    def pid(self, name: str) -> int:
        return 0


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    plan = plan_cell(tmp_path, Choices())
    plan.home.write_json("cell.json", {"region": "kediri-raya"})
    return plan


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> type[Watched]:
    monkeypatch.setattr("cell.cell.Supervisor", Watched)
    monkeypatch.setattr(Watched, "states", {"broker": "RUNNING"})
    return Watched


def has_booted(plan: Plan) -> None:
    node = plan.home.broker / "mnesia" / "node"
    node.mkdir(parents=True)
    (node / "schema.DAT").touch()


def test_a_supervisor_that_can_write_no_log_supervises_all_the_same(tmp_path: Path):
    home = Home(tmp_path / "cell")
    home.prepare()
    (home.logs / "supervisord.log").symlink_to("/dev/full")
    supervisor = Supervisor(home)
    supervisor._write([])
    command = [sys.executable, "-m", DAEMON, "-c", str(home.directory / "supervisord.conf")]

    with Path("/dev/full").open("w") as full:
        daemon = subprocess.Popen(command, cwd=PROJECT, stdout=full, stderr=full)
    try:
        while daemon.poll() is None and not supervisor.is_running():
            time.sleep(0.05)
        assert daemon.poll() is None, "it has ended"
        assert supervisor.programs() == []
    finally:
        daemon.terminate()
        daemon.wait(10)


def test_the_one_who_starts_a_cell_that_runs_on_a_full_disk_is_told(plan, watched, full, capsys):
    environ = {"CELL_DIR": str(plan.home.directory), "HTTP_PORT": str(plan.ports.http)}

    assert verbs.main(["up", "--detach"], environ) == 1

    told = capsys.readouterr().err
    assert "is full" in told
    assert told.endswith("MB left): make room, then make up\n")
    assert told.count("\n") == 1


def test_a_disk_that_fills_during_a_start_is_what_the_start_failed_of(tmp_path, full, monkeypatch):
    cell = Cell(tmp_path / "cell")
    monkeypatch.setattr(Cell, "_start", lambda *_: cell.home.prepare() or fail())

    with pytest.raises(CellError, match="is full") as it:
        cell.start()
    assert str(it.value.__cause__) == "mongod ends again and again"


def fail() -> None:
    raise CellError("mongod ends again and again")


def test_status_says_that_the_disk_is_full(plan, watched, full, capsys):
    verbs.main(["status"], {"CELL_DIR": str(plan.home.directory)})

    assert "is full" in capsys.readouterr().out.splitlines()[-1]


def test_a_broker_that_does_not_boot_on_its_data_names_the_way_out(plan, monkeypatch):
    has_booted(plan)
    monkeypatch.setattr(Watched, "states", {"broker": "BACKOFF"})
    monkeypatch.setattr(ready, "PATIENCE_SECONDS", -1)

    with pytest.raises(CellError, match=r"broker\.log; if its data are damaged: make new-broker"):
        ready.wait_for(plan, Watched(plan.home), "broker")


@pytest.mark.parametrize("booted", [True, False])
def test_status_names_it_too_but_not_where_there_are_no_data(plan, watched, capsys, booted: bool):
    if booted:
        has_booted(plan)
    watched.states["broker"] = "BACKOFF"

    verbs.main(["status"], {"CELL_DIR": str(plan.home.directory)})

    assert ("make new-broker" in capsys.readouterr().out) is booted


def test_what_the_broker_leaves_as_it_dies_lies_in_the_cell(plan: Plan):
    homes = {program.name: program.directory for program in programs(plan)}

    assert homes["broker"] == plan.home.broker
