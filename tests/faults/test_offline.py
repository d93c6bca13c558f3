"""Row 30 of the fault matrix: a phone offline for days sends all it has, twice, shuffled."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cell.cell import Cell
from tests.faults.conftest import strike
from tests.faults.storm import Log, Stores, assert_nothing_lost_or_doubled
from tests.support.client import KOTA, Body, Community, Person, told

pytestmark = [pytest.mark.cell, pytest.mark.fault]

EACH = 12
MOST = 20  # commands per request
AGAIN = (409, 503)


@pytest.fixture
def community(cell: Cell, token: str) -> Iterator[Community]:
    """The people of the region, once everything serves."""
    community = Community(cell)
    yield community
    community.close()


def queued(method: str, path: str, body: Body | None = None, **more: Any) -> Body:
    """A command as the phone keeps it."""
    return {"key": uuid4().hex, "method": method, "path": path, "body": body or {}, **more}


def send(phone: Person, commands: list[Body]) -> dict[str, Body]:
    """Answers by key; what met an outage is sent again, as a phone does."""
    answers: dict[str, Body] = {}
    while left := [command for command in commands if command["key"] not in answers]:
        try:
            body = told(phone.post("/v1/sync/commands", {"commands": left[:MOST]}), 200)
        except httpx.TransportError:
            continue
        results = {result["key"]: result for result in body["results"]}
        answers |= {key: one for key, one in results.items() if one["status"] not in AGAIN}
    return answers


def edits(path: str, count: int) -> list[Body]:
    """Edits one after the other of what the phone saw as version 1."""
    return [queued("PATCH", path, {"name": f"Luring {n}"}, if_match=n) for n in range(1, count + 1)]


def stands(person: Person, institution: Body) -> tuple[str, int]:
    """Name and version that an institution has now."""
    found = told(person.get(f"/v1/institutions/{institution['id']}"), 200)
    return found["name"], found["version"]


def test_an_outbox_of_three_days_sent_twice_and_shuffled_overwrites_nobody(
    cell: Cell, stores: Stores, community: Community, seed: int
) -> None:
    chance = random.Random(seed)
    phone, desk = community.officer(KOTA), community.officer("coordinator")
    quiet, contested = ([community.institution() for _ in range(EACH)] for _ in range(2))
    newcomers = [community.newcomer() for _ in range(4)]
    names = [f"Taman Luring {uuid4().hex[:8]}" for _ in range(EACH)]
    body = {"kind": "reading_garden", "area": KOTA}

    made = [queued("POST", "/v1/institutions", {**body, "name": name}) for name in names]
    approved = [queued("POST", f"/v1/members/{one.id}/approve") for one in newcomers]
    chains = [edits(f"/v1/institutions/{one['id']}", 3) for one in quiet]
    conflicts = [edits(f"/v1/institutions/{one['id']}", 1)[0] for one in contested]
    outbox = [*made, *approved, *conflicts, *(edit for chain in chains for edit in chain)]
    for one in contested:
        desk.do("PATCH", f"/v1/institutions/{one['id']}", {"name": "Dari meja"})

    killer = threading.Timer(0.3, strike, (cell, "members"))
    killer.start()
    first = send(phone, chance.sample(outbox, len(outbox)))
    killer.join()
    second = send(phone, chance.sample(outbox, len(outbox)))
    last = send(phone, outbox)

    statuses = Counter(answer["status"] for answer in last.values())
    print(f"FAULT_SEED={seed}: {len(outbox)} commands, at the end {dict(statuses)}")
    assert {last[one["key"]]["status"] for one in made} == {201}
    assert {last[one["key"]]["status"] for one in approved} == {200}
    assert {r[c["key"]]["status"] for r in (first, second, last) for c in conflicts} == {412}
    assert {last[edit["key"]]["status"] for chain in chains for edit in chain} == {200}
    for before, after in pairwise((first, second, last)):
        done = {key: one for key, one in before.items() if one["status"] < 300}
        assert {key: after[key] for key in done} == done, "a key got another answer"
    assert [stands(phone, one) for one in contested] == [("Dari meja", 2)] * EACH
    assert [stands(phone, one) for one in quiet] == [("Luring 3", 4)] * EACH
    kept = stores.members["institution"].find({"name": {"$in": names}})
    assert Counter(one["name"] for one in kept) == Counter(names)
    assert_nothing_lost_or_doubled(stores, Log())
