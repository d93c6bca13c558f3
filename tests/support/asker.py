"""A gateway in small: sends commands with reply-to, collects the answers, repeats with the key."""

import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import amqp
import orjson

from chassis.asking import question
from chassis.call import Actor
from contracts.command import Command
from tests.support.infrastructure import GONE, Stage

Answer = dict[str, Any]
REPLY_TO = "amq.rabbitmq.reply-to"
LONGEST_PATIENCE_SECONDS = 10.0


class Asker:
    """One connection, any number of commands under way."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.answers: dict[str, Answer] = {}
        self._count = 0
        self._connection: Any = None
        self._connect()

    def _connect(self) -> None:
        self.close()
        self._connection = self._stage.ground.connection()
        self._channel = self._connection.channel()
        self._channel.basic_consume(REPLY_TO, no_ack=True, callback=self._on_answer)

    def _on_answer(self, message: Any) -> None:
        number = message.properties["correlation_id"]
        self.answers.setdefault(number, orjson.loads(message.body))

    def send(
        self, command: Command, seconds: float = 5.0, queue: str | None = None, **wire: Any
    ) -> str:
        """Send one command; `wire` overrides fields of the body. Gives the number of the answer."""
        self._count += 1
        number = str(self._count)
        body = {**question(command, Actor(), seconds), **wire}
        if body["key"] is not None and body["fingerprint"] is None:
            body["fingerprint"] = orjson.dumps(body["command"]).hex()
        message = amqp.Message(
            orjson.dumps(body),
            reply_to=REPLY_TO,
            correlation_id=number,
            content_type="application/json",
            expiration=str(int(seconds * 1000)),
        )
        self._channel.basic_publish(message, "", queue or self._stage.ask_queue())
        return number

    def send_raw(self, message: amqp.Message) -> None:
        """Put anything into the ledger's command queue."""
        self._channel.basic_publish(message, "", self._stage.ask_queue())

    def wait(self, numbers: Iterable[str], seconds: float = 10.0) -> list[Answer | None]:
        """The answers; None for those that did not come in time."""
        wanted, deadline = list(numbers), time.monotonic() + seconds
        while not self.answers.keys() >= set(wanted) and time.monotonic() < deadline:
            try:
                self._connection.drain_events(timeout=max(0.01, deadline - time.monotonic()))
            except TimeoutError:
                break
            except (OSError, amqp.AMQPError):
                self._connect()
                break
        return [self.answers.get(number) for number in wanted]

    def ask(self, command: Command, seconds: float = 5.0, **wire: Any) -> Answer:
        """Send one command and give its answer."""
        (answer,) = self.wait([self.send(command, seconds, **wire)], seconds + 1)
        assert answer is not None, f"{command.verb} was not answered"
        return answer

    def ask_all(
        self, commands: dict[str, Command], seconds: float = 90.0, patience: float = 1.5
    ) -> dict[str, Answer]:
        """Send each command under its key, again and again until it is done or refused.

        Answers that come late count; the patience grows, so that a slow service is not flooded.
        """
        done: dict[str, Answer] = {}
        sent: dict[str, str] = {}
        deadline = time.monotonic() + seconds
        while len(done) < len(commands):
            assert time.monotonic() < deadline, f"{len(commands) - len(done)} never answered"
            numbers = self._send_all({k: c for k, c in commands.items() if k not in done})
            sent |= numbers
            self.wait(numbers, patience)
            patience = min(1.5 * patience, LONGEST_PATIENCE_SECONDS)
            for number, key in sent.items():
                answer = self.answers.get(number, {})
                if "result" in answer or _is_final(answer.get("refusal")):
                    done.setdefault(key, answer)
        return done

    def _send_all(self, commands: dict[str, Command]) -> dict[str, str]:
        try:
            return {self.send(command, key=key): key for key, command in commands.items()}
        except (OSError, amqp.AMQPError):
            self._connect()
            return {}

    def close(self) -> None:
        """Hang up."""
        with suppress(*GONE):
            self._connection.close()


def _is_final(refusal: Answer | None) -> bool:
    return refusal is not None and refusal["code"] not in (
        "idempotency.in_progress",
        "service.busy",
    )
