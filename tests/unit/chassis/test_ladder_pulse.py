"""What goes up the ladder comes back as what it was."""

from types import SimpleNamespace

import pytest

from chassis.ladder import Ladder
from tests.support.plain import Deaf, a_delivery


@pytest.mark.parametrize(("headers", "kept"), [({"kind": "pulse"}, "pulse"), ({"kind": 7}, None)])
def test_a_pulse_that_is_tried_again_is_still_a_pulse(headers, kept):
    publisher, intake = Deaf(), SimpleNamespace(ack=print, requeue=print)
    ladder = Ladder("hear.x.y", (1.0,), desk=None, publisher=publisher, intake=intake)

    ladder.again_later(a_delivery(b"{}", application_headers=headers), ValueError("a bug"))

    (message,) = publisher.delivered
    assert message.headers.get("kind") == kept
