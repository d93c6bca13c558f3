"""Thousands of requests made from the served OpenAPI document: nothing breaks the contract.

It plays havoc with whatever it may touch, so it has a cell of its own. Not checked: that every
request which fits the schema is accepted, for rules of the business refuse many that do.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from cell.cell import Cell
from tests.e2e.conftest import SETTINGS
from tests.support.client import Person

SEED = 20261121
EXAMPLES = 20
SECONDS = 900
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cell]:
    """A cell that nobody else needs."""
    with Cell(tmp_path_factory.mktemp("arena"), settings=SETTINGS) as cell:
        yield cell


def run(cell: Cell, folder: Path, *headers: str) -> "subprocess.CompletedProcess[str]":
    """All operations but the endless stream, seeded."""
    command = [Path(sys.executable).with_name("schemathesis"), "run"]
    options = [
        f"{cell.base_url}/openapi.json",
        "--exclude-path=/v1/stream",
        "--phases=examples,coverage,fuzzing",
        f"--checks={','.join(CHECKS)}",
        f"--max-examples={EXAMPLES}",
        f"--seed={SEED}",
        "--generation-database=none",
        "--request-timeout=20",
        "--warnings=off",
        "--no-color",
        "--continue-on-failure",
        *[f"--header={header}" for header in headers],
    ]
    return subprocess.run(
        [*command, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("who", ["nobody", "coordinator"])
def test_no_request_breaks_the_contract(arena: Cell, tmp_path: Path, who: str) -> None:
    headers = []
    if who != "nobody":
        with Person(arena.base_url) as person:
            person.sign_in(**arena.credentials[who])
            headers = [f"Authorization: {person.client.headers['Authorization']}"]
    ended = run(arena, tmp_path, *headers)
    print(ended.stdout[-400:])
    assert ended.returncode == 0, ended.stdout[-20_000:] + ended.stderr[-2000:]
    assert "generated" in ended.stdout


def test_the_cell_is_well_afterwards(arena: Cell, visitor_of: Person) -> None:
    assert visitor_of.get("/readyz").status_code == 200
    assert visitor_of.get("/v1/institutions").status_code == 200
    with MongoClient[Any](arena.plan.mongo_uri("gateway")) as client:
        assert client["jejaring_views"]["parked"].count_documents({}) == 0
    logs = [arena.home.logs / f"{program}.log" for program in ("gateway", "services")]
    assert not any("Traceback" in log.read_text(errors="replace") for log in logs)


@pytest.fixture
def visitor_of(arena: Cell) -> Iterator[Person]:
    """Somebody who is not signed in there."""
    with Person(arena.base_url) as person:
        yield person
