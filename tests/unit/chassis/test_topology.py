"""Names of queues say whose they are."""

from types import SimpleNamespace

import pytest

from chassis import topology
from tests.support.plain import some_settings


class Channel:
    """Remembers what was declared; stands in for a connection too."""

    def __init__(self):
        self.queues, self.bound, self.unbound, self.exchanges = {}, [], [], []
        self.connection, self.is_open = None, True

    def channel(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def exchange_declare(self, exchange, **options):
        self.exchanges.append((exchange, options["type"], options["durable"]))

    def queue_declare(self, queue, arguments, **options):
        assert options["durable"]
        self.queues[queue] = arguments
        return queue, 0, 0

    def queue_bind(self, queue, exchange, routing_key, **_):
        self.bound.append((queue, exchange, routing_key))

    def queue_unbind(self, queue, exchange, routing_key, **_):
        self.unbound.append((queue, exchange, routing_key))

    def prepare_queue_arguments(self, arguments, **_):
        return arguments


def test_names():
    assert topology.hear_queue("kediri-raya", "projector") == "hear.kediri-raya.projector"
    assert topology.ask_queue("kediri-raya", "members") == "ask.kediri-raya.members"
    assert topology.retry_queue(0.1, "hear.x.y") == "retry.100ms.hear.x.y"


@pytest.mark.parametrize("pulses", [True, False])
def test_a_hearer_has_a_queue_its_facts_and_a_ladder(pulses):
    channel = Channel()
    options = SimpleNamespace(
        single_active=True, pulses=pulses, abroad=["events.event_restated.v1"]
    )
    settings = some_settings(retry_ladder_seconds=(1.0, 5.0))

    topology.declare_hearer(channel, settings, "projector", ["members.area_created.v1"], options)

    queue = "hear.kediri-raya.projector"
    assert list(channel.queues) == [queue, f"retry.1000ms.{queue}", f"retry.5000ms.{queue}"]
    assert channel.queues[queue]["x-queue-type"] == "quorum"
    assert channel.queues[queue]["x-single-active-consumer"] is True
    assert channel.queues[queue]["x-delivery-limit"] > 10**9, "RabbitMQ 4 would drop after 20"
    retry = channel.queues[f"retry.5000ms.{queue}"]
    assert (retry["x-message-ttl"], retry["x-dead-letter-routing-key"]) == (5000, queue)
    assert retry["x-overflow"] == "reject-publish"
    keys = ["*.*.members.area_created.v1", *(["*.*.*.pulse"] if pulses else [])]
    abroad = (queue, "jejaring.abroad", "*.*.events.event_restated.v1")
    assert channel.bound == [*((queue, "jejaring.facts", key) for key in keys), abroad]
    exchanges = ["jejaring.facts", "jejaring.abroad"]
    assert channel.exchanges == [(name, "topic", True) for name in exchanges]


def test_the_way_to_a_peer_is_open_in_both_directions_and_closes_in_one():
    channel = Channel()

    topology.open_way(channel, "kediri-raya", "federation", "semarang", ["events.attended.v1"])
    topology.close_way(channel, "kediri-raya", "federation", "semarang")

    queue = "hear.kediri-raya.federation"
    names = ["jejaring.to.semarang", "jejaring.from.semarang"]
    assert channel.exchanges == [(name, "topic", True) for name in names]
    assert channel.bound == [
        (queue, "jejaring.from.semarang", "#"),
        (queue, "jejaring.facts", "kediri-raya.*.events.attended.v1"),
    ]
    assert channel.unbound == [(queue, "jejaring.from.semarang", "#")]


def test_a_service_has_one_queue_for_commands():
    channel = Channel()

    topology.declare_asked(channel, some_settings(), "members")

    assert list(channel.queues) == ["ask.kediri-raya.members"]
