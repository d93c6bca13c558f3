"""What the broker holds: an exchange for facts, queues per hearer, a queue per answering service.

Facts of other regions have an exchange of their own, so that nobody hears them by mistake; what is
told to another region, and what comes from it, has one for each of them (they alone are federated).

Declared by a step of its own before any producer runs, so a hearer that comes late misses nothing.
Everything durable is a quorum queue: after a broker crash a classic queue redelivers thousands of
acknowledged messages, a quorum queue a handful (measured).
"""

from collections.abc import Sequence
from typing import Any

from kombu import Exchange, Queue

from chassis.settings import Settings

FACTS = Exchange("jejaring.facts", type="topic", durable=True)
ABROAD = Exchange("jejaring.abroad", type="topic", durable=True)
TO, FROM = "jejaring.to.", "jejaring.from."
PULSE = "pulse"
BORDER = "border"
# RabbitMQ 4 drops a fact that came back 20 times unless told otherwise; 3 does not know -1.
UNLIMITED = 2**31 - 1


def hear_queue(region: str, hearer: str) -> str:
    """The queue in which a hearer's facts wait."""
    return f"hear.{region}.{hearer}"


def ask_queue(region: str, service: str) -> str:
    """The queue in which a service's commands wait."""
    return f"ask.{region}.{service}"


def retry_queue(seconds: float, hearer_queue: str) -> str:
    """The queue in which a failed fact waits that long before it goes back."""
    return f"retry.{int(seconds * 1000)}ms.{hearer_queue}"


def declare_facts(connection: Any) -> None:
    """The exchanges that every fact goes to: the region's own, and what is heard from abroad."""
    with connection.channel() as channel:
        FACTS(channel).declare()
        ABROAD(channel).declare()


def declare_hearer(
    connection: Any, settings: Settings, hearer: str, facts: Sequence[str], options: Any
) -> None:
    """A hearer's queue, its bindings and its ladder of delays (all idempotent)."""
    name = hear_queue(settings.region, hearer)
    arguments = {
        "x-queue-type": "quorum",
        "x-single-active-consumer": options.single_active,
        "x-delivery-limit": UNLIMITED,
    }
    keys = [f"*.*.{fact}" for fact in facts]
    keys += [f"*.*.*.{PULSE}"] if options.pulses else []
    declare_facts(connection)
    with connection.channel() as channel:
        queue = Queue(name, durable=True, queue_arguments=arguments)(channel)
        queue.declare()
        for key in keys:
            queue.bind_to(FACTS, routing_key=key)
        for fact in options.abroad:
            queue.bind_to(ABROAD, routing_key=f"*.*.{fact}")
        for seconds in settings.retry_ladder_seconds:
            Queue(retry_queue(seconds, name), durable=True, queue_arguments=_delay(seconds, name))(
                channel
            ).declare()


def _delay(seconds: float, back_to: str) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-message-ttl": int(seconds * 1000),
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": back_to,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def open_way(connection: Any, region: str, hearer: str, peer: str, facts: Sequence[str]) -> None:
    """To and from another region: the hearer at the border hears it, and what it is to be told."""
    with connection.channel() as channel:
        queue = Queue(hear_queue(region, hearer), no_declare=True)(channel)
        for name in (TO + peer, FROM + peer):
            Exchange(name, type="topic", durable=True)(channel).declare()
        queue.bind_to(FROM + peer, routing_key="#")
        for fact in facts:
            queue.bind_to(FACTS, routing_key=f"{region}.*.{fact}")


def close_way(connection: Any, region: str, hearer: str, peer: str) -> None:
    """Nothing more comes from the other region."""
    with connection.channel() as channel:
        channel.queue_unbind(hear_queue(region, hearer), FROM + peer, "#")


def declare_asked(connection: Any, settings: Settings, service: str) -> None:
    """A service's command queue: commands are transient, the queue itself stays."""
    with connection.channel() as channel:
        Queue(
            ask_queue(settings.region, service),
            durable=True,
            queue_arguments={"x-max-length": 10_000, "x-overflow": "reject-publish"},
        )(channel).declare()
