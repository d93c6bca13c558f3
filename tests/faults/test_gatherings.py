"""Who decides about seats, who tells people, or the broker dies while a crowd comes and goes.

No seat is lost or doubled, nobody is told twice, and whom a message may not have reached is known.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import pytest

from cell.cell import Cell
from chassis import clock
from tests.e2e.gatherings import announced, members
from tests.faults.books import Ear
from tests.faults.conftest import OURS, heal, strike
from tests.faults.crowd import Crowd, CrowdBooks
from tests.support.client import KOTA, Community, Person
from tests.support.infrastructure import Ground, until

pytestmark = [pytest.mark.cell, pytest.mark.fault]

PEOPLE, EVENTS, SEATS = 12, 3, 4
AT_ONCE = 4 * 10  # senders of a process, and how many messages each takes at a time


@pytest.fixture(scope="module")
def community(cell: Cell) -> Iterator[Community]:
    """Members of one area, each with a phone of his own."""
    heal(cell, "mongod", "broker", *OURS)
    community = Community(cell)
    yield community
    community.close()


@pytest.fixture(scope="module")
def people(community: Community) -> list[Person]:
    """The crowd."""
    return members(community, PEOPLE)


@dataclass
class Scene:
    """A cell with a crowd before its events, and an ear on what is said."""

    cell: Cell
    books: CrowdBooks
    killed_at: str = ""
    kills: list[str] = field(default_factory=list)

    @property
    def crowd(self) -> Crowd:
        """Who registers."""
        return self.books.crowd

    def kill(self, program: str) -> None:
        """SIGKILL, once the crowd is served (again)."""
        self.crowd.wait_for_answers(25)
        strike(self.cell, program)
        self.kills.append(program)
        if program == "notifications":
            self.killed_at = clock.now()
        if program in ("broker", "mongod"):
            heal(self.cell, program)

    def settle(self) -> None:
        """Everything runs, and everything holds; what may have gone is at most what was in hand."""
        heal(self.cell, *OURS)
        if self.killed_at:
            self.books.give_up_what_died(self.killed_at)
        self.books.assert_whole()
        states = self.books.outcomes()
        assert set(states) <= {"sent", "unknown"}
        assert states["unknown"] <= AT_ONCE * (1 + self.kills.count("notifications"))
        assert states["sent"] > 0


@pytest.fixture
def scene(
    cell: Cell, ground: Ground, community: Community, people: list[Person]
) -> Iterator[Scene]:
    """Everybody and every event are known everywhere, and nothing was said yet."""
    heal(cell, "mongod", "broker", *OURS)
    officer = community.officer(KOTA)
    events = [announced(officer, capacity=SEATS) for _ in range(EVENTS)]
    with Ear(ground).listening() as ear:
        books = CrowdBooks(ground.mongo, ear, cell.home.mail, Crowd(people, events))
        ids = [person.id for person in people]
        known = {"_id": {"$in": ids}, "state": "active"}
        for side in (books.desk, books.news):
            until(lambda s=side: s["known_member"].count_documents(known) == len(ids))
        for event in events:
            until(lambda e=event: books.news["known_event"].find_one({"_id": e["id"]}))
        yield Scene(cell, books)


def test_seats_and_messages_are_whole_when_who_decides_and_who_tells_are_killed(
    scene: Scene,
) -> None:
    with scene.crowd as crowd:
        for _ in range(2):
            scene.kill("events")
            scene.kill("notifications")
        crowd.wait_for_answers(25)
    scene.settle()


def test_seats_and_messages_are_whole_when_the_broker_is_killed(scene: Scene) -> None:
    with scene.crowd as crowd:
        scene.kill("broker")
        crowd.wait_for_answers(25)
    scene.settle()


@pytest.mark.slow
def test_seats_and_messages_are_whole_whatever_dies_for_a_minute(scene: Scene, seed: int) -> None:
    chance, deadline = Random(seed), time.monotonic() + 60
    with scene.crowd as crowd:
        while time.monotonic() < deadline:
            scene.kill(chance.choice(("events", "notifications", "projector", "broker", "mongod")))
        crowd.wait_for_answers(25)
    scene.settle()
