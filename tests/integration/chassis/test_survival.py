"""Whatever dies or hangs up: every committed version is said, every fact has one effect."""

import random
import signal
import time
from collections import Counter
from contextlib import closing

import pytest

from contracts.members.commands import ChangeArea, CreateArea
from tests.support.asker import Asker
from tests.support.infrastructure import Stage, until

pytestmark = [pytest.mark.cell, pytest.mark.fault]

LEDGER, LISTENER = "tests.support.ledger", "tests.support.listener"


def some_areas(start: int, count: int) -> dict[str, CreateArea]:
    """Commands by key."""
    numbers = range(start, start + count)
    return {f"k{n}": CreateArea(id=f"a{n}", name=f"Wilayah {n}", codes=()) for n in numbers}


def assert_nothing_lost_or_doubled(stage: Stage, tap=None) -> None:
    """Committed, said and done are the same, once the outbox is empty."""
    until(lambda: stage.outbox() == 0)
    if tap:
        assert tap.versions() == stage.committed()
    if "listener" in stage.hearers:
        until(lambda: len(stage.effects()) >= len(stage.committed()))
        until(lambda: stage.depth(stage.hear_queue()) == 0)
        doubled = [what for what, times in Counter(stage.effects()).items() if times > 1]
        assert doubled == []
        assert set(stage.effects()) == stage.committed()


@pytest.fixture
def both(stage):
    """Topology of speaker and hearer first, as in life."""
    stage.declare(LEDGER, LISTENER)
    stage.hearers = ["listener"]
    return stage


@pytest.fixture
def quick_reaper(ground):
    """Orphaned transactions end after 1 s instead of the cell's 5, to save time."""
    name = "transactionLifetimeLimitSeconds"
    before = ground.mongo.admin.command("setParameter", 1, **{name: 1})["was"]
    yield
    ground.mongo.admin.command("setParameter", 1, **{name: before})


@pytest.mark.usefixtures("quick_reaper")
@pytest.mark.slow
def test_kill_9_of_speaker_and_hearer_under_load_loses_and_doubles_nothing(both, request):
    seed = random.randrange(10**6)
    request.node.user_properties.append(("seed", seed))
    print(f"seed {seed}")
    chance = random.Random(seed)
    tap = both.tap()
    speaker, hearer = both.serve(LEDGER, ready=False), both.serve(LISTENER)
    speaker.wait_ready()

    with closing(Asker(both)) as asker:
        for round in range(4):
            wanted = some_areas(round * 60, 60)
            numbers = {asker.send(command, key=key) for key, command in wanted.items()}
            asker.wait(numbers, chance.uniform(0.02, 0.25))
            speaker.kill()
            hearer.kill()
            speaker, hearer = both.serve(LEDGER, ready=False), both.serve(LISTENER)
            done = asker.ask_all(wanted)
            assert {answer["result"]["id"] for answer in done.values()} == {
                command.id for command in wanted.values()
            }

    assert both.committed() == {(f"a{n}", 1) for n in range(240)}
    assert_nothing_lost_or_doubled(both, tap)


def test_a_relay_killed_between_confirm_and_removal_doubles_no_effect(both):
    tap = both.tap()
    both.serve(LISTENER, ready=False)
    dying = both.serve("tests.support.dying_ledger")
    with closing(Asker(both)) as asker:
        for round in range(2):
            (both.folder / "die-once").touch()
            ((key, command),) = some_areas(round, 1).items()
            asker.send(command, 30, key=key)
            until(lambda dying=dying: not dying.runs())
            assert both.outbox() > 0
            dying = both.serve("tests.support.dying_ledger")

    assert_nothing_lost_or_doubled(both, tap)
    said = Counter(told["id"] for told in tap.told)
    assert sorted(said.values()) == [2, 2], "each fact was confirmed, and said again"


def test_sigterm_lets_long_commands_and_facts_finish_and_runs_nothing_twice(both):
    ledger = both.serve(LEDGER, ready=False, SLOW_SECONDS="1.5")
    listener = both.serve(LISTENER, ready=False, LISTENER_WORKERS="4")
    for service in (ledger, listener):
        service.wait_ready()

    with closing(Asker(both)) as asker:
        wanted = {f"k{n}": CreateArea(id=f"l{n}", name=f"lambat {n}", codes=()) for n in range(4)}
        numbers = [asker.send(command, 10, key=key) for key, command in wanted.items()]
        notes = both.folder / "notes"
        until(lambda: notes.exists() and notes.read_text().count("run") == 4)
        started = time.monotonic()
        assert ledger.terminate() == 0
        took = time.monotonic() - started
        answers = asker.wait(numbers)

    assert [answer["result"]["version"] for answer in answers] == [1, 1, 1, 1]
    assert notes.read_text().count("run") == notes.read_text().count("finished") == 4
    assert took < 12, "the longest handler and the end"

    both.serve(LEDGER)
    until(lambda: both.outbox() == 0)
    until(lambda: both.depth(both.hear_queue()) == 0)
    started = time.monotonic()
    assert listener.terminate() == 0
    assert time.monotonic() - started < 12
    assert len(both.effects()) == 4, "what was taken was finished"
    both.serve(LISTENER)
    assert_nothing_lost_or_doubled(both)


