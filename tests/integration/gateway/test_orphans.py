"""A worker of the gateway whose master was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.infrastructure import PROJECT, free_port, until

NOWHERE = {
    "REGION": "kediri-raya",
    "AMQP_URI": "amqp://127.0.0.1:1/",
    "MONGO_URI": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50",
}


@pytest.fixture
def master(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """gunicorn with the gateway in it, without anything around; and where it listens."""
    port = free_port()
    server = ["-m", "gunicorn", "-c", "gateway/gunicorn.py", "gateway.app:from_environment()"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *server],
            cwd=PROJECT,
            env={**os.environ, **NOWHERE, "HTTP_PORT": str(port)},
            stdout=log,
            stderr=log,
        )
        yield process, f"http://127.0.0.1:{port}"
        process.kill()
        process.wait()


def worker_of(master: "subprocess.Popen[bytes]") -> int:
    """The one process that it forked."""
    (child,) = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split()
    return int(child)


def serves(worker: int) -> bool:
    """Whether the process is there, and more than an entry in a table."""
    try:
        return Path(f"/proc/{worker}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def answers(client: httpx.Client, base: str) -> bool:
    try:
        return client.get(f"{base}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def test_an_orphan_ends_though_its_clients_go_on_asking(
    master: tuple["subprocess.Popen[bytes]", str],
) -> None:
    process, base = master
    with httpx.Client() as client:
        until(lambda: answers(client, base))
        worker = worker_of(process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed = time.monotonic()
        while serves(worker) and time.monotonic() - killed < 15:
            answers(client, base)
            time.sleep(0.1)

    assert time.monotonic() - killed < 5
