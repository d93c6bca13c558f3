"""Facts may come twice and in any order: one effect; what cannot be heard is parked."""

import random
import time
from collections import Counter

import pytest

from contracts.codec import encode
from contracts.envelope import seal
from contracts.members.facts import AreaChanged, AreaCreated
from contracts.members.states import Area
from tests.support.infrastructure import Stage, until

pytestmark = pytest.mark.cell

LISTENER, BATCHER = "tests.support.listener", "tests.support.batcher"
A_TIME = "2026-11-21T02:00:00.123Z"


@pytest.fixture(scope="module")
def workshop(ground, tmp_path_factory):
    """A hearer of batches serves the whole module."""
    with Stage(ground, tmp_path_factory.mktemp("workshop")) as stage:
        stage.hearers = ["batcher"]
        stage.declare(BATCHER)
        stage.serve(BATCHER)
        yield stage


@pytest.fixture
def stage(workshop):
    """The workshop, swept."""
    workshop.clear()
    return workshop


def said(number: int, name: str, version: int = 1) -> dict:
    """An envelope about area `number` under this name."""
    area = Area(
        id=f"a{number}",
        version=version,
        region="uji",
        created_at=A_TIME,
        updated_at=A_TIME,
        name=name,
        codes=(),
    )
    fact = AreaCreated(area=area) if version == 1 else AreaChanged(area=area)
    return encode(seal(fact, id=f"e{number}-{version}", region="uji", time=A_TIME))


def times_by_effect(stage: Stage) -> dict[tuple[str, int], int]:
    """How often each effect happened."""
    return dict(Counter(stage.effects()))


def settled(stage: Stage, effects: int) -> dict[tuple[str, int], int]:
    """The effects, once so many are there and nothing waits any more."""
    until(lambda: sum(times_by_effect(stage).values()) >= effects)
    until(lambda: all(stage.depth(queue) == 0 for queue in stage.purged))
    return times_by_effect(stage)


@pytest.fixture(scope="module")
def ears(ground, tmp_path_factory):
    """A hearer of single facts serves the whole module."""
    with Stage(ground, tmp_path_factory.mktemp("ears")) as stage:
        stage.hearers = ["listener"]
        stage.declare(LISTENER)
        stage.serve(LISTENER)
        yield stage


@pytest.fixture
def listening(ears):
    """The ears, swept."""
    ears.clear()
    return ears


@pytest.fixture
def lone(ground, tmp_path):
    """A stage whose only hearer is the listener, not started yet."""
    with Stage(ground, tmp_path) as stage:
        stage.hearers = ["listener"]
        yield stage


def test_duplicates_in_any_order_have_one_effect_and_the_newest_state_stands(listening):
    facts = [said(n, f"Wilayah {n} v{v}", v) for n in range(30) for v in (1, 2, 3)] * 3
    random.shuffle(facts)

    listening.say(facts)

    effects = settled(listening, 90)
    assert effects == {(f"a{n}", v): 1 for n in range(30) for v in (1, 2, 3)}
    names = {row["_id"]: row["name"] for row in listening.listener["areas"].find({})}
    assert names == {f"a{n}": f"Wilayah {n} v3" for n in range(30)}


def test_a_hearer_that_starts_late_misses_nothing(lone):
    lone.declare(LISTENER)

    lone.say([said(n, f"Wilayah {n}") for n in range(100)])
    lone.serve(LISTENER)

    assert settled(lone, 100) == {(f"a{n}", 1): 1 for n in range(100)}


def test_a_poison_fact_parks_without_blocking_others_and_replays_once_after_the_fix(listening):
    heard = outcomes(listening)
    listening.say([said(n, "racun" if n == 10 else f"Wilayah {n}") for n in range(100)])

    assert settled(listening, 99) == {(f"a{n}", 1): 1 for n in range(100) if n != 10}
    (row,) = until(listening.parked)
    told = row["parked"]
    assert (row["queue"], told["hearer"]) == (listening.hear_queue(), "listener")
    assert (told["fact"], told["subject"]) == ("jejaring.members.area_created.v1", "area/a10")
    assert told["attempts"] == 3
    assert "this cannot be heard" in told["reason"]
    assert outcomes(listening) - heard == Counter(done=99, retried=2, parked=1)

    replay(listening, row)
    (again,) = until(listening.parked)
    assert again["_id"] != row["_id"], "not fixed yet: parked again"

    listening.listener["flags"].insert_one({"_id": "fixed"})
    replay(listening, again)
    assert settled(listening, 100) == {(f"a{n}", 1): 1 for n in range(100)}
    assert listening.parked() == []


