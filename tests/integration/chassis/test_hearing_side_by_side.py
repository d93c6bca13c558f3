"""Several hearing methods in one service: one queue, and none is in another's way."""

import time
from collections import Counter
from typing import Any

import pytest

from contracts.codec import encode
from contracts.envelope import CONTENT_TYPE, seal
from contracts.members.facts import AreaChanged, AreaCreated, AreaRestated, InstitutionRegistered
from contracts.members.states import Area, Institution
from contracts.operations import DropParked, ReplayParked
from tests.support.asker import Asker
from tests.support.infrastructure import Stage, until

pytestmark = pytest.mark.cell

TRIO = "tests.support.trio"
A_TIME = "2026-11-21T02:00:00.123Z"
BASE: dict[str, Any] = {"region": "uji", "created_at": A_TIME, "updated_at": A_TIME}


@pytest.fixture
def stage(ground, tmp_path):
    """A region whose hearer is the trio, declared and not started."""
    with Stage(ground, tmp_path) as stage:
        stage.hearers = ["trio"]
        stage.declare(TRIO)
        yield stage


def area(cls: type, number: int, name: str = "Wilayah", version: int = 1) -> dict:
    """A sealed fact about area `number`."""
    state = Area(id=f"a{number}", version=version, name=name, codes=(), **BASE)
    said = cls(area=state)
    return encode(seal(said, id=f"{cls.name}-{number}-{version}", region="uji", time=A_TIME))


def school(number: int, name: str = "SD") -> dict:
    """A sealed fact about institution `number`."""
    state = Institution(id=f"i{number}", version=1, name=name, kind="school", area="35.71", **BASE)
    said = InstitutionRegistered(institution=state)
    return encode(seal(said, id=f"school-{number}", region="uji", time=A_TIME))


def effects(stage: Stage) -> Counter[tuple[str, str, int]]:
    """How often which method heard which version of what."""
    rows = stage.listener["effects"].find({})
    return Counter((row["method"], row["area"], row["version"]) for row in rows)


def test_each_method_hears_its_own_facts_once(stage):
    stage.serve(TRIO)
    stage.serve(TRIO)

    stage.say([area(AreaCreated, n) for n in range(40)])
    stage.say([area(AreaChanged, n, version=2) for n in range(40)])
    stage.say([area(AreaRestated, n, version=2) for n in range(40)])
    stage.say([school(n) for n in range(40)])

    wanted = Counter(
        [("begin", f"a{n}", 1) for n in range(40)]
        + [("follow", f"a{n}", 2) for n in range(40)] * 2
        + [("gather", f"i{n}", 1) for n in range(40)]
    )
    until(lambda: effects(stage).total() >= wanted.total())
    assert effects(stage) == wanted
    assert until(lambda: stage.depth(stage.hear_queue("trio")) == 0)
    assert stage.parked() == []
    assert len(stage.listener["effects"].distinct("pid")) == 2, "replicas share the queue"
    assert stage.consumers(stage.hear_queue("trio")) == 2, "one consumer for each replica"


def test_one_poison_fact_of_each_method_stops_nothing(stage):
    stage.serve(TRIO)

    stage.say([area(AreaCreated, n, "racun" if n == 3 else "Wilayah") for n in range(20)])
    stage.say([area(AreaChanged, n, "racun" if n == 4 else "Wilayah", 2) for n in range(20)])
    stage.say([school(n, "racun" if n == 5 else "SD") for n in range(20)])

    until(lambda: len(stage.parked()) == 3)
    assert effects(stage).total() == 57
    assert {row["parked"]["subject"] for row in stage.parked()} == {
        "area/a3",
        "area/a4",
        "institution/i5",
    }


def test_a_fact_says_on_the_wire_what_the_contract_says(stage):
    """The retried one was published by the ladder, the parking by the relay."""
    tap = stage.tap()
    stage.serve(TRIO)
    stage.say([area(AreaCreated, 1, "racun")])
    until(stage.parked)
    until(tap.drain)

    assert set(tap.content_types) >= {CONTENT_TYPE}


def test_a_slow_method_lets_the_others_hear(stage):
    stage.serve(TRIO)

    stage.say([area(AreaCreated, n, "lambat") for n in range(2)])
    stage.say([school(n) for n in range(10)])

    until(lambda: effects(stage).total() == 10)
    assert {method for method, _, _ in effects(stage)} == {"gather"}
    until(lambda: effects(stage).total() == 12)


def test_what_was_said_before_the_first_start_is_heard(stage):
    stage.say([area(AreaCreated, 1), area(AreaRestated, 1, version=2), school(1)])
    stage.serve(TRIO)

    until(lambda: effects(stage).total() == 3)
    assert {method for method, _, _ in effects(stage)} == {"begin", "follow", "gather"}


def test_a_parked_fact_is_spoken_of_and_its_keeper_replays_or_drops_it(stage):
    tap = stage.tap()
    stage.serve(TRIO)
    stage.say([area(AreaCreated, 1, "racun"), area(AreaCreated, 2, "racun")])
    until(lambda: len(stage.parked()) == 2)
    first, second = (row["_id"] for row in stage.parked())
    stage.listener["flags"].insert_one({"_id": "fixed"})
    asker = Asker(stage)

    answer = asker.ask(ReplayParked(id=first), queue=f"ask.{stage.name}.trio")
    assert answer["result"] == {"accepted": True}
    assert answer["facts"][0]["data"]["parked"]["state"] == "replayed"
    assert asker.ask(DropParked(id=second), queue=f"ask.{stage.name}.trio")["result"]
    until(lambda: effects(stage).total() == 1)
    refused = asker.ask(DropParked(id=second), queue=f"ask.{stage.name}.trio")
    asker.close()

    assert refused["refusal"]["code"] == "operations.parked_unknown"
    assert stage.parked() == []
    wanted = {(one, version) for one in (first, second) for version in (1, 2)}
    until(lambda: wanted <= tap.versions())


def test_an_idle_service_costs_next_to_nothing(stage):
    trio = stage.serve(TRIO)
    assert "eprecat" not in trio.log.read_text(), "eventlet's warning is kept out of the log"
    to_start = trio.metric("process_cpu_seconds_total")
    time.sleep(3)

    idle = trio.metric("process_cpu_seconds_total") - to_start
    assert idle < 0.75, "a hub that spins uses three seconds, or what other processes leave it"
