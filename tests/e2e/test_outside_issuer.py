"""An outside OpenID Connect issuer: its tokens are ours, but only good ones."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import OctKey

from cell.cell import Cell
from tests.support.client import Community, Person, problem, told
from tests.support.infrastructure import PROJECT, free_port, until
from tests.support.issuer import Issuer

MAIL = "luar@uji.example"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """Somebody else who knows our member."""
    with Issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def gateway(
    cell: Cell, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Person]:
    """A second gateway of the cell, which trusts the issuer; it finds the keys by discovery."""
    port = free_port()
    environment = {
        **os.environ,
        **cell.plan.environment("gateway"),
        "HTTP_PORT": str(port),
        "OIDC_ISSUER": issuer.name,
        "OIDC_AUDIENCE": "jejaring-test",
    }
    server = ["-m", "gunicorn", "-c", "gateway/gunicorn.py", "gateway.app:from_environment()"]
    with (tmp_path_factory.mktemp("outside") / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *server], cwd=PROJECT, env=environment, stdout=log, stderr=log
        )
        person = Person(f"http://127.0.0.1:{port}", timeout=10.0)
        until(lambda: is_ready(person, process, Path(log.name)))
        yield person
        person.client.close()
        process.terminate()
        process.wait(10)


def is_ready(person: Person, process: "subprocess.Popen[bytes]", log: Path) -> bool:
    """Whether it serves; fails with its log when it ended."""
    if process.poll() is not None:
        pytest.fail(log.read_text()[-2000:])
    try:
        return person.get("/readyz").status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def member(community: Community) -> Person:
    """Somebody whose address is proven."""
    return community.member(email=MAIL)


def asked_with(gateway: Person, token: str) -> httpx.Response:
    """Who am I, says this token."""
    return gateway.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def test_a_member_signs_in_with_the_issuers_token(
    gateway: Person, issuer: Issuer, member: Person
) -> None:
    answer = until(lambda: found(asked_with(gateway, issuer.token(MAIL))))

    assert told(answer, 200)["id"] == member.id


def found(answer: httpx.Response) -> httpx.Response | None:
    """The answer, once the issuer's keys have been fetched."""
    return answer if answer.status_code == 200 else None


WRONG: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "somebody-else"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://jahat.example"},
    "expired": {"exp": 1_700_000_000},
    "not valid yet": {"nbf": 4_000_000_000},
    "an address that nobody proved": {"email_verified": False},
    "an address that nobody has": {"email": "tiada@uji.example"},
    "another algorithm": {"alg": "RS512"},
    "a shared secret": {"alg": "HS256", "key": OctKey.import_key("rahasia" * 8)},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_is_not_good_is_refused(
    gateway: Person, issuer: Issuer, member: Person, wrong: str
) -> None:
    token = issuer.token(**{"email": MAIL, **WRONG[wrong]})

    problem(asked_with(gateway, token), 401, "auth.invalid_token")


def test_a_rotated_key_is_picked_up_and_the_old_one_forgotten(
    gateway: Person, issuer: Issuer, member: Person
) -> None:
    old = issuer.token(MAIL, note="never seen before")
    issuer.rotate("second")

    until(lambda: found(asked_with(gateway, issuer.token(MAIL))), every=0.3)
    problem(asked_with(gateway, old), 401, "auth.invalid_token")


def test_the_cells_own_gateway_does_not_know_the_issuer(
    visitor: Person, issuer: Issuer, member: Person
) -> None:
    problem(asked_with(visitor, issuer.token(MAIL)), 401, "auth.invalid_token")
