"""Services and broker are away: reading goes on and says how old it is; commands wait."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from cell.cell import Cell
from tests.support.client import KOTA, Body, Community, Person, problem, told

DEADLINE_SECONDS = 6.0


def lag(person: Person, path: str = "/v1/institutions") -> float:
    """How old a read says it is."""
    answer = person.get(path)
    assert answer.status_code == 200, answer.text
    return float(answer.headers["X-View-Lag-Seconds"])


@pytest.fixture(scope="module")
def reader(community: Community) -> Person:
    """A listed member, known before the outage."""
    return community.listed(KOTA, name="Gita Pembaca")


@pytest.fixture(scope="module")
def school(community: Community) -> Body:
    """An institution, known before the outage."""
    return community.institution(KOTA)


@pytest.fixture(scope="module")
def command() -> Body:
    """What is asked for in vain, and again when everything is back."""
    body = {"name": "Sabar menunggu", "kind": "reading_garden", "area": KOTA}
    return {"method": "POST", "path": "/v1/institutions", "body": body, "key": uuid4().hex}


@pytest.fixture(scope="module")
def outage(cell: Cell, community: Community, reader: Person, school: Body) -> Iterator[Body]:
    """Services and broker stopped; gives from when to when they did."""
    told(community.officer(KOTA).get("/v1/me"), 200)
    began = time.monotonic()
    cell.stop_program("services")
    cell.stop_program("broker")
    try:
        yield {"began": began, "complete": time.monotonic()}
    finally:
        heal(cell)


def heal(cell: Cell) -> None:
    """Everything back, and the gateway ready."""
    cell.start_program("broker")
    cell.start_program("services")
    cell.wait_ready("gateway")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/region",
        "/v1/areas",
        "/v1/areas/35.71",
        "/v1/areas/resolve?code=35.71.01",
        "/v1/institutions",
        "/v1/institutions?q=sd&area=35.71",
        "/v1/members",
        "/v1/members?listed=true",
        "/v1/me",
        "/v1/me/consents",
        "/v1/me/export",
        "/v1/appointments",
        "/v1/competency-frameworks",
        "/v1/sync",
        "/.well-known/jwks.json",
        "/openapi.json",
        "/healthz",
        "/metrics",
    ],
)
def test_reading_goes_on(outage: Body, reader: Person, path: str) -> None:
    began = time.monotonic()
    assert reader.get(path).status_code == 200
    assert time.monotonic() - began < 3.0


def test_reads_say_how_old_they_are(outage: Body, reader: Person, school: Body) -> None:
    time.sleep(max(0.0, 4.0 - (time.monotonic() - outage["complete"])))
    path = f"/v1/institutions/{school['id']}"
    first = lag(reader, path)
    now = time.monotonic()
    assert now - outage["complete"] - 3 < first < now - outage["began"] + 15
    time.sleep(1.5)
    assert lag(reader, path) >= first + 1


def test_a_conditional_read_still_answers_304(outage: Body, reader: Person, school: Body) -> None:
    path = f"/v1/institutions/{school['id']}"
    answer = reader.get(path, headers={"If-None-Match": '"1"'})
    assert answer.status_code == 304


def test_a_command_is_told_in_time_to_come_back(
    outage: Body, community: Community, command: Body
) -> None:
    kota = community.officer(KOTA)
    for _ in range(3):
        began = time.monotonic()
        answer = kota.command(
            command["method"], command["path"], command["body"], key=command["key"]
        )
        problem(answer, 503, "service.unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
        assert time.monotonic() - began < DEADLINE_SECONDS


def test_signing_in_is_told_in_time_to_come_back(outage: Body, visitor: Person) -> None:
    grant = {"grant_type": "password", "username": "x@uji.example", "password": "x"}
    problem(visitor.post("/v1/auth/token", grant), 503)


def test_an_outbox_answers_each_command(outage: Body, community: Community, command: Body) -> None:
    kota = community.officer(KOTA)
    began = time.monotonic()
    answer = told(kota.post("/v1/sync/commands", {"commands": [command] * 3}), 200)
    assert [result["status"] for result in answer["results"]] == [503] * 3
    assert time.monotonic() - began < 3 * DEADLINE_SECONDS


def test_the_gateway_says_that_it_is_not_ready_and_lives(outage: Body, visitor: Person) -> None:
    ready = visitor.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["broker"] is False
    assert ready.json()["database"] is True
    assert visitor.get("/healthz").status_code == 200


def test_the_same_key_succeeds_once_everything_is_back(
    cell: Cell, outage: Body, community: Community, command: Body
) -> None:
    heal(cell)
    kota = community.officer(KOTA)
    asked = (command["method"], command["path"], command["body"], command["key"])
    first, again = kota.insist(*asked), kota.insist(*asked)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert len(kota.all("/v1/institutions", q="sabar menunggu")) == 1


def test_reads_are_fresh_again_soon(cell: Cell, outage: Body, reader: Person) -> None:
    heal(cell)
    until = time.monotonic() + 15
    while lag(reader) > 0 and time.monotonic() < until:
        time.sleep(0.2)
    assert lag(reader) < 3


def test_with_only_the_services_away_nobody_waits_past_the_deadline_and_nothing_happens_twice(
    cell: Cell, community: Community
) -> None:
    kota, run = community.officer(KOTA), uuid4().hex[:8]

    def ask(number: int) -> tuple[int, float]:
        began = time.monotonic()
        body = {"name": f"Antre {run} {number}", "kind": "other", "area": KOTA}
        answer = kota.command("POST", "/v1/institutions", body, key=f"{run}-{number}")
        if answer.status_code != 503:
            raise AssertionError(answer.text)
        assert int(answer.headers["Retry-After"]) >= 1
        return number, time.monotonic() - began

    cell.stop_program("services")
    try:
        with ThreadPoolExecutor(20) as threads:
            waits = dict(threads.map(ask, range(20)))
        assert max(waits.values()) < DEADLINE_SECONDS
        assert ask(0)[1] < 1.0, "the circuit is not open"
    finally:
        cell.start_program("services")
    for number in waits:
        body = {"name": f"Antre {run} {number}", "kind": "other", "area": KOTA}
        assert kota.insist("POST", "/v1/institutions", body, f"{run}-{number}").status_code == 201
    assert len(kota.all("/v1/institutions", q=f"antre {run}")) == 20
