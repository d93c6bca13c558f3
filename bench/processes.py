"""Helper processes of a measurement: started, awaited, and ended with their group."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

PROJECT = Path(__file__).parent.parent
GUNICORN = ("-m", "gunicorn", "--log-level", "warning")
HOST = "127.0.0.1"


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Process:
    """One program with a log of its own."""

    def __init__(self, *arguments: str, log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        with log.open("ab") as target:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=PROJECT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=target,
                stderr=target,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """The process itself."""
        return self._process.pid

    def await_http(self, port: int, path: str, seconds: float = 20.0) -> Self:
        """Wait until it answers 200; fails with the end of its log."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._process.poll() is None:
            if answers(port, path):
                return self
            time.sleep(0.05)
        raise RuntimeError(f"{self.log.name} never answered: {self.log.read_text()[-1500:]}")

    def finished(self, seconds: float = 20.0) -> None:
        """Wait for its end; fails with the end of its log when it did not go well."""
        if self._process.wait(seconds):
            raise RuntimeError(f"{self.log.name} failed: {self.log.read_text()[-1500:]}")

    def end(self) -> None:
        """SIGTERM to the group, SIGKILL when that is not enough."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
                return


def answers(port: int, path: str) -> bool:
    """Whether a server says 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def pss_megabytes(pid: int) -> float:
    """The proportional set size of a process and its descendants."""
    return sum(_own_kilobytes(one) for one in descendants(pid)) / 1024


def descendants(pid: int) -> Iterator[int]:
    """The process, its children and theirs."""
    yield pid
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for child in children:
            yield from descendants(int(child))


def _own_kilobytes(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


@contextmanager
def served(process: Process, port: int, path: str) -> Iterator[str]:
    """The address of a program for as long as the block runs."""
    with process:
        process.await_http(port, path)
        yield f"http://{HOST}:{port}"
