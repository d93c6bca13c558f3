"""Work, transactions and the desk against a real mongod, in this process, without a broker."""

import threading
import time
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import eventlet
import pytest
from pymongo import DeleteOne, IndexModel, InsertOne
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
)

from chassis.answer import Answer
from chassis.call import Actor, Call
from chassis.desk import Desk
from chassis.errors import Busy, KeyMismatch, KeyRunning, Outage, Refusal, Stale
from chassis.mongo import Transactions, connect, is_outage, is_write_conflict
from chassis.relay import REMOVE_SECONDS, Relay
from chassis.work import HEAD_START_SECONDS, FactTooLarge, Refused, Work
from contracts.codec import encode
from contracts.envelope import seal
from contracts.members import refusals
from contracts.members.commands import CreateArea
from contracts.members.facts import AreaChanged, AreaCreated, InstitutionRegistered
from contracts.members.states import Area, Institution
from tests.support.desks import alone
from tests.support.plain import Deaf

pytestmark = pytest.mark.cell

A_TIME = "2026-11-21T02:00:00.123Z"
COMMAND = CreateArea(id="35.71", name="Kota Kediri", codes=())


class NameTaken(Refusal):
    """Somebody has this name."""

    refusal = refusals.AREA_TAKEN


@pytest.fixture(scope="module")
def desk(ground):
    """A desk without its container's threads."""
    desk = Desk(
        database="uji_desk",
        unique={"one_name": NameTaken},
        indexes={"area": [IndexModel("name", name="one_name", unique=True)]},
    )
    with alone(desk, ground, "members") as desk:
        yield desk


@pytest.fixture(autouse=True)
def _swept(desk):
    for name in desk.database.list_collection_names():
        desk.database[name].delete_many({})


def a_call(**changes):
    return Call(
        **{
            "command": COMMAND,
            "actor": Actor(),
            "deadline": time.time() + 5,
            "key": None,
            **changes,
        }
    )


def an_area(number=1, version=1, **changes):
    area = Area(
        id=f"a{number}",
        version=version,
        region="uji",
        created_at=A_TIME,
        updated_at=A_TIME,
        name=f"Wilayah {number}",
        codes=(),
    )
    return replace(area, **changes)


def create(work, command):
    return work.record(AreaCreated(area=an_area()))


def in_one(desk, body):
    """Run `body(work)` in a transaction and give its result."""
    return desk.decide(lambda work, _: body(work), a_call()).result


def kept(desk, name):
    return sorted(row["_id"] for row in desk.database[name].find({}))


# -- work -----------------------------------------------------------------------------------


def test_many_facts_of_many_kinds_are_one_transaction_in_their_order(desk):
    school = Institution(
        id="s1",
        version=1,
        region="uji",
        created_at=A_TIME,
        updated_at=A_TIME,
        name="SD 1",
        kind="school",
        area="a1",
    )
    facts = [
        AreaCreated(area=an_area(1)),
        InstitutionRegistered(institution=school),
        AreaCreated(area=an_area(2)),
        AreaChanged(area=an_area(1, 2)),
    ]

    answer = desk.decide(lambda work, _: len(work.record_many(facts)), a_call())

    assert answer.result == 4
    assert [fact["subject"] for fact in answer.facts] == [
        "area/a1",
        "institution/s1",
        "area/a2",
        "area/a1",
    ]
    assert desk.database["area"].find_one({"_id": "a1"})["version"] == 2
    assert len(kept(desk, "outbox")) == 4


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_that_does_not_follow_is_stale_or_taken_and_nothing_is_kept(desk, version):
    desk.decide(create, a_call())

    with pytest.raises((Stale, DuplicateKeyError)):
        in_one(desk, lambda work: work.record(AreaChanged(area=an_area(1, version, name="X"))))

    assert desk.database["area"].find_one({"_id": "a1"})["version"] == 1
    assert len(kept(desk, "outbox")) == 1


