"""The mentoring and members services on a real broker and database, and one school's story."""

from typing import Any

import orjson

from chassis import clock, topology
from contracts.codec import encode
from contracts.command import Command
from contracts.fact import Fact
from services.members.repository import DATABASE as MEMBERS
from services.mentoring.repository import DATABASE
from tests.support.asker import Asker
from tests.support.gatherings import sealed
from tests.support.infrastructure import Stage
from tests.support.members import a_member
from tests.support.mentoring import MemoryWork

DAY = 24 * 3600
SERVICES = ("services.mentoring.service", "services.members.service")
SHELVES = ("members", "appointments", "areas", "institutions", "mentors")
KINDS = ("known_member", "known_appointment", "known_area", "known_institution", "mentor")


class House(Stage):
    """Replicas of both services, and what they keep."""

    @property
    def books(self) -> Any:
        return self.ground.mongo[DATABASE]

    @property
    def people(self) -> Any:
        return self.ground.mongo[MEMBERS]

    def ask_queue(self) -> str:
        return topology.ask_queue(self.name, "mentoring")

    def knows(self, memory: MemoryWork) -> None:
        """The region of the unit tests, as if heard of."""
        for shelf, kind in zip(SHELVES, KINDS, strict=True):
            states = getattr(memory, shelf).by_id.values()
            self.books[kind].insert_many([{"_id": s.id, **encode(s)} for s in states])

    def joined(self, *names: str, **fields: Any) -> None:
        """Active members in the books of the members service."""
        self.people["member"].insert_many(
            [{"_id": name, **encode(a_member(name, **fields))} for name in names]
        )

    def says(self, fact: Fact, id: str) -> None:
        """Say a fact in the name of the members service."""
        body = orjson.dumps(sealed(fact, id, self.name))
        self.publish(topology.hear_queue(self.name, "mentoring"), body)

    def evidence(self, member_id: str) -> list[str]:
        row = self.people["competencies"].find_one({"_id": member_id})
        return [one["id"] for one in row["evidence"]] if row else []


class School:
    """One case, asked about by its people."""

    def __init__(self, house: House, asker: Asker) -> None:
        self.house, self.asker, self.id = house, asker, ""

    def ask(self, who: str, command: type[Command], **fields: Any) -> dict[str, Any]:
        """The result of a command about the case; fails with the refusal."""
        answer = self.tried(who, command, **fields)
        assert "result" in answer, answer
        return dict(answer["result"])

    def tried(self, who: str, command: type[Command], **fields: Any) -> dict[str, Any]:
        about = {"mentorship_id": self.id} if self.id else {}
        return self.asker.ask(command(**about, **fields), actor={"member_id": who})

    @property
    def case(self) -> dict[str, Any]:
        return dict(self.house.books["mentorship"].find_one({"_id": self.id}))

    def days_pass(self, days: int) -> None:
        """Everything that was planned comes nearer."""
        for look in self.house.books["follow_up"].find({"state": "planned"}):
            due = clock.later(look["due_on"] + "T12:00:00.000Z", -days * DAY)[:10]
            wanted = {"_id": look["_id"]}
            self.house.books["follow_up"].update_one(wanted, {"$set": {"due_on": due}})
