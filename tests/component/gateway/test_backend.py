"""Asking: deadlines, returns, lost connections, the circuit, and what replies mean."""

import asyncio
import contextlib
import time
from dataclasses import replace

import orjson
import pytest
from pamqp import commands

from chassis.call import Actor
from chassis.circuit import Circuit
from chassis.errors import Outage
from contracts.members.commands import ApproveMember
from gateway import backend as backends
from gateway.backend import Backend
from gateway.problems import Problem
from gateway.question import Bug, Question, read
from tests.support.plain_broker import DELIVER, RETURN, PlainBroker, content, until

QUESTION = Question(
    command=ApproveMember(member_id="ayu"),
    actor=Actor(member_id="koko", session_id="s", address="127.0.0.1"),
    request_id="r",
    traceparent="t",
    if_match=7,
)
DONE = {"result": {"id": "ayu"}, "facts": [], "replayed": True}


def reply(value):
    """A broker that brings this reply, twice."""
    body = orjson.dumps(value)
    return lambda command: content(DELIVER, command.properties.correlation_id, body) * 2


def bring_back(command):
    """A broker without that queue."""
    return content(RETURN, command.properties.correlation_id, command.body)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(backends, "BACKOFF_SECONDS", (0.01,))
    monkeypatch.setattr(backends, "PATIENCE_SECONDS", 0.1)


@contextlib.asynccontextmanager
async def connected(told=None, seconds=5.0):
    """A backend that is connected to a broker that answers so."""
    broker = PlainBroker()
    broker.told = told or broker.told
    await broker.start()
    backend = Backend(broker.uri(), "kediri-raya", seconds)
    running = asyncio.create_task(backend.run())
    await until(lambda: backend.connected)
    try:
        yield backend, broker
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await broker.stop()


def asked(told=None, **more):
    """Ask once; the reply, and what the broker got."""

    async def story():
        async with connected(told) as (backend, broker):
            found = await backend.ask(QUESTION, **more)
            assert not backend._waiting
            return found, broker.commands

    return asyncio.run(story())


def test_a_question_travels_with_its_deadline_to_the_service_queue():
    found, (command,) = asked(reply(DONE))
    body = orjson.loads(command.body)

    assert (found.result, found.replayed) == ({"id": "ayu"}, True)
    assert command.queue == "ask.kediri-raya.members"
    assert command.mandatory
    assert command.properties.content_type == "application/json"
    assert command.properties.reply_to == "amq.rabbitmq.reply-to"
    assert 0 < int(command.properties.expiration) <= 5000
    assert 0 < body.pop("within_seconds") <= 5
    assert 0 <= time.monotonic() - body.pop("asked_at") < 5
    assert len(body.pop("asker")) == 16
    assert body == {
        "verb": "members.approve_member",
        "command": {"member_id": "ayu"},
        "actor": {"member_id": "koko", "session_id": "s", "address": "127.0.0.1", "seen": []},
        "request_id": "r",
        "traceparent": "t",
        "key": None,
        "fingerprint": None,
        "if_match": 7,
    }


def test_everybody_gets_his_own_reply_in_whatever_order_they_come():
    async def story():
        async with connected() as (backend, broker):
            asking = [asyncio.create_task(backend.ask(QUESTION)) for _ in range(50)]
            await until(lambda: len(broker.commands) == 50)
            numbers = [command.properties.correlation_id for command in broker.commands]
            for number in reversed(numbers):
                body = orjson.dumps({"result": number})
                broker.say_raw(content(DELIVER, number, body))
            assert [found.result for found in await asyncio.gather(*asking)] == numbers
            assert len(set(numbers)) == 50

    asyncio.run(story())


def test_nobody_waits_past_the_deadline():
    with pytest.raises(Outage, match=r"0\.05 s"):
        asked(deadline_seconds=0.05)


def test_a_reply_that_comes_too_late_is_nobodys():
    async def story():
        async with connected() as (backend, broker):
            with pytest.raises(Outage):
                await backend.ask(QUESTION, 0.02)
            number = broker.commands[0].properties.correlation_id
            broker.told = lambda command: content(DELIVER, number, b"{}") + reply(DONE)(command)
            assert (await backend.ask(QUESTION)).replayed
            assert len(broker.said) == 1

    asyncio.run(story())


def test_who_gives_up_waiting_leaves_nothing_behind():
    async def story():
        async with connected() as (backend, broker):
            asking = asyncio.create_task(backend.ask(QUESTION, 60))
            await until(lambda: broker.commands)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert not backend._waiting
            assert backend.circuits["members"].failures == 0

    asyncio.run(story())


def test_a_reply_in_the_moment_of_the_deadline_is_in_time():
    async def story():
        async with connected() as (backend, broker):
            asking = asyncio.create_task(backend.ask(QUESTION, 0.2))
            await until(lambda: broker.commands)
            number = broker.commands[0].properties.correlation_id.encode()
            loop, broken = asyncio.get_running_loop(), []
            loop.set_exception_handler(lambda _, told: broken.append(told))

            def held_up():
                """The loop finds both at once: the reply and the deadline."""
                time.sleep(0.22)
                loop.call_soon(backend._settle, number, orjson.dumps(DONE))

            loop.call_soon(held_up)
            assert (await asking).replayed
            assert broken == []

    asyncio.run(story())


def test_who_gave_up_in_the_moment_of_a_loss_is_not_told_of_it():
    async def story():
        async with connected() as (backend, broker):
            gone, patient = (asyncio.create_task(backend.ask(QUESTION, 60)) for _ in range(2))
            await until(lambda: len(broker.commands) == 2)
            gone.cancel()
            backend._lost()
            with pytest.raises(Outage, match="lost"):
                await patient
            with pytest.raises(asyncio.CancelledError):
                await gone

    asyncio.run(story())


