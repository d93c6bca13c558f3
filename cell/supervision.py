"""The supervisor of a cell: restarts what dies with growing delay, and is spoken to by XML-RPC."""

import contextlib
import os
import shlex
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Callable, Sequence
from http.client import HTTPException
from typing import Any

from cell.errors import CellError
from cell.home import PROJECT, Home, write_private
from cell.programs import ORDER, Program
from cell.rpc import DEADLINE_SECONDS, OnSocket

MARK = "JEJARING_CELL"  # in the environment of every process of a cell, with its program's name
PROGRAM = "JEJARING_PROGRAM"
DAEMON = "cell.daemon"
GONE = (OSError, HTTPException, xmlrpc.client.ProtocolError)

CONFIGURATION = """\
[unix_http_server]
file = {socket}
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisord]
logfile = {logs}/supervisord.log
logfile_maxbytes = 5MB
logfile_backups = 1
pidfile = {directory}/supervisord.pid
nodaemon = true
silent = true
umask = 077
"""

# A process that lives this long counts as started; before that, each try waits a second longer.
PROGRAM_SECTION = """
[program:{name}]
command = {command}
directory = {working_directory}
environment = {environment}
priority = {priority}
autostart = false
autorestart = true
startsecs = {start_seconds}
startretries = 1000000
stopwaitsecs = {stop_seconds}
stopasgroup = false
killasgroup = true
redirect_stderr = true
stdout_logfile = {logs}/{name}.log
stdout_logfile_maxbytes = 20MB
stdout_logfile_backups = 2
"""


class Silent(CellError):
    """A supervisor is there and does not answer."""


class Supervisor:
    """One supervisord, found by its socket."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._daemon: subprocess.Popen[bytes] | None = None

    def is_running(self) -> bool:
        """Whether a supervisor answers on the cell's socket."""
        try:
            return bool(self._ask("getState"))
        except GONE:
            return False

    def launch(self, programs: Sequence[Program]) -> None:
        """Start supervisord in a session of its own, so that it outlives the terminal."""
        self._write(programs)
        self.home.set_logs_aside()
        self.home.socket.unlink(missing_ok=True)
        configuration = self.home.directory / "supervisord.conf"
        with (self.home.logs / "supervisord.out").open("wb") as output:
            self._daemon = daemon = subprocess.Popen(
                [sys.executable, "-m", DAEMON, "-c", str(configuration)],
                cwd=PROJECT,
                env=os.environ | {MARK: str(self.home.directory), PROGRAM: "supervisord"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait(self.is_running, 10, "the supervisor", lambda: daemon.poll() is not None, self.home)

    def start(self, name: str) -> None:
        """Start a program unless it runs; does not wait for it."""
        with _faults_ignored("ALREADY_STARTED"):
            self._ask("startProcess", name, False)

    def stop(self, name: str, seconds: float = 40) -> None:
        """Stop a program in order, and wait until it has ended."""
        with _faults_ignored("NOT_RUNNING"):
            self._ask("stopProcess", name, False)
        ended = ("STOPPED", "EXITED", "FATAL")
        wait(lambda: self.state(name) in ended, seconds, f"the end of {name}", None, self.home)

    def shutdown(self) -> None:
        """End the supervisor itself, after its programs."""
        with contextlib.suppress(*GONE):
            self._ask("shutdown")
        wait(lambda: not self.is_running(), 60, "the end of the supervisor", None, self.home)
        if self._daemon is not None:
            self._daemon.wait(10)

    def programs(self) -> list[dict[str, Any]]:
        """What it knows of each, in order of start: `name`, `statename`, `pid`, `description`."""
        return sorted(self._ask("getAllProcessInfo"), key=lambda known: ORDER.index(known["name"]))

    def state(self, name: str) -> str:
        """`RUNNING`, `STOPPED`, `BACKOFF` ..."""
        return str(self._ask("getProcessInfo", name)["statename"])

    def pid(self, name: str) -> int:
        """The program's process; 0 when it does not run."""
        return int(self._ask("getProcessInfo", name)["pid"])

    def _ask(self, method: str, *arguments: object) -> Any:
        """What it answers; raises Silent when it does not, and one of GONE when it is not there."""
        transport = OnSocket(self.home.socket)
        try:
            with xmlrpc.client.ServerProxy("http://localhost", transport=transport) as proxy:
                return getattr(proxy.supervisor, method)(*arguments)
        except (TimeoutError, BlockingIOError):  # the latter: too many wait for it already
            paused = f"the supervisor has not answered for {DEADLINE_SECONDS:.0f} s, as if paused"
            raise Silent(f"{paused}; make down ends the cell, make up starts it again") from None

    def _write(self, programs: Sequence[Program]) -> None:
        places = {"logs": _plain(self.home.logs), "directory": _plain(self.home.directory)}
        text = CONFIGURATION.format(socket=_plain(self.home.socket), **places)
        for order, program in enumerate(programs):
            text += PROGRAM_SECTION.format(
                name=program.name,
                command=_plain(shlex.join(program.command)),
                environment=_environment(program, self.home),
                priority=10 * (order + 1),
                working_directory=_plain(program.directory),
                start_seconds=program.start_seconds,
                stop_seconds=program.stop_seconds,
                logs=_plain(self.home.logs),
            )
        write_private(self.home.directory / "supervisord.conf", text)


def wait(
    done: Callable[[], bool],
    seconds: float,
    what: str,
    dead: Callable[[], bool] | None,
    home: Home,
    log: str = "supervisord",
    hint: str = "",
) -> None:
    """Look until it is done; refuses, with the end of the log, when it died or took too long.

    `hint` ends the line: what the operator may do.
    """
    until = time.monotonic() + seconds
    while not done():
        if dead is not None and dead():
            raise failure(f"{what} ends again and again", home, log, hint)
        if time.monotonic() > until:
            raise failure(f"{what} was not there in {seconds:.0f} s", home, log, hint)
        time.sleep(0.05)


def failure(what: str, home: Home, log: str, hint: str = "", lines: int = 8) -> CellError:
    """The failure in one line that names the program's log; the log's last lines are its notes."""
    path, output = home.logs / f"{log}.log", home.logs / f"{log}.out"
    if not path.exists() and output.exists():
        path = output
    told = CellError(f"{what}; see {path}{hint and '; '}{hint}")
    text = path.read_text(errors="replace") if path.exists() else ""
    for line in text.splitlines()[-lines:]:
        told.add_note(f"    {line[:300]}")
    return told


def _plain(text: object) -> str:
    """The text as supervisor reads it back unchanged."""
    return str(text).replace("%", "%%")


def _environment(program: Program, home: Home) -> str:
    marked = {**program.environment, MARK: str(home.directory), PROGRAM: program.name}
    marked.setdefault("PYTHONUNBUFFERED", "1")
    return ",".join(f'{name}="{_plain(_quoted(value))}"' for name, value in marked.items())


def _quoted(value: str) -> str:
    if '"' in value or "\n" in value:
        raise CellError("a setting may not hold quotation marks or line ends")
    return value


@contextlib.contextmanager
def _faults_ignored(name: str) -> Any:
    try:
        yield
    except xmlrpc.client.Fault as fault:
        if name not in fault.faultString:
            raise CellError(f"the supervisor refused: {fault.faultString}") from None
