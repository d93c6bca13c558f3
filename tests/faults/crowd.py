"""A crowd that takes places and gives them back, its client log, and the checks that follow.

Every command is repeated with its key until it is answered, so at the end each place is known.
"""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from chassis import clock
from tests.e2e.gatherings import path
from tests.faults.books import Books
from tests.faults.crew import PATIENCE_SECONDS, Crew
from tests.support.client import Body, Person
from tests.support.infrastructure import Document

TOLD = {
    "events.registration_confirmed.v1": "registration_confirmed",
    "events.registration_waiting.v1": "registration_waiting",
    "events.registration_cancelled.v1": "registration_cancelled",
}
MESSAGE_ID = re.compile(rb"^Message-ID: <(\w+)@", re.MULTILINE | re.IGNORECASE)


class Crowd(Crew):
    """Threads of people who register for each event and, every other time, cancel."""

    def __init__(
        self, people: Sequence[Person], events: Sequence[Body], *, threads: int = 6
    ) -> None:
        super().__init__([people[number::threads] for number in range(threads)])
        self.events = {event["id"]: event for event in events}
        self.given: dict[str, Body] = {}
        self.cancelled: set[str] = set()
        self._held: dict[tuple[str, str], Body] = {}

    def __str__(self) -> str:
        return f"crowd: {len(self.given)} places given, {len(self.cancelled)} of them cancelled"

    def round(self, share: Sequence[Person]) -> None:
        """Everybody at each event."""
        for event, person in [(e, p) for e in self.events for p in share]:
            self._take_or_give_back(person, event)

    def _take_or_give_back(self, person: Person, event: str) -> None:
        if self._stop.is_set():
            return
        registrations = path(self.events[event], "registrations")
        place = self._held.pop((person.id, event), None)
        if place is None:
            answer = person.insist("POST", registrations, {}, uuid4().hex, PATIENCE_SECONDS)
            assert answer.status_code == 201, answer.text
            self._held[person.id, event] = answer.json()
            self._note(answer.json())
        else:
            one = f"{registrations}/{place['id']}"
            answer = person.insist("DELETE", one, {}, uuid4().hex, PATIENCE_SECONDS)
            assert answer.status_code == 200, answer.text
            self._note(answer.json())
        time.sleep(0.03)

    def _note(self, answer: Body) -> None:
        with self._lock:
            self.answers += 1
            self.given[answer["id"]] = answer
            if answer["state"] == "cancelled":
                self.cancelled.add(answer["id"])


