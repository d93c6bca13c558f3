"""A split cell (members and projector in processes of their own) for the fault tests."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from cell import ready
from cell.cell import Cell
from cell.errors import CellError
from chassis.topology import hear_queue
from tests.faults.storm import Stores
from tests.support.infrastructure import Ground, Stage, until

OURS = ("members", "events", "mentoring", "notifications", "projector", "gateway")
SETTINGS = {
    "RATE_LIMIT_PER_MINUTE": "1000000",
    "AUTH_LIMIT_PER_MINUTE": "1000000",
    "SIGN_UPS_PER_HOUR": "1000000",
    "RETRY_LADDER_SECONDS": "0.2,0.5",
    "ACCESS_TOKEN_SECONDS": "7200",  # a storm may last as long as FAULT_MINUTES
    "QUIET_HOURS": "off",
}


@pytest.fixture(scope="package")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cell]:
    """One cell for all fault tests; each leaves it healed."""
    with Cell(tmp_path_factory.mktemp("faults"), split=True, settings=SETTINGS) as cell:
        yield cell


@pytest.fixture(scope="package")
def stores(cell: Cell) -> Iterator[Stores]:
    """The databases behind the cell."""
    stores = Stores.of(cell)
    yield stores
    stores.close()


@pytest.fixture(scope="package")
def ground(cell: Cell) -> Iterator[Ground]:
    """The same broker and database, for services of the tests' own."""
    ground = Ground(cell)
    yield ground
    ground.mongo.close()


@pytest.fixture
def stage(ground: Ground, tmp_path: Path) -> Iterator[Stage]:
    """A region, databases and processes that nobody else uses."""
    heal(ground.cell, "mongod", "broker")
    with Stage(ground, tmp_path) as stage:
        yield stage
        forget_strangers(stage)


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """What chance begins with: `FAULT_SEED`, or any number; printed."""
    seed = int(os.environ.get("FAULT_SEED") or random.randrange(10**6))
    request.node.user_properties.append(("seed", seed))
    print(f"FAULT_SEED={seed}")
    return seed


@pytest.fixture
def token(cell: Cell) -> str:
    """The region coordinator's access token, once everything serves."""
    heal(cell, "mongod", "broker", *OURS)
    return sign_in(cell, cell.credentials["coordinator"])


def forget_strangers(stage: Stage) -> None:
    """What another region says on its broker the cell parks, as it should; that was this test."""
    queues = [hear_queue(stage.ground.cell.plan.region.id, hearer) for hearer in OURS[:-1]]
    until(lambda: not any(stage.depth(queue) for queue in queues))
    time.sleep(1)  # what was taken from the queues last
    for service in (*OURS[:-2], "views"):
        parked = stage.ground.mongo[f"jejaring_{service}"]["parked"]
        parked.delete_many({"parked.reason": {"$regex": stage.name}})


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
    """Send the signal to the program as soon as it runs; it may be ending of itself."""
    until = time.monotonic() + 60
    while True:
        with suppress(CellError, ProcessLookupError):
            cell.kill(program, number)
            return
        assert time.monotonic() < until, f"{program} was not started again"
        time.sleep(0.05)


@contextmanager
def frozen(cell: Cell, *programs: str) -> Iterator[None]:
    """Processes that do not run and do not end, for the length of a block."""
    groups = [os.getpgid(cell.pid(program)) for program in programs]
    try:
        for group in groups:
            os.killpg(group, signal.SIGSTOP)
        yield
    finally:
        for group in groups:
            os.killpg(group, signal.SIGCONT)


@contextmanager
def no_exits(cell: Cell) -> Iterator[None]:
    """None of our processes may end within the block."""
    before = [cell.pid(name) for name in OURS]
    yield
    assert [cell.pid(name) for name in OURS] == before


def is_ready(cell: Cell, program: str) -> bool:
    """What the program itself says."""
    return ready.over_http(cell.plan.health_port(program))


def seconds_until(question: Callable[[], bool], most: float = 60.0) -> float:
    """How long it takes until the answer is yes."""
    began = time.monotonic()
    while not question():
        assert time.monotonic() - began < most, f"still no after {most:g} s"
        time.sleep(0.05)
    return time.monotonic() - began


def sign_in(cell: Cell, account: dict[str, Any]) -> str:
    """A fresh access token."""
    body = {"grant_type": "password", **account}
    response = httpx.post(f"{cell.base_url}/v1/auth/token", json=body, timeout=15)
    assert response.status_code == 200, response.text
    return str(response.json()["access_token"])