def test_one_stale_of_many_undoes_all(desk):
    facts = [AreaCreated(area=an_area(1)), AreaChanged(area=an_area(2, 2))]

    with pytest.raises(Stale, match="area was changed by somebody else"):
        in_one(desk, lambda work: work.record_many(facts))

    assert kept(desk, "area") == kept(desk, "outbox") == []


def test_a_fact_too_large_for_a_broker_is_not_recorded(desk):
    large = an_area(name="x" * 300_000)

    with pytest.raises(FactTooLarge, match="area_created.v1 about area/a1: 30"):
        in_one(desk, lambda work: work.record(AreaCreated(area=large)))

    assert kept(desk, "area") == []


def test_only_the_version_that_was_seen_is_changed():
    work = Work(None, None, a_call(if_match=2), "uji")
    anybody = Work(None, None, a_call(), "uji")

    assert work.to_change(an_area(version=2)).version == 2
    assert anybody.to_change(an_area(version=7)).version == 7
    with pytest.raises(Stale, match="version 3 is current, not 2"):
        work.to_change(an_area(version=3))


def test_a_repository_reads_what_it_wrote(desk):
    def body(work):
        notes = work.collection("notes")
        notes.insert_many([])
        notes.insert_many([{"_id": "a", "n": 1}])
        notes.insert_many([{"_id": "b", "n": 2}, {"_id": "c", "n": 3}])
        counts = [
            notes.update_one({"_id": "a"}, {"$set": {"n": 9}}),
            notes.update_one({"_id": "z"}, {"$set": {"n": 9}}, upsert=True),
            notes.update_many({"n": 9}, {"$inc": {"n": 1}}),
            notes.replace_one({"_id": "b"}, {"_id": "b"}),
            notes.replace_one({"_id": "y"}, {"_id": "y"}, upsert=True),
            notes.write([InsertOne({"_id": "x"}), DeleteOne({"_id": "y"})]),
            notes.delete_many({"n": 3}),
            notes.count({}),
        ]
        found = [row["_id"] for row in notes.find({"n": 10}, sort=[("_id", -1)])]
        return [counts, found, notes.find_one({"_id": "a"}, projection={"_id": 0})]

    assert in_one(desk, body) == [[1, 0, 2, 1, 0, 2, 1, 4], ["z", "a"], {"n": 10}]
    assert kept(desk, "notes") == ["a", "b", "x", "z"]


# -- keys and answers -----------------------------------------------------------------------


def test_a_key_is_answered_from_memory(desk):
    first = desk.decide(create, a_call(key="k1", fingerprint="f1"))
    again = desk.decide(create, a_call(key="k1", fingerprint="f1"))

    assert again == Answer(result=first.result, replayed=True)
    with pytest.raises(KeyMismatch):
        desk.decide(create, a_call(key="k1", fingerprint="f2"))


def test_a_command_without_effect_is_answered_from_memory_too(desk):
    handled = []

    def look(work, _):
        handled.append(1)
        return {"seen": len(handled)}

    assert desk.decide(look, a_call(key="k1")).result == {"seen": 1}
    assert desk.decide(look, a_call(key="k1")) == Answer(result={"seen": 1}, replayed=True)
    assert kept(desk, "outbox") == ["anonymous|members.create_area|k1"]


def test_the_same_key_at_the_same_time_is_told_to_wait(desk):
    with desk.database.client.start_session() as other, other.start_transaction():
        row = {"_id": "anonymous|members.create_area|k1"}
        desk.database["outbox"].insert_one(row, session=other)

        with pytest.raises(KeyRunning, match="the first one has not ended"):
            desk.decide(create, a_call(key="k1"))
        other.abort_transaction()

    assert desk.decide(create, a_call(key="k1")).replayed is False


def test_a_key_whose_answer_vanished_meanwhile_is_told_to_try_again(desk, monkeypatch):
    desk.decide(create, a_call(key="k1", fingerprint="f1"))
    monkeypatch.setattr(desk, "_replay", lambda _: None)

    with pytest.raises(KeyRunning, match="try again"):
        desk.decide(lambda work, _: None, a_call(key="k1", fingerprint="f1"))


