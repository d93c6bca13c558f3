"""A split cell (members and projector in processes of their own) for the fault tests."""

import signal
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cell.cell import Cell
from cell.errors import CellError
from tests.faults.storm import Stores


@pytest.fixture(scope="session")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cell]:
    """One cell for all fault tests; each leaves it healed."""
    settings = {"RATE_LIMIT_PER_MINUTE": "1000000", "RETRY_LADDER_SECONDS": "0.2,0.5"}
    with Cell(tmp_path_factory.mktemp("faults"), split=True, settings=settings) as cell:
        yield cell


@pytest.fixture(scope="session")
def stores(cell: Cell) -> Iterator[Stores]:
    """The databases behind the cell."""
    stores = Stores.of(cell)
    yield stores
    stores.close()


@pytest.fixture
def token(cell: Cell) -> str:
    """The region coordinator's access token, once everything serves."""
    heal(cell, "mongod", "broker", "members", "projector", "gateway")
    return sign_in(cell, cell.credentials["coordinator"])


def heal(cell: Cell, *programs: str, seconds: float = 60) -> None:
    """Until the programs serve again; one that was killed often is given its time."""
    for program in programs:
        until = time.monotonic() + seconds
        while True:
            try:
                cell.wait_ready(program)
                break
            except CellError:
                assert time.monotonic() < until, f"{program} did not heal"
                time.sleep(0.5)


def strike(cell: Cell, program: str, number: int = signal.SIGKILL) -> None:
    """Send the signal to the program as soon as it runs."""
    until = time.monotonic() + 60
    while not cell.pid(program):
        assert time.monotonic() < until, f"{program} was not started again"
        time.sleep(0.05)
    cell.kill(program, number)


def sign_in(cell: Cell, account: dict[str, Any]) -> str:
    """A fresh access token."""
    body = {"grant_type": "password", **account}
    response = httpx.post(f"{cell.base_url}/v1/auth/token", json=body, timeout=15)
    assert response.status_code == 200, response.text
    return str(response.json()["access_token"])
