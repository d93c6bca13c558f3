"""One whole cell for the session, in a throw-away directory, and the people in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from cell.cell import Cell
from tests.e2e.gatherings import members
from tests.support import providers
from tests.support.client import KABUPATEN, KOTA, Community, Person
from tests.support.providers import Providers

HERE = Path(__file__).parent
CROWD = 8  # everybody hears of every event of the area: many more would be a burden on all tests
# One address plays everybody, a session outlives the usual token, and tests run at night too.
SETTINGS = {
    "RATE_LIMIT_PER_MINUTE": "1000000",
    "AUTH_LIMIT_PER_MINUTE": "1000000",
    "SIGN_UPS_PER_HOUR": "1000000",
    "ACCESS_TOKEN_SECONDS": "3600",
    "QUIET_HOURS": "off",
    "WHATSAPP_APP_SECRET": "of the app",
    "WHATSAPP_VERIFY_TOKEN": "of both sides",
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
def outside() -> Iterator[Providers]:
    """Stand-ins for Telegram, WhatsApp, push services and receivers of webhooks."""
    with providers.running() as those:
        yield those


@pytest.fixture(scope="package")
def cell(tmp_path_factory: pytest.TempPathFactory, outside: Providers) -> Iterator[Cell]:
    """A region for all journeys; each test leaves it healthy."""
    settings = {**outside.settings, **SETTINGS}
    with Cell(tmp_path_factory.mktemp("e2e"), settings=settings) as cell:
        yield cell


@pytest.fixture(scope="package")
def community(cell: Cell) -> Iterator[Community]:
    """The people of the region."""
    community = Community(cell)
    yield community
    community.close()


@pytest.fixture(scope="package")
def crowd(community: Community) -> list[Person]:
    """Members of Kota Kediri who register, come and are told; they join once for all tests."""
    return members(community, CROWD)


@pytest.fixture(scope="package")
def databases(cell: Cell) -> Iterator[dict[str, Any]]:
    """The services' own databases and the gateway's views, for looking behind the API."""
    names = {
        "members": "jejaring_members",
        "events": "jejaring_events",
        "notifications": "jejaring_notifications",
        "gateway": "jejaring_views",
    }
    clients = {who: MongoClient[Any](cell.plan.mongo_uri(who)) for who in names}
    yield {who: clients[who][name] for who, name in names.items()}
    for client in clients.values():
        client.close()


@pytest.fixture
def visitor(community: Community) -> Person:
    """Somebody who is not signed in."""
    return community.visitor()


@pytest.fixture
def coordinator(community: Community) -> Person:
    """The region's coordinator."""
    return community.officer("coordinator")


@pytest.fixture
def operator(community: Community) -> Person:
    """Who runs the cell."""
    return community.officer("operator")


@pytest.fixture
def kota(community: Community) -> Person:
    """The coordinator of Kota Kediri."""
    return community.officer(KOTA)


@pytest.fixture
def kabupaten(community: Community) -> Person:
    """The coordinator of Kabupaten Kediri."""
    return community.officer(KABUPATEN)