def test_a_trouble_while_closing_is_what_it_is(desk, monkeypatch):
    def close(self, answer=None):
        raise OperationFailure("no space", 14031)

    monkeypatch.setattr(Work, "close", close)

    with pytest.raises(OperationFailure, match="no space"):
        desk.decide(create, a_call(key="k1"))


def test_a_unique_index_speaks_as_its_refusal_and_others_as_themselves(desk):
    desk.decide(create, a_call())
    same_name = AreaCreated(area=an_area(2, name="Wilayah 1"))

    with pytest.raises(NameTaken):
        in_one(desk, lambda work: work.record(same_name))
    with pytest.raises(NameTaken):
        in_one(desk, lambda work: work.record_many([same_name, AreaCreated(area=an_area(3))]))
    with pytest.raises(BulkWriteError):
        in_one(desk, lambda work: work.collection("notes").insert_many([{"_id": 1}, {"_id": 1}]))


def test_a_refusal_that_counts_keeps_the_count_and_forgets_the_rest(desk):
    def refuse(work, _):
        work.collection("attempts").insert_one({"_id": "a"})
        return Refused(NameTaken("third time"))

    with pytest.raises(NameTaken, match="third time"):
        desk.decide(refuse, a_call(key="k1"))

    assert kept(desk, "attempts") == ["a"]
    assert kept(desk, "outbox") == []


# -- facts, sweeps, restating ---------------------------------------------------------------


def test_a_fact_is_heard_once_and_may_cause_facts(desk):
    fact = AreaCreated(area=an_area(9))
    envelope = seal(fact, id="e1", region="uji", time=A_TIME, correlation="req-1")

    for _ in range(2):
        desk.hear(create, envelope, fact)

    assert kept(desk, "inbox") == ["e1"]
    (row,) = desk.database["outbox"].find({})
    assert b'"correlationid":"req-1"' in row["body"]


def test_a_fact_whose_handler_fails_is_not_marked_as_heard(desk):
    fact = AreaCreated(area=an_area(9))
    envelope = seal(fact, id="e1", region="uji", time=A_TIME)

    def fail(work, fact):
        create(work, fact)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        desk.hear(fail, envelope, fact)
    assert kept(desk, "inbox") == kept(desk, "area") == []
    desk.hear(create, envelope, fact)
    assert kept(desk, "area") == ["a1"]


def test_a_sweep_is_a_transaction_that_nobody_asked_for(desk):
    assert desk.sweep(lambda work: work.record(AreaCreated(area=an_area())).id) == "a1"
    assert len(kept(desk, "outbox")) == 1


@pytest.mark.parametrize("count", [0, 3, 200, 401])
def test_everything_is_said_again_in_batches(desk, count):
    if count:
        rows = [{"_id": f"a{n}", **encode(an_area(n, name=f"W {n}"))} for n in range(count)]
        desk.database["area"].insert_many(rows)

    said = desk.restate("area", lambda row: AreaCreated(area=an_area(int(row["id"][1:]))))

    assert said == count == len(kept(desk, "outbox"))


def test_a_desk_answers_for_its_database(desk):
    desk.ping()
    assert desk.get_dependency(None) is desk


# -- transactions ---------------------------------------------------------------------------


def test_writers_that_never_end_make_others_busy(desk):
    desk.decide(create, a_call())
    area = desk.database["area"]
    with desk.database.client.start_session() as other, other.start_transaction():
        area.update_one({"_id": "a1"}, {"$set": {"name": "held"}}, session=other)

        with pytest.raises(Busy, match="too many writers"):
            desk.decide(
                lambda work, _: work.record(AreaChanged(area=an_area(1, 2))),
                a_call(deadline=time.time() + 0.3),
            )
        other.abort_transaction()


