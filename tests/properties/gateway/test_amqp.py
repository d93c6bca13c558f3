"""The gateway's own AMQP: frames, however they are cut."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pamqp import frame

from gateway import frames
from tests.component.gateway.test_amqp import REPLY, Told, feed
from tests.support.plain_broker import DELIVER, HEARTBEAT, RETURN, content


def test_replies_and_returns_come_with_their_number_however_they_are_cut():
    said = b"".join(
        (
            REPLY,
            content(RETURN, "2", b"ping"),
            content(DELIVER, "3", b""),
            frame.marshal(HEARTBEAT, 0),
            content(DELIVER, "4", b"x" * 300_000),
            content(DELIVER, "", b"nobody's"),
            content(
                DELIVER,
                "5",
                b"odd",
                content_type="text/plain",
                content_encoding="utf-8",
                headers={"a": [1, "b"]},
                delivery_mode=2,
                priority=3,
                message_id="m",
            ),
        )
    )
    expected = [
        (b"1", b"pong"),
        (b"2", None),
        (b"3", b""),
        (b"4", b"x" * 300_000),
        (b"", b"nobody's"),
        (b"5", b"odd"),
    ]

    @given(st.lists(st.integers(1, len(said) - 1), max_size=40))
    def story(cuts):
        told = Told()
        reader = frames.Reader(told.settle, None)
        places = [0, *sorted(cuts), len(said)]
        for start, end in pairwise(places):
            feed(reader, said[start:end])
        assert told.settled == expected

    story()
