"""One command: one state, one fact, one answer, however often and however badly it is sent."""

import time
from contextlib import closing

import pytest

from chassis.asking import call
from chassis.call import Actor
from chassis.errors import Outage
from contracts.catalogue import FACTS
from contracts.envelope import open_fact, read
from contracts.members.commands import ChangeArea, CreateArea, Restate
from contracts.operations import ReplayParked
from tests.support.asker import Asker
from tests.support.infrastructure import Stage, until

pytestmark = pytest.mark.cell

LONG_AGO = "2026-11-21T02:00:00.123Z"
KEDIRI = CreateArea(id="35.71", name="Kota Kediri", codes=("35.71",))


@pytest.fixture(scope="module")
def workshop(ground, tmp_path_factory):
    """A ledger that serves the whole module."""
    with Stage(ground, tmp_path_factory.mktemp("workshop")) as stage:
        stage.declare("tests.support.ledger")
        stage.serve("tests.support.ledger")
        yield stage


@pytest.fixture
def stage(workshop):
    """The workshop, swept."""
    workshop.hearing = workshop.tap()
    workshop.clear()
    return workshop


@pytest.fixture
def asker(stage):
    """Somebody who asks."""
    with closing(Asker(stage)) as asker:
        yield asker


def test_a_command_is_one_state_one_fact_and_one_answer(stage, asker):
    answer = asker.ask(KEDIRI, request_id="req-1", traceparent="00-a-b-01")

    assert answer["result"]["id"] == "35.71"
    assert answer["replayed"] is False
    row = stage.ledger["area"].find_one({"_id": "35.71"})
    assert {**row, "_id": None} == {**answer["result"], "_id": None}
    until(lambda: stage.outbox() == 0)
    assert stage.hearing.drain() == answer["facts"]
    (said,) = answer["facts"]
    assert (said["correlationid"], said["traceparent"]) == ("req-1", "00-a-b-01")
    assert open_fact(read(said), FACTS).state.version == 1


def test_the_same_key_gets_the_same_answer_and_no_second_effect(stage, asker):
    first = asker.ask(KEDIRI, key="k1")
    again = asker.ask(KEDIRI, key="k1")

    assert again["replayed"] is True
    assert again["result"] == first["result"]
    assert stage.committed() == {("35.71", 1)}
    until(lambda: stage.outbox() == 0)
    assert len(stage.hearing.drain()) == 1


def test_the_same_key_for_another_request_is_refused(stage, asker):
    asker.ask(KEDIRI, key="k1")

    other = CreateArea(id="35.06", name="Kabupaten Kediri", codes=("35.06",))
    answer = asker.ask(other, key="k1")

    assert answer["refusal"]["code"] == "idempotency.mismatch"
    assert stage.committed() == {("35.71", 1)}


def test_two_people_may_choose_the_same_key(stage, asker):
    asker.ask(KEDIRI, key="k1", actor={"member_id": "dewi"})

    other = CreateArea(id="35.06", name="Kabupaten Kediri", codes=("35.06",))
    answer = asker.ask(other, key="k1", actor={"member_id": "rudi"})

    assert answer["result"]["id"] == "35.06"


def test_fifty_at_once_with_one_key_have_one_effect(stage, asker):
    asker.ask(KEDIRI)
    change = ChangeArea(area_id="35.71", name="Kediri")

    numbers = [asker.send(change, key="k1") for _ in range(50)]
    answers = asker.wait(numbers)

    results = [answer["result"] for answer in answers if "result" in answer]
    codes = {answer["refusal"]["code"] for answer in answers if "refusal" in answer}
    assert codes <= {"idempotency.in_progress", "service.busy"}
    assert results
    assert all(result == results[0] for result in results)
    assert [answer.get("replayed") for answer in answers].count(False) == 1
    assert stage.committed() == {("35.71", 1), ("35.71", 2)}
    assert asker.ask(change, key="k1")["result"] == results[0]


def test_fifty_changes_at_once_without_a_key_are_fifty_versions_or_told_busy(stage, asker):
    asker.ask(KEDIRI)

    numbers = [asker.send(ChangeArea(area_id="35.71", name=f"Kediri {n}")) for n in range(50)]
    answers = asker.wait(numbers)

    done = [answer["result"]["version"] for answer in answers if "result" in answer]
    refused = {answer["refusal"]["code"] for answer in answers if "refusal" in answer}
    assert refused <= {"service.busy", "request.stale"}
    assert len(done) > 10
    assert sorted(done) == list(range(2, len(done) + 2))
    until(lambda: stage.outbox() == 0)
    assert (
        stage.hearing.versions()
        == stage.committed()
        == {("35.71", v + 1) for v in range(len(done) + 1)}
    )