def test_a_returned_command_is_an_outage_at_once():
    with pytest.raises(Outage, match="not there"):
        asked(bring_back, deadline_seconds=60)


def test_without_a_connection_one_waits_only_a_moment():
    with pytest.raises(Outage, match="away"):
        asyncio.run(Backend("amqp://x/?a=b", "r", 0.02).ask(QUESTION))


def test_a_command_waits_for_a_connection_that_is_about_to_be_made(monkeypatch):
    monkeypatch.setattr(backends, "PATIENCE_SECONDS", 2.0)

    async def story():
        async with connected(reply(DONE)) as (backend, broker):
            await broker.stop()
            await until(lambda: not backend.connected)
            asking = asyncio.create_task(backend.ask(QUESTION))
            await asyncio.sleep(0.01)
            await broker.start()
            assert (await asking).replayed

    asyncio.run(story())


def test_a_lost_connection_fails_all_who_wait_and_is_made_again():
    async def story():
        async with connected() as (backend, broker):
            asking = asyncio.create_task(backend.ask(QUESTION, 60))
            await until(lambda: broker.commands)
            broker.hang_up()
            with pytest.raises(Outage, match="lost"):
                await asking
            assert not backend.connected
            broker.told = reply(DONE)
            await until(lambda: backend.connected)
            assert (await backend.ask(QUESTION)).replayed
            assert len(broker.said) == 2

    asyncio.run(story())


def test_a_refused_connection_is_tried_again():
    async def story():
        broker = PlainBroker()
        await broker.start()
        await broker.stop()
        backend = Backend(broker.uri(), "r")
        running = asyncio.create_task(backend.run())
        await asyncio.sleep(0.05)
        assert not backend.connected
        await broker.start()
        await until(lambda: backend.connected)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert not backend.connected
        await broker.stop()

    asyncio.run(story())


def test_a_broker_that_does_not_greet_is_given_up(monkeypatch):
    monkeypatch.setattr(backends, "CONNECT_SECONDS", 0.05)

    async def story():
        broker = PlainBroker()
        broker.answers["ProtocolHeader"] = None
        await broker.start()
        running = asyncio.create_task(Backend(broker.uri(), "r").run())
        await until(lambda: len(broker.said) == 2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await broker.stop()

    asyncio.run(story())


def test_a_blocked_broker_gets_no_commands_until_it_is_unblocked():
    async def story():
        async with connected(reply(DONE)) as (backend, broker):
            broker.say(commands.Connection.Blocked("low on memory"))
            await until(lambda: not backend.connected)
            with pytest.raises(Outage, match="away"):
                await backend.ask(QUESTION, 60)
            assert not broker.commands
            broker.say(commands.Connection.Unblocked())
            assert (await backend.ask(QUESTION)).replayed
            assert len(broker.said) == 1

    asyncio.run(story())


def test_too_many_in_flight_is_busy(monkeypatch):
    monkeypatch.setattr(backends, "MOST_IN_FLIGHT", 3)

    async def story():
        async with connected() as (backend, broker):
            asking = [asyncio.create_task(backend.ask(QUESTION)) for _ in range(3)]
            await until(lambda: len(broker.commands) == 3)
            with pytest.raises(Problem) as caught:
                await backend.ask(QUESTION)
            assert caught.value.code.code == "service.busy"
            for one in asking:
                one.cancel()

    asyncio.run(story())


def test_a_command_too_large_for_the_broker_is_refused_and_nothing_is_lost():
    large = replace(QUESTION, command=ApproveMember(member_id="a" * backends.MOST_BODY_BYTES))

    async def story():
        async with connected(reply(DONE)) as (backend, broker):
            for _ in range(6):
                with pytest.raises(Problem) as caught:
                    await backend.ask(large)
                assert (caught.value.status, caught.value.code.code) == (413, "request.too_large")
            assert backend.circuits["members"].failures == 0
            assert not broker.commands
            assert (await backend.ask(QUESTION)).replayed
            assert len(broker.said) == 1

    asyncio.run(story())


def test_after_failures_in_a_row_the_circuit_opens_and_a_probe_closes_it():
    async def story():
        async with connected() as (backend, broker):
            for _ in range(5):
                with pytest.raises(Outage):
                    await backend.ask(QUESTION, 0.001)
            with pytest.raises(Outage, match="lately"):
                await backend.ask(QUESTION, 60)

            circuit = backend.circuits["members"]
            circuit.open_seconds = 0
            broker.told = reply({"result": None})
            assert (await backend.ask(QUESTION)).result is None
            assert not circuit.is_open

    asyncio.run(story())


def test_only_one_probe_at_a_time():
    circuit = Circuit(failures_to_open=1, open_seconds=0)
    circuit.failed()
    circuit.enter()
    with pytest.raises(Outage):
        circuit.enter()
    circuit.left()
    circuit.enter()


def test_a_refusal_is_an_answer_not_a_failure():
    async def story():
        refusal = {"refusal": {"code": "members.not_yours", "detail": "no"}}
        async with connected(reply(refusal)) as (backend, _):
            for _ in range(6):
                with pytest.raises(Problem):
                    await backend.ask(QUESTION)
            assert backend.circuits["members"].failures == 0

    asyncio.run(story())


@pytest.mark.parametrize(
    ("told", "raised"),
    [
        ({"outage": "database", "retry_after_seconds": 7}, Outage),
        ({"bug": "r1"}, Bug),
        ({}, Bug),
    ],
)
def test_other_replies_raise(told, raised):
    with pytest.raises(raised):
        read(told)
