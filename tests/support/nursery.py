"""Processes of services, forked from one that has imported what all of them import.

A test run starts more than a hundred of them, and importing was most of what they cost. A child
does what `python -m chassis.run` does, with an environment, a process id and a log of its own;
cells start their processes as everywhere.

Run as a program it is the parent: a request per line on standard input, and a line on standard
output when a child was born and when it ended. It ends, and its children with it, when nobody
can ask any more.
"""

import atexit
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from queue import Queue
from select import select
from threading import Event, Lock, Thread
from typing import Any

import orjson

PROJECT = Path(__file__).parent.parent.parent
SERVICES = ("members", "events", "mentoring", "notifications", "federation")
START_SECONDS = 30.0


class Child:
    """A process of the nursery, as `subprocess.Popen` would show it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.ended = Event()

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; raises subprocess.TimeoutExpired when it is not there in time."""
        if not self.ended.wait(timeout) or self.returncode is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it, unless the process has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The parent, from outside."""

    def __init__(self) -> None:
        self._children: dict[int, Child] = {}
        self._born, self._asking = Queue[Child](), Lock()
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.support.nursery"],
            cwd=PROJECT,
            env={**os.environ, "EVENTLET_NO_GREENDNS": "yes"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        Thread(target=self._listen, daemon=True).start()

    def start(self, args: Sequence[str], environment: Mapping[str, str], log: Path) -> Child:
        """A process of `chassis.run` with these arguments."""
        asked = {"args": args, "environment": environment, "log": str(log)}
        with self._asking:
            assert self._parent.stdin is not None
            self._parent.stdin.write(orjson.dumps(asked) + b"\n")
            self._parent.stdin.flush()
            return self._born.get(timeout=START_SECONDS)

    def _listen(self) -> None:
        assert self._parent.stdout is not None
        with self._parent.stdout as told:
            for line in told:
                pid, code = orjson.loads(line)
                if code is None:
                    self._children[pid] = Child(pid)
                    self._born.put(self._children[pid])
                else:
                    child = self._children.pop(pid)
                    child.returncode = code
                    child.ended.set()

    def close(self) -> None:
        """End the parent and whoever is left."""
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        self._parent.wait(START_SECONDS)


@cache
def nursery() -> Nursery:
    """This test process's own; it ends with it."""
    made = Nursery()
    atexit.register(made.close)
    return made


class Parent:
    """Imports, then forks whenever it is asked to."""

    def __init__(self) -> None:
        # As they are before eventlet changes them: here nothing may run on its hub.
        self._read, self._write, self._wait = os.read, os.write, os.waitpid
        from chassis import run

        self._run: Any = run
        for name in SERVICES:
            self._run.importlib.import_module(f"services.{name}.service")
        self._woken, wakes = os.pipe()
        os.set_blocking(wakes, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes)
        self._living = set[int]()

    def serve(self) -> None:
        """Until standard input ends."""
        waiting = b""
        while True:
            ready, _, _ = select([0, self._woken], [], [])
            if self._woken in ready:
                self._read(self._woken, 4096)
                self._bury()
            if 0 in ready:
                more = self._read(0, 65536)
                if not more:
                    break
                *lines, waiting = (waiting + more).split(b"\n")
                for line in lines:
                    self._bear(orjson.loads(line))
        for pid in self._living:
            os.kill(pid, signal.SIGKILL)

    def _bear(self, asked: Mapping[str, Any]) -> None:
        pid = os.fork()
        if pid == 0:
            os._exit(self._live(asked))
        self._living.add(pid)
        self._tell(pid, None)

    def _bury(self) -> None:
        for pid in list(self._living):
            ended, status = self._wait(pid, os.WNOHANG)
            if ended:
                self._living.discard(pid)
                self._tell(pid, os.waitstatus_to_exitcode(status))

    def _tell(self, pid: int, code: int | None) -> None:
        self._write(1, orjson.dumps([pid, code]) + b"\n")

    def _live(self, asked: Mapping[str, Any]) -> int:
        """A child's life, from its environment to its exit code."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        for source, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        os.environ.clear()
        os.environ.update(asked["environment"])
        try:
            return int(self._run.main(asked["args"]))
        except BaseException:  # noqa: BLE001  whatever it is, it is in the log, and it has failed
            traceback.print_exc()
            return 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()


if __name__ == "__main__":
    Parent().serve()
