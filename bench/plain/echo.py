"""A raw RPC echo on py-amqp with direct reply-to: the server as a program, the client as calls."""

import os
import time
from typing import Any

import amqp

QUEUE = "bench.echo"
REPLY_TO = "amq.rabbitmq.reply-to"
BODY = b'{"text": "sixty bytes or so, as small commands are in reality"}'


class Plain(amqp.Connection):  # type: ignore[misc]
    """Without `connection.blocked`: py-amqp would read the socket before every publish."""

    negotiate_capabilities = {
        name: wanted
        for name, wanted in amqp.Connection.negotiate_capabilities.items()
        if name != "connection.blocked"
    }


def serve(connection: Any) -> None:
    """Answer every message with its own body, for ever."""
    channel = connection.channel()
    channel.auto_decode = False
    channel.queue_declare(QUEUE, durable=False, auto_delete=True)

    def answer(message: Any) -> None:
        reply = amqp.Message(message.body, correlation_id=message.properties["correlation_id"])
        channel.basic_publish(reply, "", message.properties["reply_to"])

    channel.basic_consume(QUEUE, no_ack=True, callback=answer)
    while True:
        connection.drain_events()


class Client:
    """Asks, and counts the answers."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._channel = connection.channel()
        self._channel.auto_decode = False
        self._channel.basic_consume(REPLY_TO, no_ack=True, callback=self._take)
        self.answered = 0

    def _take(self, _: Any) -> None:
        self.answered += 1

    def ask(self, number: int) -> None:
        """Send one."""
        message = amqp.Message(BODY, reply_to=REPLY_TO, correlation_id=str(number))
        self._channel.basic_publish(message, "", QUEUE)

    def latencies(self, seconds: float) -> list[float]:
        """One by one."""
        found, began = list[float](), time.perf_counter()
        while (sent := time.perf_counter()) - began < seconds:
            wanted = self.answered + 1
            self.ask(wanted)
            while self.answered < wanted:
                self._connection.drain_events(timeout=5)
            found.append(time.perf_counter() - sent)
        return found

    def rate(self, seconds: float, depth: int) -> float:
        """Answers per second with so many under way."""
        began, first, asked = time.perf_counter(), self.answered, 0
        while time.perf_counter() - began < seconds:
            while asked - (self.answered - first) < depth:
                asked += 1
                self.ask(asked)
            self._connection.drain_events(timeout=5)
        counted = self.answered - first
        took = time.perf_counter() - began
        while self.answered - first < asked:
            self._connection.drain_events(timeout=5)
        return counted / took


def connect(uri: str) -> Any:
    """A connection to the broker."""
    from kombu.utils.url import parse_url

    target = parse_url(uri)
    made = Plain(
        host=f"{target['hostname']}:{target['port']}",
        userid=target["userid"],
        password=target["password"],
        virtual_host=target["virtual_host"] or "/",
    )
    made.connect()
    return made


if __name__ == "__main__":
    serve(connect(os.environ["AMQP_URI"]))