def outcomes(stage: Stage) -> Counter[str]:
    """What the hearer has counted so far."""
    start = f'jejaring_facts_heard_total{{hearer="{stage.hear_queue()}",outcome='
    words = ("done", "retried", "parked", "outage")
    metric = stage.services[0].metric
    return Counter({word: int(metric(f'{start}"{word}"')) for word in words})


def replay(stage: Stage, row: dict) -> None:
    """What unparking does, without green threads."""
    stage.publish(row["queue"], row["body"])
    stage.listener["parked"].delete_one({"_id": row["_id"]})


def test_a_batch_with_a_poison_fact_hears_all_the_others(stage):
    stage.say([said(n, "racun" if n in (7, 70) else f"Wilayah {n}") for n in range(100)])

    assert settled(stage, 98) == {(f"a{n}", 1): 1 for n in range(100) if n not in (7, 70)}
    until(lambda: len(stage.parked()) == 2)
    assert {row["parked"]["subject"] for row in stage.parked()} == {"area/a7", "area/a70"}


def test_a_batch_hears_pulses_among_the_facts(stage):
    pulse = b'{"speaker": "members", "upto": "2026-11-21T02:00:00.123Z"}'
    queue = stage.hear_queue("batcher")
    stage.publish(queue, pulse, application_headers={"kind": "pulse"})

    row = until(lambda: stage.listener["pulses"].find_one({}))
    assert (row["speaker"], row["upto"]) == ("members", A_TIME)


def test_a_single_active_consumer_hands_over_when_it_dies(ground, tmp_path):
    with Stage(ground, tmp_path) as stage:
        stage.hearers = ["batcher"]
        stage.declare(LISTENER, BATCHER)
        first = stage.serve(BATCHER)
        second = stage.serve(BATCHER)
        stage.say([said(n, f"Wilayah {n}") for n in range(50)])
        until(lambda: len(stage.effects()) == 50)
        assert {row["pid"] for row in stage.listener["effects"].find({})} == {first.process.pid}

        first.kill()
        stage.say([said(n, f"Wilayah {n}") for n in range(50, 100)])
        until(lambda: len(stage.effects()) == 100)
        assert stage.listener["effects"].count_documents({"pid": second.process.pid}) == 50


def test_a_retry_that_finds_no_queue_to_wait_in_is_kept(lone):
    lone.declare(LISTENER)
    lone.serve(LISTENER)
    for seconds in (0.1, 0.2):
        lone.channel.queue_delete(f"retry.{int(seconds * 1000)}ms.{lone.hear_queue()}")

    lone.say([said(1, "racun")])
    lone.listener["flags"].insert_one({"_id": "fixed"})

    assert settled(lone, 1) == {("a1", 1): 1}


def test_a_fact_that_repeats_another_states_version_is_still_a_new_fact(listening):
    """The inbox knows facts by id: restated and original of one version are two facts."""
    first = said(1, "Wilayah")

    listening.say([first, {**first, "id": "another"}])

    assert settled(listening, 2) == {("a1", 1): 2}


def test_sigterm_gives_back_the_facts_that_were_not_begun(lone):
    lone.declare(LISTENER)
    listener = lone.serve(LISTENER, ready=False, HEALTH_PORT="0", SLOW_SECONDS="1")
    queue = lone.hear_queue()
    until(lambda: lone.consumers(queue) == 1)
    lone.say([said(n, f"lambat {n}") for n in range(3)])
    until(lambda: lone.depth(queue) == 1)

    started = time.monotonic()
    assert listener.terminate() == 0

    assert time.monotonic() - started < 8, "the longest handler, one second, and the end"
    assert (lone.effects(), lone.depth(queue)) == ([("a0", 1)], 2)
    lone.serve(LISTENER, SLOW_SECONDS="0")
    assert settled(lone, 3) == {(f"a{n}", 1): 1 for n in range(3)}
