"""A tiny hearer: every effect leaves its own document, so a doubled one is seen.

`racun…` cannot be heard until the flag `fixed` stands in the listener's database; `lambat…` takes
`SLOW_SECONDS`.
"""

import os
from typing import Any

import eventlet
from pymongo import IndexModel

from chassis.clock import new_id
from chassis.desk import Desk
from chassis.hearing import hears
from chassis.work import Work
from contracts.envelope import Envelope
from contracts.fact import Fact
from contracts.members.facts import AreaChanged, AreaCreated

SLOW_SECONDS = float(os.environ.get("SLOW_SECONDS", "3"))


def note_area(work: Work, fact: Any) -> None:
    """Count the effect, and keep the newest state."""
    area = fact.area
    if area.name.startswith("racun") and not work.collection("flags").find_one({"_id": "fixed"}):
        raise ValueError("this cannot be heard")
    if area.name.startswith("lambat"):
        eventlet.sleep(SLOW_SECONDS)
    work.collection("effects").insert_one(
        {"_id": new_id(), "area": area.id, "version": area.version, "pid": os.getpid()}
    )
    seen = work.collection("areas").find_one({"_id": area.id}) or {"version": 0}
    if area.version > seen["version"]:
        row = {"_id": area.id, "version": area.version, "name": area.name}
        work.collection("areas").replace_one({"_id": area.id}, row, upsert=True)


class Listener:
    """Hears about areas, one by one."""

    name = "listener"
    desk = Desk(
        database=os.environ["LISTENER_DATABASE"],
        speaks=False,
        indexes={"effects": [IndexModel("area")], "areas": [IndexModel("version")]},
    )

    @hears(AreaCreated, AreaChanged, workers=int(os.environ.get("LISTENER_WORKERS", "1")))
    def note(self, envelope: Envelope, fact: Fact) -> None:
        """Note it."""
        self.desk.hear(note_area, envelope, fact)