def test_a_conflict_that_ends_is_waited_for(desk):
    desk.decide(create, a_call())
    area, held = desk.database["area"], threading.Event()

    def hold():
        with desk.database.client.start_session() as other, other.start_transaction():
            area.update_one({"_id": "a1"}, {"$set": {"name": "held"}}, session=other)
            held.set()
            time.sleep(0.1)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    answer = desk.decide(lambda work, _: work.record(AreaChanged(area=an_area(1, 2))), a_call())
    holder.join()

    assert answer.result["version"] == 2
    assert area.find_one({"_id": "a1"})["name"] == "Wilayah 1"


def test_a_database_that_is_away_is_an_outage_within_the_deadline(desk):
    with closing(connect("mongodb://127.0.0.1:1/?replicaSet=x")) as away:
        elsewhere = Desk(database="x")
        elsewhere.database, elsewhere.transactions = away["x"], Transactions(away)
        elsewhere.settings = desk.settings
        started = time.monotonic()

        with pytest.raises(Outage, match="database"):
            elsewhere.decide(create, a_call(deadline=time.time() + 0.3, key="k1"))
        with pytest.raises(Outage, match="database"):
            elsewhere._replay(a_call(deadline=time.time() + 0.3, key="k1"))

        assert time.monotonic() - started < 1.5


class Session:
    """A session whose commits go wrong as planned."""

    def __init__(self, *commits):
        self.commits, self.aborted, self.in_transaction = list(commits), 0, True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def start_transaction(self, *_):
        """Begun."""

    def commit_transaction(self):
        error = self.commits.pop(0)
        if error:
            raise error

    def abort_transaction(self):
        self.aborted += 1
        raise AutoReconnect("cannot even abort")


def unsure(*labels):
    return OperationFailure("who knows", 50, {"errorLabels": list(labels)})


def run(session, body=lambda _: "done", seconds=2.0):
    client = SimpleNamespace(start_session=lambda: session)
    return Transactions(client).run(body, deadline=time.time() + seconds)


def test_a_commit_of_unknown_outcome_is_asked_for_again():
    assert run(Session(unsure("UnknownTransactionCommitResult"), None)) == "done"


def test_a_commit_of_unknown_outcome_past_the_deadline_is_an_outage():
    error = AutoReconnect("away", {"errorLabels": ["UnknownTransactionCommitResult"]})

    with pytest.raises(Outage):
        run(Session(error), seconds=-1)


def test_a_commit_that_was_undone_runs_everything_again():
    runs = []

    assert run(Session(unsure("TransientTransactionError"), None), runs.append) is None
    assert len(runs) == 2


def test_a_refused_operation_is_told_as_it_is():
    session = Session()

    def refused(_):
        raise OperationFailure("not allowed", 13)

    with pytest.raises(OperationFailure, match="not allowed"):
        run(session, refused)
    assert session.aborted == 1


def test_an_ended_transaction_is_not_aborted():
    session = Session()
    session.in_transaction = False

    with pytest.raises(ZeroDivisionError):
        run(session, lambda _: 1 / 0)
    assert session.aborted == 0


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (AutoReconnect("x"), True),
        (ExecutionTimeout("x", 50), True),
        (unsure("TransientTransactionError"), True),
        (OperationFailure("x", 13), False),
        (ValueError("x"), False),
    ],
)
def test_an_outage_is_told_from_a_no(error, outage):
    assert is_outage(error) is outage
    assert is_write_conflict(error) is False
    assert is_write_conflict(OperationFailure("x", 112))


# -- the relay, without its thread ------------------------------------------------------------


@pytest.fixture
def outbox(desk):
    """Five recorded facts, free to be taken."""
    rows = [
        {
            "_id": f"e{n}",
            "key": "uji.cell.members.area_created.v1",
            "body": b"{}",
            "recorded_at": f"2026-11-21T02:00:0{n}.000Z",
            "leased_until": "2026-11-21T02:00:00.000Z",
        }
        for n in range(5)
    ]
    desk.database["outbox"].insert_many(rows)
    return desk.database["outbox"]


