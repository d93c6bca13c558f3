"""Who decides about cases, the broker or the database dies or freezes while mentors are at work.

What was answered is kept, a visit that was uploaded twice is one, and each is told once.
"""

import time
from collections.abc import Iterator
from random import Random

import pytest

from cell.cell import Cell
from tests.e2e.cases import a_case, agree, assess, match
from tests.faults.books import Ear
from tests.faults.conftest import OURS, frozen, heal, strike
from tests.faults.fieldwork import KINDS, FieldBooks, Fieldwork, Post
from tests.support.client import KOTA, Community, Person
from tests.support.infrastructure import Ground, until

pytestmark = [pytest.mark.cell, pytest.mark.fault]

POSTS = 3
SERVERS = ("broker", "mongod")


@pytest.fixture(scope="module")
def posts(cell: Cell) -> Iterator[list[Post]]:
    """Schools with their heads, mentors and coordinators, each with a phone of his own."""
    heal(cell, "mongod", "broker", *OURS)
    community = Community(cell)
    made = []
    for _ in range(POSTS):
        under_way, waiting = a_case(community), a_case(community)
        assess(waiting)
        assess(under_way)
        match(under_way)
        agree(under_way)
        login = cell.credentials["area_coordinators"][KOTA]
        coordinator = Person(cell.base_url, timeout=30).sign_in(**login)
        made.append(Post(under_way, waiting, coordinator))
    yield made
    for post in made:
        post.coordinator.client.close()
    community.close()


@pytest.fixture
def books(cell: Cell, ground: Ground, posts: list[Post]) -> Iterator[FieldBooks]:
    """Every case is known where people are told of it, and an ear is on what is said."""
    heal(cell, "mongod", "broker", *OURS)
    known = ground.mongo["jejaring_notifications"]["known_mentorship"]
    for id in (id for post in posts for id in post.cases):
        until(lambda i=id: known.find_one({"_id": i}))
    with Ear(ground, KINDS).listening() as ear:
        yield FieldBooks(ground.mongo, ear, Fieldwork(posts))


def test_fieldwork_is_whole_when_who_decides_is_killed(cell: Cell, books: FieldBooks) -> None:
    with books.storm as storm:
        for _ in range(2):
            storm.wait_for_answers(15)
            strike(cell, "mentoring")
        storm.wait_for_answers(15)
    heal(cell, *OURS)
    books.assert_whole()


def test_fieldwork_is_whole_when_the_broker_is_killed(cell: Cell, books: FieldBooks) -> None:
    with books.storm as storm:
        storm.wait_for_answers(15)
        strike(cell, "broker")
        storm.wait_for_answers(15)
    heal(cell, *OURS)
    books.assert_whole()


def test_fieldwork_is_whole_when_the_database_freezes_for_six_seconds(
    cell: Cell, books: FieldBooks
) -> None:
    with books.storm as storm:
        storm.wait_for_answers(15)
        with frozen(cell, "mongod"):
            time.sleep(6)  # longer than anybody waits
        storm.wait_for_answers(15)
    heal(cell, *OURS)
    books.assert_whole()


@pytest.mark.slow
def test_fieldwork_is_whole_whatever_dies_for_a_minute(
    cell: Cell, books: FieldBooks, seed: int
) -> None:
    chance, deadline = Random(seed), time.monotonic() + 60
    with books.storm as storm:
        while time.monotonic() < deadline:
            storm.wait_for_answers(15)
            program = chance.choice(("mentoring", "notifications", "projector", *SERVERS))
            strike(cell, program)
            if program in SERVERS:
                heal(cell, program)
        storm.wait_for_answers(15)
    heal(cell, *OURS)
    books.assert_whole()
