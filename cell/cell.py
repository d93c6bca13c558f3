"""One region on one machine, as an object: start it, stop it, hurt it."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cell import ready
from cell.broker import script
from cell.credentials import credentials_of
from cell.errors import CellError
from cell.home import Home
from cell.orphans import end_orphans, marked
from cell.plan import Choices, Plan, plan_cell
from cell.steps import Say, Steps, silent
from cell.supervision import Silent, Supervisor


class Cell:
    """A region's whole system under one directory.

    >>> with Cell(tmp_path) as cell:
    ...     httpx.get(f"{cell.base_url}/readyz")
    """

    def __init__(
        self,
        directory: Path | str,
        region: str = "kediri-raya",
        http_port: int | None = None,
        *,
        amqp_uri: str | None = None,
        mongo_uri: str | None = None,
        split: bool = False,
        settings: Mapping[str, str] | None = None,
        say: Say = silent,
    ) -> None:
        """`settings` are added to every process's environment; `say` hears one line per step."""
        self.home = Home(Path(directory).resolve())
        self.supervisor = Supervisor(self.home)
        self.choices = Choices(
            region=region,
            http_port=http_port,
            split=split,
            amqp_uri=amqp_uri,
            mongo_uri=mongo_uri,
            settings=dict(settings or {}),
        )
        self._plan: Plan | None = None
        self._say = say

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @contextmanager
    def started(self, only: Sequence[str] | None = None) -> Iterator[Self]:
        """A part of the cell for the length of a block, e.g. `only=("mongod", "broker")`."""
        self.start(only)
        try:
            yield self
        finally:
            self.stop()

    @property
    def plan(self) -> Plan:
        """What runs, with which ports and settings; decided at the first look."""
        if self._plan is None:
            self._plan = plan_cell(self.home.directory, self.choices, self.is_serving())
        return self._plan

    @property
    def base_url(self) -> str:
        """Where the gateway answers."""
        return self.plan.base_url

    @property
    def credentials(self) -> dict[str, Any]:
        """The first accounts: `coordinator`, `operator`, `area_coordinators` by area."""
        return credentials_of(self.home, self.plan.region)

    @property
    def mail(self) -> list[Path]:
        """The messages received, oldest first."""
        return sorted(self.home.mail.glob("*.eml"))

    def env(self, process: str) -> dict[str, str]:
        """The settings of `services`, of one service, of `projector` or `gateway`."""
        return self.plan.environment(process)

    def is_running(self) -> bool:
        """Whether the supervisor runs; `is_ready` says whether people are served."""
        return self.supervisor.is_running()

    def is_serving(self) -> bool:
        """Whether any of its processes run, be it without a supervisor: they hold its ports."""
        return self.is_running() or bool(marked(self.home))

    def is_ready(self) -> bool:
        """Whether the gateway says that it is ready."""
        return self.is_running() and ready.over_http(self.plan.ports.http)

    def start(self, only: Sequence[str] | None = None) -> None:
        """Start what does not run yet, in order, and wait until it is ready.

        Raises CellError with one line when it cannot; then what this call started is stopped.
        """
        with self.home.locked():
            fresh = not self.is_running()
            try:
                self._start(fresh, only)
            except BaseException as failed:
                full = self.home.fullness()
                if fresh:
                    self._stop()
                if full and isinstance(failed, CellError):
                    raise CellError(full) from failed
                raise

    def declare(self) -> None:
        """The topology step by itself, while broker and database run."""
        with self.home.locked():
            Steps(self.plan, self.supervisor, self._say).declare()

    def stop(self) -> bool:
        """Stop everything in order: gateway, services, mail, broker, database; whether any ran."""
        with self.home.locked():
            return self._stop()

    def pid(self, program: str) -> int:
        """The program's process, the gateway's being its master; 0 when it does not run."""
        return self.supervisor.pid(program)

    def pids(self, program: str) -> list[int]:
        """The program's process and its children."""
        parent = self.pid(program)
        children = Path(f"/proc/{parent}/task/{parent}/children")
        return [parent, *(int(pid) for pid in children.read_text().split())] if parent else []

    def kill(self, program: str, number: int = signal.SIGKILL) -> int:
        """Send the program's process a signal; returns its pid."""
        pid = self.pid(program)
        if not pid:
            raise CellError(f"{program} does not run")
        os.kill(pid, number)
        return pid

    def start_program(self, program: str, wait: bool = True) -> None:
        """Start one program, and wait until it is ready."""
        self.supervisor.start(program)
        if wait:
            self.wait_ready(program)

    def stop_program(self, program: str) -> None:
        """Stop one program in order; it stays stopped."""
        self.supervisor.stop(program)

    def wait_ready(self, program: str, seconds: float = ready.SECONDS) -> None:
        """Wait until a program serves, e.g. after it was killed."""
        ready.wait_for(self.plan, self.supervisor, program, seconds)

    def rabbitmqctl(self, *arguments: str, tool: str = "rabbitmqctl") -> str:
        """Ask the cell's own broker, and return what it prints."""
        if self.choices.amqp_uri:
            raise CellError(f"the broker is the one of AMQP_URI: {tool} is for who runs it")
        command = [str(script(tool)), "--quiet", *arguments]
        environment = os.environ | self.plan.broker.environment
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, timeout=60
        ).stdout

    def _start(self, fresh: bool, only: Sequence[str] | None) -> None:
        if fresh:
            self._clear_away()
        elif full := self.home.fullness():
            raise CellError(full)
        steps = Steps(self.plan, self.supervisor, self._say)
        steps.check_servers()  # before their addresses are remembered
        if fresh:
            steps.launch()
        steps.start(only)

    def _clear_away(self) -> None:
        """Begin from nothing: no process of an earlier start, no port decided while it ran."""
        self._plan = None
        if end_orphans(self.home):
            self._say("ended what a broken-off start had left behind")

    def _stop(self) -> bool:
        ran = True
        try:
            ran = self.is_running()
            if ran:
                for known in reversed(self.supervisor.programs()):
                    self.supervisor.stop(known["name"])
                self.supervisor.shutdown()
        except Silent:
            self._say("the supervisor does not answer; it is ended with what it watches")
        return end_orphans(self.home) > 0 or ran