def test_a_change_to_what_the_caller_has_not_seen_is_stale(stage, asker):
    asker.ask(KEDIRI)
    change = ChangeArea(area_id="35.71", name="Kediri")

    assert asker.ask(change, if_match=1)["result"]["version"] == 2
    stale = asker.ask(change, if_match=1)["refusal"]
    assert (stale["code"], stale["detail"]) == ("request.stale", "version 2 is current, not 1")


def test_a_refused_command_changes_nothing(stage, asker):
    unknown = asker.ask(ChangeArea(area_id="35.99"), key="k1")["refusal"]

    assert unknown["code"] == "members.area_unknown"
    assert stage.ledger["outbox"].count_documents({}) == 0
    created = asker.ask(KEDIRI, key="k1")
    assert created["result"]["id"] == "35.71", "a refusal does not use up the key"


def test_a_refusal_may_keep_what_it_counted(stage, asker):
    answer = asker.ask(CreateArea(id="1", name="dihitung", codes=()))

    assert answer["refusal"]["code"] == "members.area_taken"
    assert stage.ledger["attempts"].count_documents({}) == 1


def test_a_unique_index_speaks_as_a_refusal(stage, asker):
    asker.ask(KEDIRI)

    same_id = asker.ask(CreateArea(id="35.71", name="Lain", codes=()))
    same_name = asker.ask(CreateArea(id="35.72", name="Kota Kediri", codes=()))

    assert same_id["refusal"]["code"] == same_name["refusal"]["code"] == "members.area_taken"


def test_a_bug_is_told_by_its_request_and_the_service_goes_on(stage, asker):
    service = stage.services[-1]

    assert asker.ask(CreateArea(id="1", name="rusak", codes=()), request_id="r1") == {"bug": "r1"}
    for key in ("k1", None):
        odd = asker.ask(CreateArea(id="2", name="aneh", codes=()), request_id="r2", key=key)
        assert odd == {"bug": "r2"}

    assert service.runs()
    assert asker.ask(KEDIRI)["result"]["version"] == 1


def test_a_command_whose_caller_gave_up_is_not_worked_on(stage, asker):
    number = asker.send(KEDIRI, within_seconds=-0.001)
    assert asker.ask(CreateArea(id="35.06", name="Kabupaten Kediri", codes=()))["result"]

    assert number not in asker.answers
    assert stage.committed() == {("35.06", 1)}
    assert stage.services[0].metric('jejaring_commands_total{outcome="expired"') == 1


def test_said_again_means_everything_with_the_same_sequence(stage, asker):
    asker.ask(KEDIRI)
    asker.ask(ChangeArea(area_id="35.71", name="Kediri"))
    until(lambda: stage.outbox() == 0)
    stage.hearing.drain()

    assert asker.ask(Restate(kind="area"))["result"] == {"restated": 1}

    def restated():
        return [t for t in stage.hearing.drain() if t["type"].endswith("area_restated.v1")]

    (said,) = until(restated)
    assert said["sequence"] == 2
    assert said["data"]["area"]["name"] == "Kediri"


def test_a_script_asks_on_a_connection_of_its_own(stage, asker):
    uri, region = stage.ground.amqp_uri, stage.name

    assert call(uri, region, KEDIRI, actor=Actor())["id"] == "35.71"
    with pytest.raises(LookupError, match=r"members\.area_taken"):
        call(uri, region, KEDIRI, actor=Actor())


def test_asking_a_service_that_is_not_there_ends_at_the_deadline(stage):
    started = time.monotonic()

    with pytest.raises(Outage, match=r"projector\.replay_parked was not answered"):
        call(
            stage.ground.amqp_uri,
            stage.name,
            ReplayParked(id="x.projector"),
            actor=Actor(),
            deadline_seconds=0.5,
        )
    with pytest.raises(Outage, match="was not answered"):
        call("amqp://u:p@127.0.0.1:1//", stage.name, KEDIRI, actor=Actor(), deadline_seconds=0.5)

    assert time.monotonic() - started < 10, "two deadlines, not the client's patience"


def test_a_fact_nobody_hears_waits_in_the_outbox_and_goes_out_once_somebody_does(stage, tmp_path):
    with Stage(stage.ground, tmp_path) as lone:
        lone.declare("tests.support.ledger")
        service = lone.serve("tests.support.ledger")
        with closing(Asker(lone)) as asker:
            answer = asker.ask(KEDIRI)

        assert answer["result"]["version"] == 1, "that nobody hears is no reason to refuse"
        until(lambda: service.metric("jejaring_facts_unrouted_total{") >= 1)
        assert lone.outbox() == 1
        until(lambda: service.metric("jejaring_outbox_oldest_seconds{") > 0)

        tap = lone.tap()
        lone.ledger["outbox"].update_many({}, {"$set": {"leased_until": LONG_AGO}})
        until(lambda: lone.outbox() == 0)
        assert tap.versions() == {("35.71", 1)}
