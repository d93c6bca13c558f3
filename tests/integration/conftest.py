"""A real broker and a real database for the session, and a stage of its own for every test."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cell.cell import Cell
from tests.support.infrastructure import Ground, Stage

# The cell's supervisor outlives the handle of the process that started it, on purpose.
OUTLIVING = "ignore:subprocess \\d+ is still running:ResourceWarning"


def pytest_configure(config: pytest.Config) -> None:
    """Let the supervisor outlive its handle."""
    config.addinivalue_line("filterwarnings", OUTLIVING)


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """RabbitMQ and mongod of a throw-away cell."""
    with tempfile.TemporaryDirectory(prefix="jejaring-ground-") as directory:
        cell = Cell(directory)
        with cell.started(only=("mongod", "broker")):
            ground = Ground(cell)
            yield ground
            ground.mongo.close()


@pytest.fixture
def stage(ground: Ground, tmp_path: Path) -> Iterator[Stage]:
    """A region, databases and processes that nobody else uses."""
    with Stage(ground, tmp_path) as stage:
        yield stage
