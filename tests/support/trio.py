"""A service with three hearing methods side by side, one of them for two facts, and a voice.

`racun…` fails in the method that hears it; the others never see it.
"""

import os
from typing import Any

import eventlet

from chassis.clock import new_id
from chassis.desk import Desk
from chassis.hearing import hears
from chassis.keeping import KeepsParked
from chassis.work import Work
from contracts.envelope import Envelope
from contracts.fact import Fact
from contracts.members.facts import AreaChanged, AreaCreated, AreaRestated, InstitutionRegistered

SLOW_SECONDS = 0.5


def noted_by(method: str) -> Any:
    """A handler that leaves one document per effect, saying which method it was."""

    def note(work: Work, fact: Any) -> None:
        name = fact.state.name
        fixed = work.collection("flags").find_one({"_id": "fixed"})
        if name.startswith("racun") and not fixed:
            raise ValueError("this cannot be heard")
        if name.startswith("lambat"):
            eventlet.sleep(SLOW_SECONDS)
        row = {"_id": new_id(), "area": fact.state.id, "version": fact.state.version}
        work.collection("effects").insert_one({**row, "method": method, "pid": os.getpid()})

    return note


class Trio(KeepsParked):
    """Hears about areas in two methods and about institutions in a third."""

    name = "trio"
    desk = Desk(database=os.environ["LISTENER_DATABASE"])

    @hears(AreaCreated)
    def begin(self, envelope: Envelope, fact: Fact) -> None:
        """New areas."""
        self.desk.hear(noted_by("begin"), envelope, fact)

    @hears(AreaChanged, AreaRestated, workers=2)
    def follow(self, envelope: Envelope, fact: Fact) -> None:
        """Old areas, changed or said again."""
        self.desk.hear(noted_by("follow"), envelope, fact)

    @hears(InstitutionRegistered, batch=20)
    def gather(self, said: list[tuple[Envelope, Fact]]) -> None:
        """Institutions, many at once."""
        for envelope, fact in said:
            self.desk.hear(noted_by("gather"), envelope, fact)
