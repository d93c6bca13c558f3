"""Commands are read strictly and every one that can be answered is."""

import time
from types import SimpleNamespace

import orjson
import pytest
from amqp.exceptions import ConnectionForced
from pymongo.errors import DuplicateKeyError, NetworkTimeout

from chassis.answer import Answer
from chassis.asking import LARGEST_REPLY_BYTES, Asked, question, told
from chassis.call import Actor, Call
from chassis.errors import Outage, Stale
from chassis.intake import Intake
from contracts.members.commands import CreateArea
from tests.support.plain import Channel, a_delivery, some_settings

KEDIRI = CreateArea(id="35.71", name="Kota Kediri", codes=("35.71",))


@pytest.mark.parametrize(
    ("answer", "error", "outcome", "body"),
    [
        (
            Answer(result={"id": "35.71"}, facts=[{"id": "e1"}]),
            None,
            "done",
            {"result": {"id": "35.71"}, "facts": [{"id": "e1"}], "replayed": False},
        ),
        (
            Answer(replayed=True),
            None,
            "done",
            {"result": None, "facts": [], "replayed": True},
        ),
        (None, Stale("version 2"), "refused", {"refusal": Stale("version 2").as_dict()}),
        (
            None,
            Outage("database", 7),
            "outage",
            {"outage": "database", "retry_after_seconds": 7},
        ),
        (
            None,
            NetworkTimeout("secret detail"),
            "outage",
            {"outage": "database: NetworkTimeout", "retry_after_seconds": 2},
        ),
        (None, DuplicateKeyError("secret detail"), "bug", {"bug": "req-1"}),
        (None, ValueError("secret detail"), "bug", {"bug": "req-1"}),
        (None, None, "bug", {"bug": "req-1"}),
        (Answer(result={1, 2}), None, "bug", {"bug": "req-1"}),
        (Answer(result=2**80), None, "bug", {"bug": "req-1"}),
    ],
)
def test_every_end_has_one_answer(answer, error, outcome, body):
    found, raw = told(answer, error, "req-1")

    assert (found, orjson.loads(raw)) == (outcome, body)


class Container:
    """Takes the work and answers at once."""

    service_name = "members"

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def spawn_worker(self, method, args, kwargs, handle_result):
        self.calls.append(args[0])
        handle_result(None, Answer(result="ok"), None)


@pytest.fixture
def asked():
    asked = Asked()
    asked.container = Container()
    asked.settings = some_settings()
    asked.methods = {CreateArea.verb: SimpleNamespace(commands={CreateArea.verb: CreateArea})}
    asked.intake = Intake("", "ask", prefetch=1, receive=print, declare=print)
    return asked


def a_question(**changes):
    return {**question(KEDIRI, Actor(member_id="dewi"), 5.0), **changes}


def replies(delivery):
    return [orjson.loads(message.body) for message, _, _ in delivery.channel.published]


def test_a_command_is_worked_on_and_answered_to_whom_asked(asked):
    body = orjson.dumps(a_question(key="k1", fingerprint="f1", if_match=3))
    delivery = a_delivery(body, reply_to="someone", correlation_id="7")

    asked._receive(delivery)

    (call,) = asked.container.calls
    assert (call.command, call.verb, call.actor.member_id) == (KEDIRI, KEDIRI.verb, "dewi")
    assert (call.key, call.fingerprint, call.if_match) == ("k1", "f1", 3)
    ((message, exchange, routing_key),) = delivery.channel.published
    assert (exchange, routing_key) == ("", "someone")
    assert message.properties["correlation_id"] == "7"
    assert replies(delivery)[0]["result"] == "ok"
    assert delivery.channel.settled == [("ack", 1)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"7",
        orjson.dumps({}),
        orjson.dumps(a_question(verb="members.paint_area")),
        orjson.dumps(a_question(verb=["x"])),
        orjson.dumps(a_question(command={"id": 7})),
        orjson.dumps(a_question(actor="root")),
        orjson.dumps(a_question(actor={"member_id": {"$ne": None}})),
        orjson.dumps(a_question(within_seconds="soon")),
        orjson.dumps(a_question(within_seconds=[])),
        orjson.dumps(a_question(within_seconds=True)),
        orjson.dumps(a_question(asked_at="inf")),
        b'{"within_seconds": 1e999}',
    ],
)
def test_what_cannot_be_read_is_answered_as_a_bug(asked, body):
    delivery = a_delivery(body, reply_to="someone")

    asked._receive(delivery)

    assert asked.container.calls == []
    assert replies(delivery) == [{"bug": "unreadable command"}]
    assert delivery.channel.settled == [("ack", 1)]


def test_what_nobody_waits_for_any_more_is_not_started(asked):
    delivery = a_delivery(orjson.dumps(a_question(within_seconds=0)), reply_to="someone")

    asked._receive(delivery)

    assert asked.container.calls == []
    assert delivery.channel.published == []
    assert delivery.channel.settled == [("ack", 1)]


def test_what_waited_longer_than_its_caller_is_not_started(asked):
    now = time.monotonic()
    for late in (0.0, 4.0, 6.0):
        question = a_question(asker="gateway", asked_at=now - late, within_seconds=5.0)
        asked._receive(a_delivery(orjson.dumps(question), reply_to="someone"))

    left = [call.deadline - time.time() for call in asked.container.calls]
    assert left == [pytest.approx(5.0, abs=0.5), pytest.approx(1.0, abs=0.5)]


@pytest.mark.parametrize("wrong", [-86400.0, -300.0, 300.0, 86400.0])
def test_a_caller_whose_clock_is_wrong_is_worked_for(asked, wrong):
    for _ in range(3):
        question = a_question(asker="gateway", asked_at=time.monotonic() + wrong)
        asked._receive(a_delivery(orjson.dumps(question), reply_to="someone"))

    left = [call.deadline - time.time() for call in asked.container.calls]
    assert left == [pytest.approx(5.0, abs=0.5)] * 3


@pytest.mark.parametrize("error", [ConnectionForced("closed"), OSError(), AttributeError("gone")])
def test_a_caller_that_is_gone_is_no_reason_to_fail(asked, error):
    delivery = a_delivery(orjson.dumps(a_question()))
    object.__setattr__(delivery, "channel", Channel(error))

    asked._receive(delivery)

    assert len(asked.container.calls) == 1


def test_a_refusal_brings_the_facts_it_caused_all_the_same():
    refusal = Stale("no")
    refusal.facts = [{"id": "e1"}]

    outcome, body = told(None, refusal, "r")

    assert (outcome, orjson.loads(body)["facts"]) == ("refused", [{"id": "e1"}])


def test_a_change_of_a_thousand_subjects_tells_its_first_facts_and_stays_a_message():
    facts = [{"id": str(number), "data": "x" * 1200} for number in range(1000)]

    _, body = told(Answer(result={"id": "e1"}, facts=facts), None, "r1")
    _, small = told(Answer(result={"id": "e1"}, facts=facts[:10]), None, "r1")

    said = orjson.loads(body)
    assert len(body) < LARGEST_REPLY_BYTES
    assert said["result"] == {"id": "e1"}
    assert said["facts"] == facts[: len(said["facts"])]
    assert len(said["facts"]) > 100
    assert orjson.loads(small)["facts"] == facts[:10]


def test_a_long_result_leaves_room_for_a_few_facts():
    facts = [{"id": str(number), "data": "x" * 1200} for number in range(10)]

    _, body = told(Answer(result="x" * LARGEST_REPLY_BYTES, facts=facts), None, "r1")

    assert orjson.loads(body)["facts"] == facts
