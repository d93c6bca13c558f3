"""What tests do in two regions: people join, plan, register and look; wires are cut and healed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import amqp
from kombu.utils.url import parse_url
from pymongo import MongoClient

from cell.cell import Cell
from cell.clock import Clock
from cell.demo.cable import Cable
from cell.demo.person import Person, told
from cell.demo.post import code_for
from cell.pair import await_state

Body = dict[str, Any]
NUMBERS = count(1)


class Region:
    """One of the two: its cell, its clock, and the wire that the other one reads it by."""

    def __init__(self, cell: Cell, clock: Clock, wire: Cable) -> None:
        self.cell, self.clock, self.wire = cell, clock, wire
        self.id = cell.plan.region.id
        self.people: list[Person] = []
        self.coordinator = self.officer("coordinator")
        self.operator = self.officer("operator")
        self.area = told(self.coordinator.get("/v1/region"), 200)["areas"][0]["id"]
        self.mongo: MongoClient[Body] = MongoClient(cell.plan.database.uri("admin"))

    def close(self) -> None:
        for person in self.people:
            person.client.close()
        self.mongo.close()

    def officer(self, role: str) -> Person:
        return self.enters().sign_in(**self.cell.credentials[role])

    def enters(self) -> Person:
        """Somebody who is not signed in."""
        self.people.append(Person(self.cell.base_url, 30))
        return self.people[-1]

    def joins(self, name: str, *purposes: str) -> Person:
        """An approved member who consents to these purposes."""
        person, mail = self.enters(), f"anggota{next(NUMBERS)}@{self.id}.example"
        body = {"name": name, "email": mail, "area": self.area}
        person.do("POST", "/v1/members", body, 201)
        person.sign_in("code", username=mail, code=code_for(self.cell.home.mail, mail))
        person.id = told(person.get("/v1/me"), 200)["id"]
        self.coordinator.do("POST", f"/v1/members/{person.id}/approve")
        if purposes:
            consents(person, *purposes)
        return person

    def announces(self, title: str = "Lokakarya", **fields: Any) -> Body:
        """An event that is announced; shared in the network unless told otherwise."""
        days = {"starts_at": self.clock.at(days=30), "ends_at": self.clock.at(days=30, hours=3)}
        plain = {"title": title, "kind": "workshop", "area": self.area, "scope": "network"}
        event = self.coordinator.do("POST", "/v1/events", {**plain, **days, **fields}, 201)
        reason = {"no_speaker_reason": "Belajar bersama"}
        return self.coordinator.do("POST", f"/v1/events/{event['id']}/publish", reason)

    def sees(self, id: str, who: Person | None = None) -> Body | None:
        """An event as somebody here is shown it."""
        answer = (who or self.coordinator).get(f"/v1/events/{id}")
        return answer.json() if answer.status_code == 200 else None

    def shown(self, region: str) -> set[str]:
        """Ids of a region's events in the calendar here."""
        return {one["id"] for one in self.coordinator.all("/v1/events", region=region)}

    def parked(self) -> list[Body]:
        """What could not be heard here, newest last."""
        return self.operator.all("/v1/operations/parked")

    def drop_parked(self) -> None:
        for one in self.parked():
            self.operator.do("POST", f"/v1/operations/parked/{one['id']}/drop")

    def peer(self, id: str) -> Body:
        return told(self.coordinator.get(f"/v1/federation/peers/{id}"), 200)

    @contextmanager
    def channel(self) -> Iterator[Any]:
        """A plain, confirming AMQP channel, as an intruder on this broker would have it."""
        target = parse_url(self.cell.plan.amqp_uri)
        with amqp.Connection(
            host=f"{target['hostname']}:{target['port']}",
            userid=target["userid"],
            password=target["password"],
            virtual_host="/",
            confirm_publish=True,
        ) as connection:
            yield connection.channel()


@dataclass
class Pair:
    """Kediri Raya and Semarang."""

    kediri: Region
    semarang: Region

    @property
    def wires(self) -> tuple[Cable, Cable]:
        return self.kediri.wire, self.semarang.wire

    def cut(self) -> None:
        for wire in self.wires:
            wire.cut()

    def heal(self) -> None:
        """Wires whole, nobody blocked, and each heard by the other."""
        for wire in self.wires:
            wire.heal()
        for own, other in ((self.kediri, self.semarang), (self.semarang, self.kediri)):
            own.coordinator.command("POST", f"/v1/federation/peers/{other.id}/unblock")
            await_state(own.cell, other.id, "active")


def consents(person: Person, *purposes: str, granted: bool = True) -> None:
    answers = [{"purpose": one, "granted": granted, "text_version": "1"} for one in purposes]
    person.do("PUT", "/v1/me/consents", {"consents": answers})


def registers(person: Person, event: Body, **body: Any) -> Body:
    """A registration that is taken on; gives it as it was answered."""
    return person.do("POST", f"/v1/events/{event['id']}/registrations", body, 201)


def place(person: Person, registration: Body) -> Body:
    """One's own registration as it is now."""
    path = f"/v1/events/{registration['event_id']}/registrations/{registration['id']}"
    return told(person.get(path), 200)


def notices(person: Person, about: str) -> list[str]:
    """Kinds of the notices about something, oldest first."""
    mine = person.all("/v1/notifications")
    return [one["kind"] for one in reversed(mine) if one["about_id"] == about]