def test_a_draining_service_is_not_ready_and_takes_nothing_new(stage):
    ledger = stage.serve(LEDGER, SLOW_SECONDS="1.5")
    with closing(Asker(stage)) as asker:
        slow = asker.send(CreateArea(id="l", name="lambat", codes=()), 10)
        until(lambda: (stage.folder / "notes").exists())
        ledger.process.send_signal(signal.SIGTERM)
        until(lambda: ledger.get("/readyz")[0] == 503)
        ledger.process.send_signal(signal.SIGTERM)
        assert ledger.get("/healthz")[0] == 200
        until(lambda: stage.consumers(stage.ask_queue()) == 0)
        late = asker.send(CreateArea(id="n", name="nanti", codes=()), 10)
        asker.wait([slow])
        assert ledger.process.wait(5) == 0
        assert late not in asker.answers
        stage.serve(LEDGER)
        (answer,) = asker.wait([late])
    assert answer["result"]["id"] == "n"


@pytest.mark.slow
def test_connections_closed_by_the_broker_lose_and_double_nothing(both):
    tap = both.tap()
    ledger, listener = both.serve(LEDGER, ready=False), both.serve(LISTENER)
    ledger.wait_ready()

    with closing(Asker(both)) as asker:
        for round in range(4):
            wanted = some_areas(round * 50, 50)
            for key, command in wanted.items():
                asker.send(command, key=key)
            both.ground.close_all_connections()
            both.reconnect()
            asker.ask_all(wanted, patience=0.7)

    assert len(both.committed()) == 200
    assert_nothing_lost_or_doubled(both, tap)
    assert ledger.runs()
    assert listener.runs()


def test_an_orphaned_transaction_does_not_block_the_aggregate_for_long(stage):
    ledger = stage.serve(LEDGER)
    with closing(Asker(stage)) as asker:
        asker.ask(CreateArea(id="a", name="Wilayah", codes=()))
        (stage.folder / "die-once").touch()
        asker.send(ChangeArea(area_id="a", name="mati"))
        until(lambda: not ledger.runs())

        stage.serve(LEDGER)
        started = time.monotonic()
        change = ChangeArea(area_id="a", name="Wilayah Baru")
        answer = asker.ask_all({"k1": change}, patience=6)["k1"]

    assert time.monotonic() - started <= longest_orphan_seconds(stage)
    assert answer["result"]["name"] == "Wilayah Baru"
    # The broker gives the command that died once more; before its deadline it takes effect, once.
    assert answer["result"]["version"] in (2, 3)


def longest_orphan_seconds(stage: Stage) -> float:
    """mongod looks every half lifetime for transactions past their lifetime; and a busy machine."""
    name = "transactionLifetimeLimitSeconds"
    lifetime = stage.ground.mongo.admin.command("getParameter", 1, **{name: 1})[name]
    assert lifetime <= 5, "the cell must not let orphans live for mongod's 60 s"
    return 1.5 * lifetime + 10


def test_a_service_whose_green_thread_dies_ends_its_process_for_the_supervisor(both):
    both.serve(LISTENER, ready=False)
    ledger = both.serve("tests.support.dying_ledger")
    (both.folder / "break-once").touch()

    with closing(Asker(both)) as asker:
        asker.ask(CreateArea(id="a", name="Wilayah", codes=()))
    until(lambda: not ledger.runs())

    assert ledger.process.returncode == 1
    assert '"event": "service died"' in ledger.log.read_text()
    both.serve("tests.support.dying_ledger")
    assert_nothing_lost_or_doubled(both)


@pytest.mark.usefixtures("quick_reaper")
def test_two_replicas_share_the_work_and_neither_loses_nor_doubles(both):
    tap = both.tap()
    services = [both.serve(LEDGER, LISTENER, ready=False) for _ in range(2)]
    for service in services:
        service.wait_ready()

    with closing(Asker(both)) as asker:
        asker.ask_all(some_areas(0, 200))
        changes = {f"c{n}": ChangeArea(area_id=f"a{n}", name=f"Baru {n}") for n in range(200)}
        services[0].kill()
        asker.ask_all(changes)

    assert len(both.committed()) == 400
    assert_nothing_lost_or_doubled(both, tap)
    workers = {row["pid"] for row in both.listener["effects"].find({})}
    assert workers == {service.process.pid for service in services}


def test_what_comes_round_runs_in_one_replica_per_round(stage):
    first = stage.serve("tests.support.ticker", ready=False, TICKER_FAILS="yes")
    second = stage.serve("tests.support.ticker")
    first.wait_ready()
    ticks = stage.listener["ticks"]
    until(lambda: ticks.count_documents({}) >= 8)

    moments = sorted(row["_id"] for row in ticks.find({}))
    times = [int(moment.replace("-", "")[:12], 16) for moment in moments]
    between = (times[-1] - times[0]) / (len(times) - 1)
    assert between >= 225, "a round comes every 300 ms: two replicas on their own would halve that"

    (holder,) = {row["pid"] for row in ticks.find({}).sort("_id", -1).limit(1)}
    kept, gone = sorted((first, second), key=lambda service: service.process.pid == holder)
    gone.kill()
    before = ticks.count_documents({"pid": kept.process.pid})
    until(lambda: ticks.count_documents({"pid": kept.process.pid}) > before)
    assert kept.terminate() == 0


def test_readiness_tells_what_is_away_and_liveness_does_not(stage):
    service = stage.serve(LEDGER, LISTENER)

    status, told = service.get("/readyz")
    assert status == 200
    assert b'"members.database":true' in told
    assert b'"not_draining":true' in told
    assert service.get("/elsewhere")[0] == 404
    assert b"jejaring_outbox_oldest_seconds" in service.get("/metrics")[1]

    service.process.send_signal(signal.SIGSTOP)
    try:
        assert service.get("/healthz", 0.5)[0] == 0, "a frozen process is not live"
    finally:
        service.process.send_signal(signal.SIGCONT)
    until(service.is_ready)
