"""`@answers(Command)`: commands over the broker with direct reply-to, and a plain client.

Transient, without confirms: a lost command shows as a timeout and is safe to repeat with its key.
A command whose caller has given up is dropped before any work starts.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import amqp
import orjson
from nameko.extensions import Entrypoint
from prometheus_client import Counter, Histogram

from chassis import clock, topology, wire
from chassis import log as context
from chassis.answer import Answer
from chassis.broker import BROKER_ERRORS, close, connect
from chassis.call import Actor, Call
from chassis.errors import Outage, Refusal
from chassis.intake import Delivery, Intake, TakesIn
from chassis.mongo import is_outage
from chassis.waited import Waited
from contracts.codec import Malformed
from contracts.command import Command

log = context.get_logger()

LARGEST_REPLY_BYTES = 512 * 1024

ANSWERED = Counter("jejaring_commands_total", "Commands answered, by outcome", ["verb", "outcome"])
TOOK = Histogram("jejaring_command_seconds", "Time from arrival to answer", ["service"])


class Asked(TakesIn):
    """A service's one command queue, shared by all its answering methods."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.methods: dict[str, Answers] = {}
        self.waited = Waited()

    def setup(self) -> None:
        """Prepare the intake."""
        self.settings = self.container.config["settings"]
        self.intake = Intake(
            self.settings.amqp_uri,
            topology.ask_queue(self.settings.region, self.container.service_name),
            prefetch=self.settings.ask_workers,
            receive=self._receive,
            declare=self.declare,
        )

    def declare(self, connection: Any) -> None:
        """This service's command queue."""
        topology.declare_asked(connection, self.settings, self.container.service_name)

    def _receive(self, delivery: Delivery) -> None:
        """Start the work for one command, or answer at once when it cannot be read."""
        arrived = time.monotonic()
        try:
            call = self._call(orjson.loads(delivery.body))
        except (Malformed, ValueError, TypeError, KeyError) as error:
            log.warning("command unreadable", error=repr(error))
            self._reply(delivery, orjson.dumps({"bug": "unreadable command"}))
            return
        if time.time() >= call.deadline:
            ANSWERED.labels(call.verb, "expired").inc()
            self.intake.ack(delivery)
            return
        done = partial(self._answered, delivery, call, arrived)
        method = self.methods[call.verb]
        self.container.spawn_worker(method, (call,), {}, handle_result=done)

    def _call(self, raw: Any) -> Call:
        verb = raw["verb"]
        return wire.read(raw, self.methods[verb].commands[verb], self.waited)

    def _answered(
        self, delivery: Delivery, call: Call, arrived: float, _: Any, answer: Any, exc_info: Any
    ) -> tuple[Any, Any]:
        outcome, body = told(answer, exc_info[1] if exc_info else None, call.request_id)
        ANSWERED.labels(call.verb, outcome).inc()
        TOOK.labels(call.command.service).observe(time.monotonic() - arrived)
        self._reply(delivery, body)
        return answer, exc_info

    def _reply(self, delivery: Delivery, body: bytes) -> None:
        """Send the answer, then acknowledge; a caller that is gone is no reason to fail."""
        try:
            message = amqp.Message(
                body, correlation_id=delivery.properties.get("correlation_id", "")
            )
            delivery.channel.basic_publish(message, "", delivery.properties.get("reply_to", ""))
        except (*BROKER_ERRORS, AttributeError) as error:
            log.info("reply lost", error=repr(error))
        self.intake.ack(delivery)


class Answers(Entrypoint):
    """Runs the method with the Call for each command and replies with its Answer."""

    asked = Asked()

    def __init__(self, *commands: type[Command], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.expected_exceptions = (Refusal, Outage)
        self.commands = {command.verb: command for command in commands}

    def setup(self) -> None:
        """Say which commands are ours."""
        self.asked.methods.update(dict.fromkeys(self.commands, self))
        for verb in self.commands:
            ANSWERED.labels(verb, "bug")  # told as 0, so that an alert sees the first one

    def stop(self) -> None:
        """Answer what was taken, take nothing new."""
        self.asked.drain()


def told(answer: Answer | None, error: BaseException | None, request: str) -> tuple[str, bytes]:
    """An outcome and the reply's body; an answer that JSON cannot hold is a bug, not a crash.

    A change of a thousand subjects has more facts than a message may be long: the first of them
    are told here, the others come over the exchange like all facts.
    """
    outcome, body = _told(answer, error, request)
    try:
        encoded = orjson.dumps(body)
        if len(encoded) > LARGEST_REPLY_BYTES and "facts" in body:
            encoded = orjson.dumps({**body, "facts": list(_first(body["facts"]))})
        return outcome, encoded
    except TypeError:
        log.exception("answer unspeakable", request_id=request)
        return "bug", orjson.dumps({"bug": request})


def _first(facts: Iterable[Any]) -> Iterator[Any]:
    """As many as fit into a reply."""
    room = LARGEST_REPLY_BYTES // 2
    for fact in facts:
        room -= len(orjson.dumps(fact))
        if room < 0:
            return
        yield fact


def _told(answer: Answer | None, error: BaseException | None, request: str) -> tuple[str, Any]:
    if isinstance(error, Refusal):
        caused = {"facts": error.facts} if error.facts else {}
        return "refused", {"refusal": error.as_dict(), **caused}
    if isinstance(error, Outage):
        return "outage", {"outage": str(error), "retry_after_seconds": error.retry_after_seconds}
    if error is not None and is_outage(error):
        return _told(None, Outage(f"database: {type(error).__name__}"), request)
    if error is not None or answer is None:
        return "bug", {"bug": request}
    return "done", {"result": answer.result, "facts": answer.facts, "replayed": answer.replayed}


answers: Callable[..., Any] = Answers.decorator


def question(command: Command, actor: Actor, deadline_seconds: float) -> dict[str, Any]:
    """The body of a command on the wire."""
    return wire.body(
        command,
        actor,
        wire.Patience(clock.new_id(), time.monotonic(), deadline_seconds),
        request_id=clock.new_id(),
        traceparent=context.new_traceparent(),
    )


def call(
    amqp_uri: str, region: str, command: Command, *, actor: Actor, deadline_seconds: float = 5.0
) -> Any:
    """Ask once and wait: the result; for scripts and sweeps, on a connection of its own.

    Raises Outage when nobody answers in time, LookupError with the body when it was refused.
    """
    connection = None
    try:
        connection = connect(amqp_uri)
        reply = _exchange(connection, region, command, actor, deadline_seconds)
    except BROKER_ERRORS as error:
        raise Outage(f"{command.verb} was not answered: {error!r}") from error
    finally:
        close(connection)
    if "result" not in reply:
        raise LookupError(orjson.dumps(reply).decode())
    return reply["result"]


def _exchange(
    connection: Any, region: str, command: Command, actor: Actor, seconds: float
) -> dict[str, Any]:
    """Publish the command and wait for the one reply."""
    replies: list[bytes] = []
    channel = connection.channel()
    channel.basic_consume(
        "amq.rabbitmq.reply-to", no_ack=True, callback=lambda reply: replies.append(reply.body)
    )
    message = amqp.Message(
        orjson.dumps(question(command, actor, seconds)),
        reply_to="amq.rabbitmq.reply-to",
        expiration=str(int(seconds * 1000)),
    )
    channel.basic_publish(message, "", topology.ask_queue(region, command.service))
    until = time.monotonic() + seconds
    while not replies:
        connection.drain_events(timeout=max(0.01, until - time.monotonic()))
    return orjson.loads(replies[0])  # type: ignore[no-any-return]
