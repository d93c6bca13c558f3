"""The stage of the story: a fresh cell in a directory of its own, and who is in it."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from pymongo import MongoClient

from cell.cell import Cell
from cell.clock import Clock
from cell.demo.person import Broke, Person
from cell.demo.phone import Phone
from cell.errors import CellError

# one address plays everybody
SETTINGS = {"RATE_LIMIT_PER_MINUTE": "1000000", "AUTH_LIMIT_PER_MINUTE": "1000000"}
FAILURES = (Broke, CellError, httpx.HTTPError, KeyError, OSError)


@dataclass
class Scene:
    """The cell with the persons and phones of the story, by name."""

    cell: Cell
    clock: Clock
    people: dict[str, Person] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    logins: dict[str, dict[str, str]] = field(default_factory=dict)
    signed_in: dict[str, float] = field(default_factory=dict)

    @classmethod
    def fresh(cls) -> "Scene":
        """A cell that exists nowhere yet."""
        directory = tempfile.mkdtemp(prefix="jejaring-demo-")
        clock = Clock(directory)
        return cls(Cell(directory, settings=SETTINGS | clock.settings), clock)

    @property
    def box(self) -> Path:
        """Where the mail lies."""
        return self.cell.home.mail

    def enter(self, name: str) -> Person:
        """A new person, not signed in."""
        self.people[name] = Person(self.cell.base_url)
        return self.people[name]

    def officer(self, name: str, login: dict[str, str]) -> Person:
        """A person with one of the first accounts, signed in."""
        self.logins[name] = login
        return self.enter(name).sign_in(**login)

    def who(self, name: str) -> Person:
        """Somebody with a password; after a travel his token is old, and he signs in again."""
        person, ahead = self.people[name], self.clock.seconds
        if self.signed_in.get(name, 0.0) != ahead:
            person.sign_in(**self.logins[name])
            self.signed_in[name] = ahead
        return person

    def databases(self) -> tuple[Any, Any]:
        """The members service's database and the gateway's views, as their owners see them."""
        names = {"members": "jejaring_members", "gateway": "jejaring_views"}
        clients = {who: MongoClient[Any](self.cell.plan.mongo_uri(who)) for who in names}
        return tuple(clients[who][name] for who, name in names.items())  # type: ignore[return-value]

    def leave(self, keep: bool) -> None:
        """Stop everything; the directory stays only where it is to be looked at."""
        for person in self.people.values():
            person.client.close()
        self.cell.stop()
        if not keep:
            shutil.rmtree(self.cell.home.directory, ignore_errors=True)


Act = Callable[[Scene], str]


def hold(condition: object, observed: str) -> None:
    """Raise Broke with what was observed, unless the condition holds."""
    if not condition:
        raise Broke(observed)
