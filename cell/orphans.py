"""What an earlier start left behind when its supervisor was killed: found by its mark, ended."""

import contextlib
import os
import signal
import time
from pathlib import Path

from cell.home import Home
from cell.programs import ORDER
from cell.supervision import MARK, PROGRAM

STOP_ORDER = ("supervisord", *reversed(ORDER))
PATIENCE_SECONDS = 20.0


def end_orphans(home: Home) -> int:
    """End marked processes, front to back; how many there were."""
    found = marked(home)
    for program in (*STOP_ORDER, *sorted(set(found.values()) - set(STOP_ORDER))):
        _end([pid for pid, name in found.items() if name == program])
    return len(found)


def marked(home: Home) -> dict[int, str]:
    """The processes of this cell, pid to program, whoever supervises them."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            program = _program(folder, home)
            if program:
                found[int(folder.name)] = program
    return found


def _program(folder: Path, home: Home) -> str:
    with contextlib.suppress(OSError):
        lines = (folder / "environ").read_bytes().split(b"\0")
        if f"{MARK}={home.directory}".encode() in lines:
            names = [line for line in lines if line.startswith(f"{PROGRAM}=".encode())]
            return names[0].decode().partition("=")[2] if names else ""
    return ""


def _end(pids: list[int]) -> None:
    """Ask, wait, and insist; a paused process is woken so that it can end."""
    for pid in pids:
        _signal(pid, signal.SIGTERM)
        _signal(pid, signal.SIGCONT)
    until = time.monotonic() + PATIENCE_SECONDS
    while any(_lives(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in pids:
        _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _lives(pid: int) -> bool:
    """Whether it still runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
