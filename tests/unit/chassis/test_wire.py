"""What is written of a command is what is read of it, and no more is needed to write it."""

import subprocess
import sys

import orjson
import pytest

from chassis import wire
from chassis.work import Actor, Call
from contracts.codec import Malformed
from contracts.members.commands import CreateArea

KEDIRI = CreateArea(id="35.71", name="Kota Kediri", codes=("35.71",))
ASKED = {
    "actor": Actor(member_id="koko", session_id="s", address="127.0.0.1"),
    "deadline": 5.0,
    "request_id": "r",
    "traceparent": "t",
    "key": "k",
    "fingerprint": "f",
    "if_match": 3,
}


def test_the_body_is_read_as_it_was_meant():
    body = orjson.loads(orjson.dumps(wire.body(KEDIRI, **ASKED)))

    assert wire.read(body, CreateArea) == Call(command=KEDIRI, **ASKED)


@pytest.mark.parametrize(
    ("name", "value"),
    [("command", {"id": 7}), ("actor", "root"), ("deadline", "soon"), ("deadline", None)],
)
def test_another_body_is_refused(name, value):
    body = {**wire.body(KEDIRI, **ASKED), name: value}

    with pytest.raises((Malformed, ValueError, TypeError)):
        wire.read(body, CreateArea)


def test_who_asks_from_another_loop_needs_no_eventlet():
    code = "import sys, gateway.backend; sys.exit('eventlet' in sys.modules)"

    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
