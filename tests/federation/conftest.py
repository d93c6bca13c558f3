"""Two paired cells for the session; each test leaves them healed and hearing each other."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cell.cell import Cell
from cell.clock import Clock
from cell.demo.cable import Cable
from cell.pair import pair
from tests.federation.regions import Pair, Region

HERE = Path(__file__).parent
SETTINGS = {
    "RATE_LIMIT_PER_MINUTE": "1000000",
    "AUTH_LIMIT_PER_MINUTE": "1000000",
    "SIGN_UPS_PER_HOUR": "1000000",
    "ACCESS_TOKEN_SECONDS": "604800",
    "QUIET_HOURS": "off",
    "RETRY_LADDER_SECONDS": "0.2,0.5",
}
# The cell's supervisor outlives the handle of the process that started it, on purpose.
OUTLIVING = "ignore:subprocess \\d+ is still running:ResourceWarning"


def pytest_configure(config: pytest.Config) -> None:
    """Let the supervisor outlive its handle."""
    config.addinivalue_line("filterwarnings", OUTLIVING)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts real processes."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.cell)


@pytest.fixture(scope="package")
def regions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Kediri Raya and Semarang, hearing each other."""
    with ExitStack() as stack:
        cells = []
        for name in ("kediri-raya", "semarang"):
            folder = tmp_path_factory.mktemp(name)
            clock = Clock(folder)
            settings = SETTINGS | clock.settings
            cells.append((stack.enter_context(Cell(folder, name, settings=settings)), clock))
        wires = [stack.enter_context(Cable(cell.plan.ports.amqp)) for cell, _ in cells]
        ports = {
            cell.plan.region.id: wire.port for (cell, _), wire in zip(cells, wires, strict=True)
        }
        pair(cells[0][0], cells[1][0], print, ports)
        ends = [Region(*cell, wire) for cell, wire in zip(cells, wires, strict=True)]
        yield Pair(*ends)
        for end in ends:
            end.close()


@pytest.fixture
def both(regions: Pair) -> Iterator[Pair]:
    """The two regions; whatever a test did to the wires is undone."""
    yield regions
    regions.heal()
