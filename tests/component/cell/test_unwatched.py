"""A supervisor that is paused or was killed: the operator reads what serves on, and what to do."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cell import __main__ as verbs
from cell import rpc
from cell.cell import Cell
from cell.home import Home
from cell.plan import Choices, plan_cell
from cell.supervision import MARK, PROGRAM, Silent, Supervisor


@pytest.fixture
def home(tmp_path: Path) -> Home:
    plan = plan_cell(tmp_path / "cell", Choices())
    plan.home.write_json("cell.json", {"region": "kediri-raya"})
    return plan.home


@pytest.fixture
def paused(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A supervisor without programs that is stopped by SIGSTOP; its pid."""
    monkeypatch.setattr(rpc, "DEADLINE_SECONDS", 0.3)
    supervisor = Supervisor(home)
    supervisor.launch([])
    pid = int((home.directory / "supervisord.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    yield pid
    if supervisor._daemon is not None and supervisor._daemon.poll() is None:
        supervisor._daemon.kill()
        supervisor._daemon.wait()


@pytest.fixture
def left(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """A program whose supervisor was killed."""
    serving = "import sys, time; print(flush=True); time.sleep(60)"
    program = subprocess.Popen(
        [sys.executable, "-c", serving],
        env={MARK: str(home.directory), PROGRAM: "services"},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert program.stdout is not None
    program.stdout.readline()
    yield program
    program.kill()
    program.wait()
    program.stdout.close()


def environ(home: Home) -> dict[str, str]:
    port = home.read_json("ports.json")["http"]
    return {"CELL_DIR": str(home.directory), "HTTP_PORT": str(port)}


@pytest.mark.parametrize("verb", ["status", "up"])
def test_a_supervisor_that_is_paused_is_waited_for_only_so_long(home, paused, capsys, verb: str):
    began = time.monotonic()

    assert verbs.main([verb], environ(home)) == 1

    told = capsys.readouterr().err
    assert "the supervisor has not answered for" in told
    assert "make down ends the cell" in told
    assert told.count("\n") == 1
    assert time.monotonic() - began < 5


def test_down_ends_one_that_is_paused(home, paused, capsys):
    assert verbs.main(["down"], environ(home)) == 0

    assert capsys.readouterr().out == "cell: stopped\n"
    assert not Supervisor(home).is_running()


def test_one_that_takes_no_more_callers_is_silent_too(home, monkeypatch):
    monkeypatch.setattr(rpc, "DEADLINE_SECONDS", 0.2)
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as caller:
        server.bind(str(home.socket))
        server.listen(0)
        caller.connect(str(home.socket))

        with pytest.raises(Silent):
            Supervisor(home).is_running()


def test_status_names_what_serves_on_unwatched_and_what_to_do(home, left, capsys):
    ports = home.read_json("ports.json")

    assert verbs.main(["status"], environ(home)) == 1

    told = capsys.readouterr()
    assert told.out == f"  services   unwatched pid {left.pid}\n"
    assert "its supervisor is gone; make up starts all again, make down ends it" in told.err
    assert "kediri-raya is not served" in told.err
    assert home.read_json("ports.json") == ports


def test_down_says_that_it_ended_what_was_unwatched(home, left, capsys):
    assert verbs.main(["down"], environ(home)) == 0

    assert capsys.readouterr().out == "cell: stopped\n"
    assert left.wait(5) == -signal.SIGTERM


def test_whoever_looks_at_a_cell_that_is_unwatched_does_not_give_it_other_ports(home, left):
    ports = home.read_json("ports.json")
    with socket.create_server(("127.0.0.1", ports["http"])):
        assert Cell(home.directory).base_url.endswith(f":{ports['http']}")
    assert home.read_json("ports.json") == ports
