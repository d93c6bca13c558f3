"""The directory of one cell: what lies where, and nothing readable by others."""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cell.errors import CellError

PROJECT = Path(__file__).resolve().parent.parent
FORBIDDEN = set(" \t\n\"'\\$;,{}")  # its start script splits and expands its settings
LEAST_FREE_MEGABYTES = 600
FULL_MEGABYTES = 64  # below it the broker takes nothing
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107


@dataclass(frozen=True)
class Home:
    """`CELL_DIR`: secrets, ports, logs, mail, and the data of broker and database."""

    directory: Path

    @property
    def name(self) -> str:
        """A short name that no other cell of this machine has."""
        return hashlib.sha256(str(self.directory).encode()).hexdigest()[:12]

    @property
    def logs(self) -> Path:
        """One file per program."""
        return self.directory / "logs"

    @property
    def mail(self) -> Path:
        """One file per message."""
        return self.directory / "mail"

    @property
    def broker(self) -> Path:
        """Configuration, cookie and data of RabbitMQ."""
        return self.directory / "broker"

    @property
    def database(self) -> Path:
        """Configuration, key and data of mongod."""
        return self.directory / "mongod"

    @property
    def credentials(self) -> Path:
        """The sign-in data of the first accounts."""
        return self.directory / "credentials.json"

    @property
    def sign_in(self) -> Path:
        """The coordinator's sign-in request, for `curl -d @file`."""
        return self.directory / "sign-in.json"

    @property
    def half_restored(self) -> Path:
        """A file that is there while the cell is being restored: half of a cell must not start."""
        return self.directory / "restoring"

    @property
    def socket(self) -> Path:
        """The supervisor's socket, elsewhere when the directory's path is too long for one."""
        path = self.directory / "supervisor.sock"
        if len(str(path)) <= LONGEST_SOCKET_PATH:
            return path
        base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
        return Path(base) / f"jejaring-{os.getuid()}" / f"{self.name}.sock"

    def prepare(self) -> None:
        """Make the folders, private to this user."""
        if set(str(self.directory)) & FORBIDDEN:
            raise CellError(
                f"RabbitMQ cannot live under a path like {str(self.directory)!r}: set CELL_DIR"
            )
        for folder in (self.directory, self.logs, self.mail, self.broker, self.database):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)

    def set_logs_aside(self) -> None:
        """Let each log begin with this start; the last one's are kept."""
        for log in self.logs.glob("*.log"):
            log.replace(log.with_suffix(".log.before"))

    def check_space(self) -> None:
        """Refuse to start on a disk where broker or database would stop soon."""
        free = shutil.disk_usage(self.directory).free // 2**20
        if free < LEAST_FREE_MEGABYTES:
            needed = f"a cell needs {LEAST_FREE_MEGABYTES} MB"
            raise CellError(f"the disk of {self.directory} has {free} MB left; {needed}")

    def fullness(self) -> str:
        """The line for a disk that has filled while the cell ran; empty while there is room."""
        free = shutil.disk_usage(self.directory).free // 2**20
        if free >= FULL_MEGABYTES:
            return ""
        return f"the disk of {self.directory} is full ({free} MB left): make room, then make up"

    def read_json(self, name: str) -> dict[str, Any]:
        """What an earlier start wrote under this name; empty when there is nothing."""
        path = self.directory / name
        try:
            found: dict[str, Any] = json.loads(path.read_text())
        except FileNotFoundError:
            return {}
        except ValueError:
            raise CellError(f"{path} is damaged; put a good copy in its place") from None
        return found

    def write_json(self, name: str, value: dict[str, Any]) -> None:
        """Keep a value for the next start."""
        write_private(self.directory / name, json.dumps(value, indent=2) + "\n")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One start or stop at a time; refuses while another one is at work."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                at_work = "another start or stop is at work"
                raise CellError(f"{at_work} in {self.directory}; wait for it") from None
            yield


def write_private(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file as a whole or not at all, readable by this user only."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    scratch.chmod(mode)
    scratch.replace(path)
