"""A tiny service that keeps areas: enough to see one command make one state and one fact.

It is named `members` because it says members' facts. Names of areas ask for trouble: `lambat…`
takes `SLOW_SECONDS`, `mati…` kills the process inside the transaction (once, while the file
`die-once` lies on the stage), `rusak…` is a bug, `aneh…` answers what JSON cannot hold.
"""

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import eventlet
from pymongo import IndexModel

from chassis.asking import answers
from chassis.call import Call
from chassis.desk import Answer, Desk
from chassis.errors import Refusal
from chassis.work import Refused, Work
from contracts.codec import decode
from contracts.members import refusals
from contracts.members.commands import ChangeArea, CreateArea, Restate
from contracts.members.facts import AreaChanged, AreaCreated, AreaRestated
from contracts.members.states import Area
from contracts.types import UNSET

STAGE = Path(os.environ["STAGE"])
SLOW_SECONDS = float(os.environ.get("SLOW_SECONDS", "3"))


class AreaTaken(Refusal):
    """An area with this id or name exists."""

    refusal = refusals.AREA_TAKEN


class AreaUnknown(Refusal):
    """There is no such area."""

    refusal = refusals.AREA_UNKNOWN


def create_area(work: Work, command: CreateArea) -> Any:
    """Make an area."""
    note("run", command.name)
    area = Area(
        id=command.id,
        version=1,
        region=work.region,
        created_at=work.now,
        updated_at=work.now,
        name=command.name,
        codes=command.codes,
    )
    return troubled(work, command.name, work.record(AreaCreated(area=area)))


def change_area(work: Work, command: ChangeArea) -> Any:
    """Rename an area."""
    found = work.collection("area").find_one({"_id": command.area_id})
    if found is None:
        raise AreaUnknown(command.area_id)
    area = work.to_change(decode(Area, found))
    name = area.name if command.name is UNSET else command.name
    changed = replace(area, version=area.version + 1, updated_at=work.now, name=name)
    return troubled(work, name, work.record(AreaChanged(area=changed)))


def troubled(work: Work, name: str, result: Any) -> Any:
    """What the name asks for."""
    if name.startswith("lambat"):
        eventlet.sleep(SLOW_SECONDS)
        note("finished", name)
    if name.startswith("mati") and (STAGE / "die-once").exists():
        (STAGE / "die-once").unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("rusak"):
        raise ZeroDivisionError("a bug")
    if name.startswith("aneh"):
        return {"set": {1, 2}}
    if name.startswith("dihitung"):
        work.collection("attempts").insert_one({"name": name})
        return Refused(AreaTaken("counted"))
    return result


def note(what: str, name: str) -> None:
    """Leave a line on the stage, outside any transaction."""
    with (STAGE / "notes").open("a") as notes:
        notes.write(f"{what} {name} {os.getpid()}\n")


class Ledger:
    """Areas, kept."""

    name = "members"
    desk = Desk(
        database=os.environ["LEDGER_DATABASE"],
        unique={"_id_": AreaTaken, "one_name": AreaTaken},
        indexes={"area": [IndexModel("name", name="one_name", unique=True)]},
    )

    @answers(CreateArea)
    def create(self, call: Call) -> Answer:
        """Make an area."""
        return self.desk.decide(create_area, call)

    @answers(ChangeArea)
    def change(self, call: Call) -> Answer:
        """Rename an area."""
        return self.desk.decide(change_area, call)

    @answers(Restate)
    def restate(self, call: Call) -> Answer:
        """Say all areas again."""
        count = self.desk.restate("area", lambda row: AreaRestated(area=decode(Area, row)))
        return Answer(result={"restated": count})
