"""Publishing waits for confirms under a deadline, and strangers' properties are survived."""

import struct
from types import SimpleNamespace

import pytest
from amqp.exceptions import ConnectionForced

from chassis import broker
from chassis.broker import Message, Publisher, close, readable_properties
from chassis.errors import Outage


class Events(dict):
    def __missing__(self, name):
        self[name] = set()
        return self[name]


class Connection:
    """A broker in one object; `plan` says what it does with each message."""

    def __init__(self, plan):
        self.plan, self.events, self.waiting = list(plan), Events(), []
        self.published, self.ticks, self.transport = [], 0, self
        self.is_open, self.error = True, None

    def channel(self):
        return self

    def confirm_select(self):
        """Always."""

    def basic_publish(self, message, exchange, key, mandatory, timeout):
        self.published.append((message, exchange, key, mandatory))
        self.waiting.append((len(self.published), message, key))

    def drain_events(self, timeout):
        if self.error:
            raise self.error
        if not self.waiting:
            raise TimeoutError
        tag, message, key = self.waiting.pop(0)
        {"ack": self._ack, "nack": self._nack, "return": self._return, "all": self._all}[
            self.plan.pop(0) if self.plan else "ack"
        ](tag, message, key)

    def _ack(self, tag, *_):
        for told in self.events["basic_ack"]:
            told(tag, False)

    def _all(self, *_):
        self.waiting.clear()
        for told in self.events["basic_ack"]:
            told(len(self.published), True)

    def _nack(self, tag, *_):
        for told in self.events["basic_nack"]:
            told(tag, False)

    def _return(self, tag, message, key):
        for told in self.events["basic_return"]:
            told(None, "", key, message)
        self._ack(tag)

    def heartbeat_tick(self, rate):
        self.ticks += 1

    def close(self):
        self.is_open = False


@pytest.fixture
def made(monkeypatch):
    """The connections that were made; `made.connect.plan` says what the next one does."""
    connections = []

    def connect(uri):
        if isinstance(connect.error, Exception):
            raise connect.error
        connections.append(Connection(connect.plan))
        return connections[-1]

    connect.plan, connect.error = [], None
    monkeypatch.setattr(broker, "connect", connect)
    return SimpleNamespace(connections=connections, connect=connect)


def some_messages(count):
    return [
        Message(exchange="facts", routing_key=f"k{n}", body=b"{}", message_id=f"m{n}")
        for n in range(count)
    ]


def test_a_batch_is_confirmed_one_by_one_or_all_at_once(made):
    publisher = Publisher("amqp://x")

    assert publisher.publish(some_messages(3)) == set()
    made.connections[0].plan = ["all"]
    assert publisher.publish(some_messages(3)) == set()

    assert len(made.connections) == 1
    message, exchange, key, mandatory = made.connections[0].published[0]
    assert (exchange, key, mandatory) == ("facts", "k0", True)
    assert message.properties["delivery_mode"] == 2
    assert "expiration" not in message.properties


def test_what_no_queue_wanted_is_told(made):
    made.connect.plan = ["ack", "return", "ack"]
    publisher = Publisher("amqp://x")

    assert publisher.publish(some_messages(3)) == {"m1"}
    assert publisher.publish(some_messages(1)) == set(), "and forgotten"


def test_delivering_needs_a_queue(made):
    made.connect.plan = ["return"]
    lost = Message(exchange="", routing_key="hear.nobody", body=b"{}")

    with pytest.raises(Outage, match=r"there is no queue hear\.nobody"):
        Publisher("amqp://x").deliver(lost)
    made.connect.plan = ["ack"]
    Publisher("amqp://x").deliver(lost)


def test_a_message_may_expire():
    message = Message(exchange="", routing_key="k", body=b"{}", expiration_ms=1500).as_amqp()

    assert message.properties["expiration"] == "1500"


@pytest.mark.parametrize("plan", [["nack"], ["ack", "nack"]])
def test_a_refused_message_is_an_outage_and_the_next_try_connects_anew(made, plan):
    made.connect.plan = plan
    publisher = Publisher("amqp://x")

    with pytest.raises(Outage, match="broker: "):
        publisher.publish(some_messages(2))
    made.connect.plan = []
    assert publisher.publish(some_messages(2)) == set()

    assert [connection.is_open for connection in made.connections] == [False, True]


@pytest.mark.parametrize("error", [ConnectionForced("closed"), OSError("reset")])
def test_a_lost_connection_is_an_outage(made, error):
    publisher = Publisher("amqp://x")
    publisher.publish(some_messages(1))
    made.connections[0].error = error

    with pytest.raises(Outage):
        publisher.publish(some_messages(1))


def test_no_confirm_within_the_deadline_is_an_outage(made):
    with pytest.raises(Outage, match="no confirm within the deadline"):
        Publisher("amqp://x", deadline_seconds=-1).publish(some_messages(1))


def test_a_bug_while_publishing_forgets_the_connection_too(made):
    publisher = Publisher("amqp://x")
    publisher.publish(some_messages(1))
    made.connections[0].error = ZeroDivisionError()

    with pytest.raises(ZeroDivisionError):
        publisher.publish(some_messages(1))

    assert made.connections[0].is_open is False


def test_a_beat_keeps_a_connection_alive_and_drops_a_dead_one(made):
    publisher = Publisher("amqp://x")
    publisher.beat()
    publisher.publish(some_messages(1))
    publisher.beat()
    assert made.connections[0].ticks == 1
    made.connections[0].plan, made.connections[0].waiting = ["ack"], [(1, None, "k")]
    publisher.beat()

    made.connections[0].error = OSError("reset")
    publisher.beat()
    assert made.connections[0].is_open is False
    publisher.publish(some_messages(1))
    publisher.close()
    assert [connection.is_open for connection in made.connections] == [False, False]


def test_a_broker_that_is_away_is_an_outage(made):
    made.connect.error = ConnectionRefusedError()

    with pytest.raises(Outage, match="ConnectionRefusedError"):
        Publisher("amqp://x").publish(some_messages(1))


def test_closing_nothing_is_fine():
    close(None)
    broken = Connection([])
    broken.close = lambda: (_ for _ in ()).throw(OSError())
    close(broken)
    broken.transport = None
    close(broken)


@pytest.mark.parametrize(
    "raw",
    [
        struct.pack(">HB", 0x8000, 2) + b"\xff\xfe",
        struct.pack(">HB", 0x0200, 1) + b"\xff",
        struct.pack(">HI", 0x2000, 11) + b"\x01kT" + b"\x7f" * 8,
        struct.pack(">HI", 0x2000, 3) + b"\x01k?",
        struct.pack(">HI", 0x2000, 900) + b"\x01k",
        b"\x80",
    ],
)
def test_properties_that_cannot_be_decoded_count_as_none(raw):
    assert readable_properties(raw, 0) == ({}, len(raw))


def test_good_properties_are_read():
    raw = struct.pack(">HB", 0x8000, 4) + b"text"

    assert readable_properties(raw, 0) == ({"content_type": "text"}, len(raw))
