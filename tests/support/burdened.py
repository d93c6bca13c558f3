"""A ledger that also hears its own facts, and for whom hearing is hard work.

Areas named `putar…` hold a CPU for `SLOW_SECONDS`, outside the hub, as CPU work has to be;
`tidur…` take as long and hold nothing. `HEARTBEAT` shortens the connections' heartbeat.
"""

import os
import time

import eventlet

from chassis import broker
from chassis.asking import answers
from chassis.call import Call
from chassis.desk import Answer, Desk
from chassis.hearing import hears
from chassis.offload import offload
from contracts.envelope import Envelope
from contracts.members.commands import CreateArea
from contracts.members.facts import AreaChanged, AreaCreated
from tests.support.ledger import SLOW_SECONDS, create_area, note
from tests.support.listener import note_area

broker.HEARTBEAT_SECONDS = int(os.environ.get("HEARTBEAT", broker.HEARTBEAT_SECONDS))


def spin(seconds: float) -> None:
    """Hold a CPU."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        sum(range(1000))


class Burdened:
    """Areas, kept, and noted with much effort."""

    name = "members"
    desk = Desk(database=os.environ["LEDGER_DATABASE"])

    @answers(CreateArea)
    def create(self, call: Call) -> Answer:
        """Make an area."""
        return self.desk.decide(create_area, call)

    @hears(AreaCreated, AreaChanged, workers=int(os.environ.get("LISTENER_WORKERS", "1")))
    def note(self, envelope: Envelope, fact: AreaCreated | AreaChanged) -> None:
        """Work hard, then note it."""
        note("begun", fact.area.name)
        if fact.area.name.startswith("putar"):
            offload(spin, SLOW_SECONDS)
        if fact.area.name.startswith("tidur"):
            eventlet.sleep(SLOW_SECONDS)
        self.desk.hear(note_area, envelope, fact)
