"""One service of the cell in a process of the test's own, so that it may differ from the others."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cell import ready
from cell.cell import Cell
from tests.faults.conftest import seconds_until
from tests.support.infrastructure import PROJECT, free_port

RUN = "chassis.run"
MEMBERS = "services.members.service"


@contextmanager
def beside(
    cell: Cell, log: Path, *, runner: str = RUN, environment: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Another members process on the same queue and database, ready; drained at the end."""
    port = free_port()
    more = {**cell.env("members"), "HEALTH_PORT": str(port), **(environment or {})}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", runner, "serve", MEMBERS],
            cwd=PROJECT,
            env=os.environ | more,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        seconds_until(lambda: ready.over_http(port))
        yield process
        assert process.poll() is None, log.read_text()[-2000:]
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        finally:
            process.kill()
            process.wait(5)


@contextmanager
def instead(cell: Cell, log: Path, *, environment: Mapping[str, str]) -> Iterator[None]:
    """The only members process, in this environment."""
    cell.stop_program("members")
    try:
        with beside(cell, log, environment=environment):
            yield
    finally:
        cell.start_program("members")
