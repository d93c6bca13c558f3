"""The gateway's own AMQP connection against a real broker."""

import asyncio
import contextlib
import threading

import amqp
import orjson
import pytest

from chassis.broker import close, connect
from chassis.call import Actor
from chassis.errors import Outage
from chassis.topology import ask_queue
from contracts.members.commands import ApproveMember
from gateway.amqp import Address, Connection, Lost
from gateway.backend import Backend
from gateway.question import Question
from tests.support.plain_broker import until

REGION = "asked"
LARGE = "x" * 300_000  # more than two frames


def question(member_id="ayu"):
    return Question(
        command=ApproveMember(member_id=member_id),
        actor=Actor(member_id="koko"),
        request_id="r",
        traceparent="t",
    )


@pytest.fixture
def echo(ground):
    """Answers commands with their own body until the test ends."""
    connection = connect(ground.amqp_uri)
    channel = connection.channel()
    queue = ask_queue(REGION, "members")
    channel.queue_declare(queue, auto_delete=True)

    def answer(message):
        body = orjson.dumps({"result": orjson.loads(message.body)})
        reply = amqp.Message(body, correlation_id=message.properties["correlation_id"])
        channel.basic_publish(reply, "", message.properties["reply_to"])

    channel.basic_consume(queue, no_ack=True, callback=answer)
    ending = threading.Event()

    def serve():
        while not ending.is_set():
            with contextlib.suppress(TimeoutError):
                connection.drain_events(timeout=0.05)

    thread = threading.Thread(target=serve)
    thread.start()
    yield
    ending.set()
    thread.join()
    close(connection)


@contextlib.asynccontextmanager
async def asking(ground):
    """A connected backend."""
    backend = Backend(ground.amqp_uri, REGION)
    running = asyncio.create_task(backend.run())
    await until(lambda: backend.connected)
    yield backend
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.usefixtures("echo")
def test_many_at_once_and_large_ones_get_their_own_replies(ground):
    names = [str(number) for number in range(200)] + [LARGE]

    async def story():
        async with asking(ground) as backend:
            replies = await asyncio.gather(*(backend.ask(question(name)) for name in names))
            assert [reply.result["command"]["member_id"] for reply in replies] == names

    asyncio.run(story())


def test_a_command_that_no_queue_takes_is_an_outage_at_once(ground):
    async def story():
        async with asking(ground) as backend:
            for _ in range(3):
                with pytest.raises(Outage, match="not there"):
                    await backend.ask(question(LARGE), 60)

    asyncio.run(story())


def test_a_connection_that_the_broker_closes_is_made_again(ground):
    async def story():
        async with asking(ground) as backend:
            first = backend._connection
            await asyncio.to_thread(ground.close_all_connections)
            assert "320" in str(await asyncio.wait_for(first.ended, 5))
            await until(lambda: backend.connected and backend._connection is not first)
            with pytest.raises(Outage, match="not there"):
                await backend.ask(question(), 60)

    asyncio.run(story())


def test_a_wrong_password_is_told_as_what_it_is(ground):
    async def story():
        connection = Connection(lambda *_: None, lambda _: None)
        address = Address.of(ground.amqp_uri)
        wrong = Address(**{**vars(address), "password": "wrong"})
        with pytest.raises(Lost, match="403 ACCESS_REFUSED"):
            await asyncio.wait_for(connection.open(wrong), 10)

    asyncio.run(story())