@dataclass
class CrowdBooks(Books):
    """What is held of a crowd, by the mail server too."""

    service = "events"
    mail: Path
    crowd: Crowd

    def give_up_what_died(self, killed_at: str) -> None:
        """As if a minute had gone by since a sender died: nobody waits for its leases."""
        held = {"handing_over": True, "leased_until": {"$lt": clock.later(killed_at, 60)}}
        self.news["outgoing"].update_many(held, {"$set": {"leased_until": killed_at}})

    def checks(self) -> Body:
        """Places, seats, notices, letters."""
        found = {**self._places(), **self._told(), **self._sent()}
        for event in self.crowd.events.values():
            found |= self._seats(event)
        return found

    def kept(self) -> dict[str, Document]:
        """Registrations by id."""
        wanted = {"event_id": {"$in": list(self.crowd.events)}}
        return {row["_id"]: row for row in self.desk["registration"].find(wanted)}

    def ledger(self) -> dict[str, Document]:
        """Deliveries of the notices about these places, by id."""
        notices = [row["_id"] for row in self._notices()]
        found = self.news["delivery"].find({"notice_id": {"$in": notices}})
        return {row["_id"]: row for row in found}

    def outcomes(self) -> Counter[str]:
        """Deliveries by state."""
        states = Counter(row["state"] for row in self.ledger().values())
        print(f"ledger: {dict(states)}")
        return states

    def _places(self) -> Body:
        kept, given = self.kept(), self.crowd.given
        gone = {id for id, row in kept.items() if row["state"] == "cancelled"}
        shown = {row["_id"]: row["version"] for row in self.views["agenda"].find()}
        heard = Counter(
            (state["id"], state["version"])
            for state in (told["data"]["registration"] for told in self.ear.listen().values())
            if state["event_id"] in self.crowd.events
        )
        wanted = {(id, v) for id, row in kept.items() for v in range(1, row["version"] + 1)}
        return {
            "given and not kept": sorted(given.keys() - kept.keys()),
            "kept and not given": sorted(kept.keys() - given.keys()),
            "cancelled otherwise": sorted(gone ^ self.crowd.cancelled),
            "never said": sorted(wanted - heard.keys()),
            "said of nothing": sorted(heard.keys() - wanted),
            "said under two names": [one for one, count in heard.items() if count > 1],
            "shown otherwise": [i for i, row in kept.items() if shown.get(i) != row["version"]],
        }

    def _seats(self, event: Body) -> Body:
        id, capacity = event["id"], event["capacity"]
        rows = [row for row in self.kept().values() if row["event_id"] == id]
        by_state = Counter(row["state"] for row in rows)
        seats = self.desk["seats"].find_one({"_id": id}) or {}
        counted = {name: seats.get(name, 0) for name in ("confirmed", "offered", "waiting")}
        taken = by_state["confirmed"] + by_state["offered"]
        line = sorted(row["position"] for row in rows if row["state"] == "waiting")
        tickets = [row["ticket"] for row in rows if row["state"] == "confirmed"]
        people = Counter(row["member_id"] for row in rows if row["state"] != "cancelled")
        wrong = {
            "seats miscounted": {
                n: (c, by_state[n]) for n, c in counted.items() if c != by_state[n]
            },
            "seats doubled": max(0, taken - capacity),
            "seats lost": capacity - taken if line and taken < capacity else 0,
            "line with holes": line if line != list(range(1, len(line) + 1)) else [],
            "tickets doubled or missing": len(tickets) - len(set(filter(None, tickets))),
            "two places for one": [name for name, count in people.items() if count > 1],
        }
        return {f"{name}, {id}": value for name, value in wrong.items()}

    def _notices(self) -> list[Document]:
        wanted = {"about_id": {"$in": list(self.crowd.events)}, "kind": {"$in": [*TOLD.values()]}}
        return list(self.news["notice"].find(wanted))

    def _told(self) -> Body:
        wanted = {
            id: (TOLD[name], told["data"]["registration"]["member_id"])
            for id, told in self.ear.heard.items()
            if (name := told["type"].removeprefix("jejaring.")) in TOLD
            and told["data"]["registration"]["event_id"] in self.crowd.events
        }
        notices = self._notices()
        got = Counter(row["fact_id"] for row in notices)
        told = {row["fact_id"]: (row["kind"], row["member_id"]) for row in notices}
        return {
            "told nobody": sorted(wanted.keys() - got.keys()),
            "told of nothing": sorted(got.keys() - wanted.keys()),
            "told twice": [id for id, count in got.items() if count > 1],
            "told otherwise": [id for id in wanted.keys() & told if wanted[id] != told[id]],
        }

    def _sent(self) -> Body:
        ledger, letters = self.ledger(), letters_in(self.mail)
        rows = Counter(row["notice_id"] for row in ledger.values())
        arrived = {id: letters[name_of(id)] for id in ledger}
        shown = {row["_id"]: row["version"] for row in self.views["deliveries"].find()}
        allowed = {"sent": (1,), "unknown": (0, 1), "failed": (0,)}
        return {
            "notices without one row": [n["_id"] for n in self._notices() if rows[n["_id"]] != 1],
            "not decided": [id for id, row in ledger.items() if row["state"] not in allowed],
            "other than the ledger says": [
                (id, row["state"], arrived[id])
                for id, row in ledger.items()
                if arrived[id] not in allowed.get(row["state"], (0, 1))
            ],
            "failed": [row["reason"] for row in ledger.values() if row["state"] == "failed"],
            "ledger shown otherwise": [
                id for id, row in ledger.items() if shown.get(id) != row["version"]
            ],
        }


def letters_in(mail: Path) -> Mapping[str, int]:
    """How often each message lies in the mail server's folder, by the name in its Message-ID."""
    found = (MESSAGE_ID.search(letter.read_bytes()) for letter in mail.glob("*.eml"))
    return Counter(one[1].decode() for one in found if one)


def name_of(delivery_id: str) -> str:
    """What the Message-ID of a delivery begins with."""
    return hashlib.sha256(delivery_id.encode()).hexdigest()[:32]
