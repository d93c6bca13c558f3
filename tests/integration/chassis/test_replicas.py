"""Replicas are noted in batches: late ones and duplicates change nothing, poison is alone."""

import random
import time
from dataclasses import replace

import pytest
from pymongo import MongoClient
from pymongo.monitoring import CommandListener

from chassis.replicas import note_all
from contracts.codec import encode
from contracts.envelope import seal
from contracts.members.facts import AreaChanged, AreaRestated, InstitutionRegistered
from contracts.members.states import Area, Institution
from tests.support.infrastructure import Stage, until
from tests.support.keeper import KeptArea

pytestmark = pytest.mark.cell

KEEPER = "tests.support.keeper"
A_TIME = "2026-11-21T02:00:00.123Z"
BEGUN = {"version": 1, "region": "uji", "created_at": A_TIME, "updated_at": A_TIME}
HOUSE = Institution(**BEGUN, id="i1", name="SDN 1", kind="school", area="a1")
KEPT = {"area": KeptArea}


def area(number: int, version: int = 1, name: str | None = None) -> Area:
    """Area `number`, called by its version."""
    called = name or f"Wilayah {number} v{version}"
    return Area(**{**BEGUN, "version": version}, id=f"a{number}", name=called, codes=())


def said(state: Area, fact: type = AreaChanged, again: int = 0) -> dict:
    """An envelope about the area."""
    id = f"e{state.id}-{state.version}-{again}"
    return encode(seal(fact(area=state), id=id, region="uji", time=A_TIME))


@pytest.fixture(scope="module")
def workshop(ground, tmp_path_factory):
    """Two replicas that share the queue, for the whole module."""
    with Stage(ground, tmp_path_factory.mktemp("keeper")) as stage:
        stage.hearers = ["keeper"]
        stage.declare(KEEPER)
        stage.serve(KEEPER)
        stage.serve(KEEPER)
        yield stage


@pytest.fixture
def stage(workshop):
    """The workshop, swept."""
    workshop.clear()
    return workshop


def names(stage: Stage) -> dict[str, str]:
    """What is remembered."""
    return {row["_id"]: row["name"] for row in stage.listener["known_area"].find({})}


def settle(stage: Stage) -> None:
    """Until nothing waits any more."""
    until(lambda: all(stage.depth(queue) == 0 for queue in stage.purged))
    time.sleep(0.3)


def test_duplicates_in_any_order_leave_the_newest_and_no_inbox(stage):
    facts = [said(area(n, v)) for n in range(40) for v in (1, 2, 3)] * 3
    random.shuffle(facts)

    stage.say(facts)

    newest = {f"a{n}": f"Wilayah {n} v3" for n in range(40)}
    until(lambda: names(stage) == newest)
    settle(stage)
    assert names(stage) == newest
    assert stage.listener["inbox"].count_documents({}) == 0
    assert stage.parked() == []


def test_a_poison_fact_parks_alone(stage):
    stage.say([said(area(n, name="racun" if n in (7, 70) else None)) for n in range(100)])

    parked = until(lambda: len(found := stage.parked()) == 2 and found)

    assert names(stage) == {f"a{n}": f"Wilayah {n} v1" for n in range(100) if n not in (7, 70)}
    assert {row["parked"]["subject"] for row in parked} == {"area/a7", "area/a70"}


def test_a_lost_replica_is_filled_by_restating(stage):
    stage.say([said(area(n, 4)) for n in range(20)])
    until(lambda: len(names(stage)) == 20)
    before = names(stage)
    stage.listener["known_area"].delete_many({"_id": {"$in": ["a3", "a4"]}})

    stage.say([said(area(n, 4, name="said again"), AreaRestated) for n in range(20)])

    lost = dict.fromkeys(("a3", "a4"), "said again")
    until(lambda: names(stage) == before | lost)


class Writes(CommandListener):
    """The writes that left, with their concern."""

    def __init__(self):
        self.sent = []

    def started(self, event):
        self.sent.append((event.command_name, event.command["writeConcern"]))

    def succeeded(self, event):
        pass

    def failed(self, event):
        pass


def test_a_batch_is_one_write_of_the_newest_that_a_majority_has(ground):
    writes = Writes()
    with (
        MongoClient(ground.mongo_uri) as plain,
        MongoClient(ground.mongo_uri, event_listeners=[writes]) as client,
    ):
        facts = [AreaChanged(area=area(n, v)) for n in range(30) for v in (2, 1)]

        note_all(client["uji_replicas"], KEPT, [*facts, InstitutionRegistered(institution=HOUSE)])
        note_all(client["uji_replicas"], KEPT, [])
        late = replace(area(3), name="late")
        note_all(client["uji_replicas"], KEPT, [AreaChanged(area=late)])

        assert writes.sent == [("update", {"w": "majority"})] * 2
        rows = list(plain["uji_replicas"]["known_area"].find({}))
        assert plain["uji_replicas"].list_collection_names() == ["known_area"]
        plain.drop_database("uji_replicas")
    assert {row["name"] for row in rows} == {f"Wilayah {n} v2" for n in range(30)}
    assert all(row.keys() == {"_id", "id", "version", "name"} for row in rows)
