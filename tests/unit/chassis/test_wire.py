"""What is written of a command is what is read of it, and no more is needed to write it."""

import time

import orjson
import pytest

from chassis import wire
from chassis.call import Actor, Call
from chassis.waited import Waited
from contracts.codec import Malformed
from contracts.members.commands import CreateArea

KEDIRI = CreateArea(id="35.71", name="Kota Kediri", codes=("35.71",))
PATIENCE = wire.Patience("gateway", 7.5, 5.0)
ASKED = {
    "actor": Actor(member_id="koko", session_id="s", address="127.0.0.1"),
    "request_id": "r",
    "traceparent": "t",
    "key": "k",
    "fingerprint": "f",
    "if_match": 3,
}


def test_the_body_is_read_as_it_was_meant():
    body = orjson.loads(orjson.dumps(wire.body(KEDIRI, patience=PATIENCE, **ASKED)))

    call = wire.read(body, CreateArea, Waited())

    assert call == Call(command=KEDIRI, deadline=call.deadline, **ASKED)
    assert call.deadline == pytest.approx(time.time() + 5.0, abs=1.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("command", {"id": 7}),
        ("actor", "root"),
        ("within_seconds", "soon"),
        ("within_seconds", None),
        ("asked_at", float("nan")),
    ],
)
def test_another_body_is_refused(name, value):
    body = {**wire.body(KEDIRI, patience=PATIENCE, **ASKED), name: value}

    with pytest.raises((Malformed, ValueError, TypeError)):
        wire.read(body, CreateArea, Waited())