def a_relay(outbox, publisher):
    return Relay(outbox, publisher, region="uji", speaker="members", sweep_seconds=60)


def test_a_sweep_publishes_what_was_left_and_says_how_far_it_is(desk, outbox):
    publisher = Deaf()

    a_relay(outbox, publisher).sweep()

    *facts, pulse = publisher.delivered
    assert sorted(message.message_id for message in facts) == [f"e{n}" for n in range(5)]
    assert pulse.routing_key == "uji.cell.members.pulse"
    assert pulse.mandatory is False
    assert kept(desk, "outbox") == []


def test_what_a_replica_has_leased_is_left_to_it(desk, outbox):
    class Interrupted(Deaf):
        """Lets the other replica sweep while the first one publishes."""

        def publish(self, messages):
            if messages[0].message_id:
                other.sweep()
            return super().publish(messages)

    publisher, others = Interrupted(), Deaf()
    other = a_relay(outbox, others)

    a_relay(outbox, publisher).sweep()

    assert sum(bool(message.message_id) for message in publisher.delivered) == 5
    assert [message.message_id for message in others.delivered] == [""]


def test_the_pulse_reaches_only_to_the_oldest_fact_that_waits(desk, outbox):
    publisher = Deaf(unrouted=("e3", "e4"))

    a_relay(outbox, publisher).sweep()

    assert b'"upto":"2026-11-21T02:00:03.000Z"' in publisher.delivered[-1].body
    assert kept(desk, "outbox") == ["e3", "e4"]


def test_what_could_not_be_published_stays(desk, outbox):
    with pytest.raises(Outage):
        a_relay(outbox, Deaf(Outage("broker"))).sweep()

    assert len(kept(desk, "outbox")) == 5


def test_too_many_kicked_rows_are_left_to_the_sweep(outbox, monkeypatch):
    monkeypatch.setattr("chassis.relay.MOST_KICKED", 3)
    relay = a_relay(outbox, Deaf())

    for row in outbox.find({}):
        relay.kick([row])
    relay.stop()

    assert len(relay._kicked) == 3


class Counted:
    """An outbox that counts its removals."""

    def __init__(self, outbox):
        self._outbox, self.removals = outbox, []

    def __getattr__(self, name):
        return getattr(self._outbox, name)

    def delete_many(self, filter):
        self.removals.append(sorted(filter["_id"]["$in"]))
        return self._outbox.delete_many(filter)


def test_kicked_rows_are_removed_together_a_moment_later(desk, outbox, monkeypatch):
    assert REMOVE_SECONDS < HEAD_START_SECONDS / 2
    monkeypatch.setattr("chassis.relay.REMOVE_SECONDS", 0.6)
    outbox.update_many({}, {"$set": {"leased_until": "2999-01-01T00:00:00.000Z"}})
    publisher, counted = Deaf(), Counted(outbox)
    relay = a_relay(counted, publisher)
    running = eventlet.spawn(relay.run)
    eventlet.sleep(0.01)
    for row in outbox.find({}).sort("_id", 1):
        relay.kick([row])
        eventlet.sleep(0)
    published = [one.message_id for one in publisher.delivered if one.message_id]
    waiting = len(kept(desk, "outbox"))
    eventlet.sleep(1.0)
    relay.stop()
    running.wait()

    assert published == [f"e{n}" for n in range(5)]
    assert waiting == 5
    assert counted.removals == [published]
    assert kept(desk, "outbox") == []


def test_a_relay_that_stops_removes_what_it_published(desk, outbox):
    outbox.update_many({}, {"$set": {"leased_until": "2999-01-01T00:00:00.000Z"}})
    relay = a_relay(outbox, Deaf())
    running = eventlet.spawn(relay.run)
    eventlet.sleep(0.01)
    relay.kick(list(outbox.find({})))
    eventlet.sleep(0.001)
    relay.stop()
    running.wait()

    assert kept(desk, "outbox") == []
