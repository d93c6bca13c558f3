"""A split cell (members and projector in processes of their own) for the fault tests."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cell.cell import Cell
from tests.faults.storm import Stores


@pytest.fixture(scope="session")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cell]:
    """One cell for all fault tests; each leaves it healed."""
    settings = {"RATE_LIMIT_PER_MINUTE": "1000000", "RETRY_LADDER_SECONDS": "0.2,0.5"}
    with Cell(tmp_path_factory.mktemp("faults"), split=True, settings=settings) as cell:
        yield cell


@pytest.fixture(scope="session")
def stores(cell: Cell) -> Stores:
    """The databases behind the cell."""
    return Stores.of(cell)


@pytest.fixture
def token(cell: Cell) -> str:
    """The region coordinator's access token."""
    return sign_in(cell, cell.credentials["coordinator"])


def sign_in(cell: Cell, account: dict[str, Any]) -> str:
    """A fresh access token."""
    body = {"grant_type": "password", **account}
    response = httpx.post(f"{cell.base_url}/v1/auth/token", json=body, timeout=15)
    assert response.status_code == 200, response.text
    return str(response.json()["access_token"])
