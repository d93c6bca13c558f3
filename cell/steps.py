"""The ordered start of a cell: ground, topology, services, gateway, region."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext

from cell import broker, database, ready
from cell.credentials import credentials_of
from cell.errors import CellError
from cell.home import PROJECT
from cell.plan import FILE, SERVERS, Plan
from cell.programs import Program, declare_command, programs
from cell.supervision import Supervisor, failure, wait

GROUND = ("mongod", "epmd", "broker", "mail")
NEEDS = {"broker": ("epmd",)}
STEP_SECONDS = 60.0

Say = Callable[[str], None]


def silent(line: str) -> None:
    """Say nothing."""


class Steps:
    """One start; each step says how long the start has taken so far."""

    def __init__(self, plan: Plan, supervisor: Supervisor, say: Say = silent) -> None:
        self.plan, self.supervisor = plan, supervisor
        self.began, self._say = time.monotonic(), say

    def launch(self) -> None:
        """Write every program's files, and start the supervisor."""
        plan = self.plan
        plan.broker.write_files()
        plan.database.write_files()
        if not plan.home.read_json(FILE):
            credentials_of(plan.home, plan.region)
        existing = {"AMQP_URI": plan.choices.amqp_uri, "MONGO_URI": plan.choices.mongo_uri}
        plan.home.write_json(SERVERS, existing)
        plan.home.write_json(FILE, {"region": plan.region.id, "split": plan.choices.split})
        self.supervisor.launch(programs(plan))

    def start(self, only: Sequence[str] | None = None) -> None:
        """Start what does not run yet; everything, or only the programs named."""
        if only is None and self.plan.home.half_restored.exists():
            raise CellError(f"a restore into {self.plan.home.directory} was broken off: remove it")
        chosen = [program.name for program in programs(self.plan) if _is_wanted(program, only)]
        self._start_ground([name for name in chosen if name in GROUND], declares=only is None)
        with self._founding() if only is None else nullcontext():
            self._start_people([name for name in chosen if name not in GROUND])

    def declare(self) -> None:
        """Queues, bindings and indexes; broker and database must run."""
        with self._declaring():
            pass

    def say(self, line: str) -> None:
        """One line of progress."""
        self._say(f"{line} ({time.monotonic() - self.began:.1f} s)")

    def _start_ground(self, names: Sequence[str], *, declares: bool) -> None:
        """Database and broker come up side by side; indexes are made while the broker does."""
        for name in names:
            self.supervisor.start(name)
            if name == "epmd":
                self._await(name)
        if "mongod" in names:
            self._await("mongod")
            self.plan.database.ensure_users()
            self.say("mongod is ready")
        with self._declaring() if declares else nullcontext():
            for name in names:
                if name not in ("mongod", "epmd"):
                    self._await(name)
                    self.say(f"{name} is ready")

    @contextmanager
    def _declaring(self) -> Iterator[None]:
        with self._step("declare", declare_command()):
            yield
        self.say("queues and indexes declared")

    def check_servers(self) -> None:
        """Existing servers are not ours to start: they must be there."""
        existing = self.plan.choices
        if existing.amqp_uri and not broker.is_ready(existing.amqp_uri):
            raise CellError("the broker of AMQP_URI does not let us in")
        if existing.mongo_uri and not database.is_ready(existing.mongo_uri):
            raise CellError("the database of MONGO_URI has no primary that lets us in")

    def _start_people(self, names: Sequence[str]) -> None:
        """The gateway imports its code while the services do."""
        for name in names:
            self.supervisor.start(name)
        for name in names:
            self._await(name)
            self.say(f"{name} is ready")

    @contextmanager
    def _founding(self) -> Iterator[None]:
        """The command waits in its queue for the service that decides it.

        Who lost the first accounts' passwords is told so; the people's cell starts all the same.
        """
        try:
            credentials_of(self.plan.home, self.plan.region)
        except CellError as lost:
            self._say(str(lost))
            yield
            return
        with self._step("found", [sys.executable, "-W", "ignore", "-m", "cell.found"]):
            yield
        said = (self.plan.home.logs / "found.log").read_text(errors="replace").splitlines()
        self.say(said[-1] if said else f"region {self.plan.region.id} is founded")

    @contextmanager
    def _step(self, name: str, command: list[str]) -> Iterator[None]:
        """One step in a process of its own, beside what is done meanwhile; then it has ended."""
        home, environment = self.plan.home, os.environ | self.plan.environment("services")
        with (home.logs / f"{name}.log").open("wb") as log:
            step = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=environment | {"CELL_DIR": str(home.directory)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            yield
            wait(lambda: step.poll() is not None, STEP_SECONDS, f"step {name!r}", None, home, name)
        finally:
            step.kill()
            step.wait()
        if step.returncode:
            raise failure(f"step {name!r} failed", home, name)

    def _await(self, name: str) -> None:
        ready.wait_for(self.plan, self.supervisor, name)


def _is_wanted(program: Program, only: Sequence[str] | None) -> bool:
    if only is None:
        return True
    needed = {need for name in only for need in NEEDS.get(name, ())}
    return program.name in only or program.name in needed
