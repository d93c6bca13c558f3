"""The command line: one clear line per failure, nothing that runs twice, nothing left behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cell import __main__ as verbs
from cell.cell import Cell
from cell.choice import chosen_cell, existing_cell
from cell.errors import CellError, tell
from cell.found import founding
from cell.home import Home
from cell.orphans import end_orphans, marked
from cell.region import load_region
from cell.steps import Steps, silent
from cell.supervision import MARK, PROGRAM, Supervisor, failure, wait


def failed(capsys: pytest.CaptureFixture[str]) -> str:
    error = capsys.readouterr().err
    assert error.startswith("cell: ")
    assert error.count("\n") == 1
    return error


def test_a_port_that_is_none_is_refused(tmp_path: Path, capsys):
    environ = {"CELL_DIR": str(tmp_path / "cell"), "HTTP_PORT": "http"}

    assert verbs.main(["up"], environ) == 1
    assert "HTTP_PORT=http is not a port" in failed(capsys)


def test_an_unknown_region_is_refused(tmp_path: Path, capsys):
    environ = {"CELL_DIR": str(tmp_path / "cell"), "REGION": "atlantis"}

    assert verbs.main(["up"], environ) == 1
    assert "no region 'atlantis'" in failed(capsys)


def test_a_directory_that_cannot_be_made_gets_one_line(tmp_path: Path, capsys):
    (tmp_path / "file").touch()

    assert verbs.main(["up"], {"CELL_DIR": str(tmp_path / "file" / "cell")}) == 1
    assert "Not a directory" in failed(capsys)


def test_stopping_what_does_not_run_is_no_failure(tmp_path: Path, capsys):
    assert verbs.main(["down"], {"CELL_DIR": str(tmp_path / "cell")}) == 0
    assert capsys.readouterr().out == "cell: does not run\n"


def test_status_without_a_cell_says_so(tmp_path: Path, capsys):
    assert verbs.main(["status"], {"CELL_DIR": str(tmp_path / "cell")}) == 1
    assert "holds no cell; start one: make up" in failed(capsys)


def test_status_of_a_stopped_cell_says_so(tmp_path: Path, capsys):
    Home(tmp_path).write_json("cell.json", {"region": "semarang"})

    assert verbs.main(["status"], {"CELL_DIR": str(tmp_path)}) == verbs.NOT_RUNNING
    assert "does not run" in capsys.readouterr().out


def test_an_existing_cell_keeps_its_region(tmp_path: Path):
    Home(tmp_path).write_json("cell.json", {"region": "semarang"})

    assert existing_cell({"CELL_DIR": str(tmp_path)}).choices.region == "semarang"


def test_what_is_not_said_is_as_at_the_last_start(tmp_path: Path):
    environ = {"CELL_DIR": str(tmp_path)}
    fresh = chosen_cell({"CELL_DIR": str(tmp_path / "none")}, split=False, say=silent).choices
    Home(tmp_path).write_json("cell.json", {"region": "semarang"})
    Home(tmp_path).write_json("ports.json", {"http": 8391})

    again = chosen_cell(environ, split=False, say=silent).choices
    moved = chosen_cell({**environ, "HTTP_PORT": "8392"}, split=False, say=silent).choices

    assert (again.region, again.http_port) == ("semarang", 8391)
    assert moved.http_port == 8392
    assert fresh.http_port == 8080


def test_the_environment_names_existing_servers(tmp_path: Path):
    environ = {"CELL_DIR": str(tmp_path), "AMQP_URI": "amqp://x", "MONGO_URI": "mongodb://y"}

    choices = chosen_cell(environ, split=True, say=silent).choices

    assert (choices.amqp_uri, choices.mongo_uri) == ("amqp://x", "mongodb://y")
    assert (choices.http_port, choices.split) == (8080, True)


SERVERS = {"AMQP_URI": "amqp://u:secret@x", "MONGO_URI": "mongodb://y"}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch) -> Path:
    """A cell that was started once with existing servers."""
    cell = chosen_cell({"CELL_DIR": str(tmp_path), **SERVERS}, split=False, say=silent)
    monkeypatch.setattr("cell.broker.Broker.write_files", lambda _: None)
    monkeypatch.setattr(cell.supervisor, "launch", lambda _: None)
    Steps(cell.plan, cell.supervisor).launch()
    return tmp_path


def test_existing_servers_are_remembered_where_only_their_user_reads(elsewhere: Path):
    environ = {"CELL_DIR": str(elsewhere)}

    for cell in (existing_cell(environ), chosen_cell(environ, split=False, say=silent)):
        assert (cell.plan.amqp_uri, cell.plan.mongo_uri("gateway")) == tuple(SERVERS.values())
    assert chosen_cell({**environ, **SERVERS}, split=False, say=silent)
    assert (elsewhere / "servers.json").stat().st_mode & 0o777 == 0o600
    assert "secret" not in (elsewhere / "cell.json").read_text()


@pytest.mark.parametrize("name", SERVERS)
def test_another_server_for_a_cell_is_refused_without_its_password(elsewhere, capsys, name: str):
    environ = {"CELL_DIR": str(elsewhere), name: "amqp://u:hidden@z"}

    assert verbs.main(["up"], environ) == 1

    told = failed(capsys)
    assert f"{name}: this cell began with another; if the change is meant: make down" in told
    assert "hidden" not in told


@pytest.mark.parametrize("name", SERVERS)
def test_a_cell_with_servers_of_its_own_is_not_moved_by_a_word(tmp_path: Path, capsys, name: str):
    for data in ("broker/mnesia/node", "mongod/data"):
        (tmp_path / data).mkdir(parents=True)
        (tmp_path / data / "schema.DAT").touch()

    assert verbs.main(["up"], {"CELL_DIR": str(tmp_path), name: SERVERS[name]}) == 1
    assert f"{name}: this cell began with a server of its own" in failed(capsys)


@pytest.mark.parametrize("name", SERVERS)
def test_where_a_first_start_left_no_data_an_existing_server_helps(tmp_path: Path, name: str):
    (tmp_path / "servers.json").write_text('{"AMQP_URI": null, "MONGO_URI": null}')
    environ = {"CELL_DIR": str(tmp_path), name: SERVERS[name]}

    choices = chosen_cell(environ, split=False, say=silent).choices

    assert (choices.amqp_uri or choices.mongo_uri) == SERVERS[name]


def test_an_address_that_does_not_answer_is_not_remembered(tmp_path: Path, capsys):
    environ = {"CELL_DIR": str(tmp_path), "AMQP_URI": "amqp://u:p@127.0.0.1:1/"}

    assert verbs.main(["up"], {**environ, "HTTP_PORT": "8315"}) == 1
    assert "the broker of AMQP_URI does not let us in" in failed(capsys)
    assert not (tmp_path / "servers.json").exists()


def test_a_new_broker_leaves_the_cell_at_its_port(tmp_path: Path, monkeypatch):
    cell = Cell(tmp_path)
    cell.home.write_json("cell.json", {"region": "semarang", "split": True})
    port = existing_cell({"CELL_DIR": str(tmp_path)}).plan.ports.http
    asked = []
    monkeypatch.setattr(verbs, "up", lambda environ, **how: asked.append((environ, how)) or 0)

    assert verbs.main(["new-broker"], {"CELL_DIR": str(tmp_path), "HTTP_PORT": "8080"}) == 0

    ((environ, how),) = asked
    assert (environ["REGION"], environ["HTTP_PORT"]) == ("semarang", str(port))
    assert how == {"detach": True, "split": True}
    assert [path.name[:12] for path in tmp_path.glob("broker*")] == ["broker.lost-"]


def test_the_broker_of_somebody_else_is_not_set_aside(elsewhere, capsys):
    assert verbs.main(["new-broker"], {"CELL_DIR": str(elsewhere)}) == 1
    assert "who runs it begins with an empty one" in failed(capsys)
    with pytest.raises(CellError, match="rabbitmqctl is for who runs it"):
        existing_cell({"CELL_DIR": str(elsewhere)}).rabbitmqctl("status")


def test_what_to_try_is_shown(tmp_path: Path, capsys):
    cell = Cell(tmp_path / "cell")
    assert cell.credentials

    verbs.show(cell)

    shown = capsys.readouterr().out
    assert "who may sign in stands in" in shown
    assert "make load FILE=../shared/data/schools_kediri_raya.csv CELL_DIR=" in shown


def test_a_stale_socket_is_no_running_cell(tmp_path: Path):
    home = Home(tmp_path)
    home.socket.touch()

    assert not Supervisor(home).is_running()


def test_a_stop_that_has_begun_is_not_broken_off():
    heard = []
    with verbs._interruptible():
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
            try:
                signal.raise_signal(number)
            except KeyboardInterrupt:
                heard.append(number)

    assert heard == [signal.SIGTERM]


def test_what_a_killed_supervisor_left_is_found_and_ended(tmp_path: Path):
    home, stranger = Home(tmp_path / "one"), Home(tmp_path / "two")
    sleeping = [sys.executable, "-c", "import time; time.sleep(60)"]
    left = subprocess.Popen(
        sleeping, env={MARK: str(home.directory), PROGRAM: "services"}, start_new_session=True
    )
    time.sleep(0.1)

    assert marked(home) == {left.pid: "services"}
    assert end_orphans(stranger) == 0
    assert end_orphans(home) == 1
    assert left.wait(5) == -signal.SIGTERM


def test_a_wait_that_is_too_long_shows_the_end_of_the_log_and_the_clear_line_last(
    tmp_path: Path, capsys
):
    home = Home(tmp_path)
    home.prepare()
    (home.logs / "gateway.log").write_text("first\n" + "line\n" * 20 + "the reason\n")

    with pytest.raises(CellError, match=r"gateway was not there in 0 s; see .*gateway\.log") as it:
        wait(lambda: False, 0, "gateway", None, home, log="gateway")
    with pytest.raises(CellError, match="gateway ends again and again"):
        wait(lambda: False, 9, "gateway", lambda: True, home, log="gateway")

    tell(it.value)

    told = capsys.readouterr().err.splitlines()
    assert told[-2:] == ["    the reason", f"cell: {it.value}"], "the clear line is the last"
    assert len(told) == 9


def test_logs_begin_with_each_start(tmp_path: Path):
    home = Home(tmp_path)
    home.prepare()
    (home.logs / "mongod.log").write_text("old")

    home.set_logs_aside()

    assert [path.name for path in home.logs.iterdir()] == ["mongod.log.before"]
    assert str(failure("x", home, "mongod")) == f"x; see {home.logs / 'mongod.log'}"


def test_the_founding_names_every_account(tmp_path: Path):
    cell = Cell(tmp_path / "cell")

    command = founding(load_region("kediri-raya"), cell.credentials)

    roles = [(account.role, account.area) for account in command.accounts]
    assert roles[:2] == [("coordinator", None), ("operator", None)]
    assert roles[2] == ("area_coordinator", "35.03")
    assert len(roles) == 9
    assert command.areas[0].codes == ("35.03",)


class Begun:
    """A cell whose start is broken off; it runs already, or this start began it."""

    def __init__(self, ready: bool) -> None:
        self.ready, self.stopped = ready, 0

    def is_ready(self) -> bool:
        return self.ready

    def start(self) -> None:
        raise KeyboardInterrupt

    def stop(self) -> None:
        self.stopped += 1


@pytest.mark.parametrize("ready", [True, False])
def test_who_breaks_a_second_start_off_does_not_stop_the_cell(monkeypatch, capsys, ready: bool):
    cell = Begun(ready)
    monkeypatch.setattr(verbs, "chosen_cell", lambda *_: cell)

    assert verbs.main(["up", "--detach"], {}) == verbs.STOPPED_BY_SIGNAL
    assert cell.stopped == 0, "Cell.start stops what it has begun itself"
    assert "broken off" in capsys.readouterr().err
