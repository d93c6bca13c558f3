"""One queue's deliveries: settled once, wherever the connection has gone."""

import pytest
from amqp.exceptions import ConnectionForced

from chassis import intake as module
from chassis.intake import Intake
from tests.support.plain import Channel, a_delivery


class Message:
    """What py-amqp hands over."""

    def __init__(self, body, properties=None):
        self.body, self.properties = body, properties or {}
        self.delivery_info = {"delivery_tag": 1}
        self.channel = Channel()


def an_intake(receive=print):
    return Intake("amqp://x", "queue", prefetch=1, receive=receive, declare=print)


def test_a_message_becomes_a_delivery():
    taken = []
    an_intake(taken.append)._on_message(Message(b"{}", {"application_headers": {"a": 1}}))
    an_intake(taken.append)._on_message(Message("", {"application_headers": None}))

    assert [(one.body, one.headers, one.tag) for one in taken] == [
        (b"{}", {"a": 1}, 1),
        (b"", {}, 1),
    ]


def test_settling_tells_the_broker():
    intake, done, back = an_intake(), a_delivery(), a_delivery()

    intake.ack(done)
    intake.requeue(back)

    assert done.channel.settled == [("ack", 1)]
    assert back.channel.settled == [("requeue", 1)]


def test_a_batch_is_told_by_one_frame_unless_something_before_it_is_unsettled():
    taken = []
    intake, channel, other = an_intake(taken.append), Channel(), Channel()
    for tag in range(1, 7):
        message = Message(b"{}")
        message.delivery_info, message.channel = {"delivery_tag": tag}, channel
        intake._on_message(message)
    one, two, three, four, five, six = taken
    elsewhere = a_delivery(tag=2)
    object.__setattr__(elsewhere, "channel", other)

    intake.ack_all([two, one, five, elsewhere])
    assert channel.settled == [("ack", 5), ("ack up to", 2)], "3 and 4 are not done yet"
    assert other.settled == [("ack", 2)]

    intake.requeue(three)
    intake.ack_all([six, four])
    assert channel.settled[2:] == [("requeue", 3), ("ack up to", 6)]
    assert not intake._unsettled


@pytest.mark.parametrize("error", [ConnectionForced("closed"), OSError(), AttributeError("gone")])
def test_settling_on_a_lost_connection_is_not_an_error(error):
    delivery = a_delivery()
    object.__setattr__(delivery, "channel", Channel(error))

    an_intake().ack(delivery)


def test_a_lost_connection_is_made_again_until_stopped(monkeypatch):
    tries = []

    def connect(uri):
        tries.append(uri)
        if len(tries) == 3:
            intake.stop()
        raise ConnectionRefusedError

    monkeypatch.setattr(module, "connect", connect)
    monkeypatch.setattr(module, "BACKOFF_SECONDS", (0,))
    intake = an_intake()

    intake.run()

    assert len(tries) == 3
    assert intake.connected is False
