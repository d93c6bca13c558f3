"""Rows 20, 21 of the fault matrix: a handler that holds the CPU, and many that are slow."""

import time
from contextlib import closing

import pytest

from contracts.members.commands import CreateArea
from tests.support.asker import Asker
from tests.support.infrastructure import Stage, until

pytestmark = [pytest.mark.cell, pytest.mark.fault, pytest.mark.slow]

BURDENED = "tests.support.burdened"
SLOW_SECONDS = 20
WORKERS = 8


def area(name: str) -> CreateArea:
    """A command."""
    return CreateArea(id=name.replace(" ", "-"), name=name, codes=())


def begun(stage: Stage, name: str) -> int:
    """How often the slow work was begun."""
    return (stage.folder / "notes").read_text().count(f"begun {name}")


def effects(stage: Stage) -> list[str]:
    """What was noted, one entry per effect."""
    return [row["area"] for row in stage.ledger["effects"].find({})]


@pytest.fixture
def burdened(stage: Stage) -> Stage:
    """Its topology, before it speaks."""
    stage.declare(BURDENED)
    stage.hearers = ["members"]
    return stage


def test_a_handler_that_holds_the_cpu_for_20_seconds_runs_once(burdened: Stage) -> None:
    settings = {"SLOW_SECONDS": str(SLOW_SECONDS), "HEARTBEAT": "5"}
    service = burdened.serve(BURDENED, **settings)
    with closing(Asker(burdened)) as asker:
        asker.ask(area("putar 1"), key="k1")
        until(lambda: begun(burdened, "putar") == 1)
        assert service.get("/healthz")[0] == 200, "the hub does not turn"
        until(lambda: effects(burdened), SLOW_SECONDS * 2, every=0.2)
    until(lambda: burdened.depth(burdened.hear_queue("members")) == 0)
    time.sleep(SLOW_SECONDS / 2)  # as long as a closed connection would need to bring it back
    assert service.runs() and service.is_ready()
    assert begun(burdened, "putar") == 1
    assert effects(burdened) == ["putar-1"]
    assert "intake lost" not in service.log.read_text()


def test_forty_slow_facts_leave_commands_and_health_quick(burdened: Stage) -> None:
    service = burdened.serve(
        BURDENED, SLOW_SECONDS=str(SLOW_SECONDS), LISTENER_WORKERS=str(WORKERS)
    )
    with closing(Asker(burdened)) as asker:
        asker.ask_all({f"s{n}": area(f"tidur {n}") for n in range(40)})
        until(lambda: begun(burdened, "tidur") == WORKERS)
        took = sorted(asking(burdened, asker, n) for n in range(200))
        assert begun(burdened, "tidur") < 40, "it was over too soon to say anything"
        seconds = time.monotonic()
        assert service.get("/readyz")[0] == 200
        health = time.monotonic() - seconds
        print(f"commands p50 {took[100]:.3f} s, p99 {took[198]:.3f} s; health {health:.3f} s")
        assert took[198] <= 0.5
        assert health <= 0.5
        until(lambda: len(effects(burdened)) == 240, SLOW_SECONDS * 8, every=0.5)
    assert begun(burdened, "tidur") == 40
    assert len(set(effects(burdened))) == 240


def asking(stage: Stage, asker: Asker, number: int) -> float:
    """How long one quick command takes."""
    began = time.monotonic()
    assert "result" in asker.ask(area(f"cepat {number}"), key=f"q{number}")
    return time.monotonic() - began
