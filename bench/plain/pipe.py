"""Raw publish and consume: persistent messages on a quorum queue, batch confirms, batch acks."""

import os
import sys
from typing import Any

import amqp

from bench.plain.echo import connect

QUEUE = "bench.pipe"
BATCH = 200


def confirmed(connection: Any, bodies: list[bytes], exchange: str = "", key: str = QUEUE) -> None:
    """Publish a batch and wait until the broker has it."""
    channel = connection.channel()
    channel.confirm_select()
    open_tags: set[int] = set()

    def on_ack(tag: int, multiple: bool) -> None:
        done = {one for one in open_tags if one <= tag} if multiple else {tag}
        open_tags.difference_update(done)

    channel.events["basic_ack"].add(on_ack)
    for number, body in enumerate(bodies, start=1):
        open_tags.add(number)
        channel.basic_publish(amqp.Message(body, delivery_mode=2), exchange, key)
    while open_tags:
        connection.drain_events(timeout=10)
    channel.close()


def prepare(connection: Any) -> None:
    """An empty quorum queue."""
    channel = connection.channel()
    channel.queue_declare(
        QUEUE, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
    )
    channel.queue_purge(QUEUE)
    channel.close()


def consume(connection: Any, count: int) -> None:
    """Take so many messages, acknowledging in batches."""
    channel = connection.channel()
    channel.basic_qos(0, BATCH * 2, False)
    taken = 0

    def take(message: Any) -> None:
        nonlocal taken
        taken += 1
        if taken % BATCH == 0:
            channel.basic_ack(message.delivery_tag, multiple=True)

    consumer = channel.basic_consume(QUEUE, callback=take)
    while taken < count:
        connection.drain_events(timeout=10)
    channel.basic_cancel(consumer)
    channel.close()


def publish(connection: Any, count: int, size: int) -> None:
    """Batches with a wait for the confirms after each."""
    body = b"x" * size
    for _ in range(count // BATCH):
        confirmed(connection, [body] * BATCH)


if __name__ == "__main__":
    speaker = connect(os.environ["AMQP_URI"])
    print("ready", flush=True)
    sys.stdin.readline()
    publish(speaker, int(sys.argv[1]), int(sys.argv[2]))
