"""A storm on few seats with two replicas, a real broker and database: none over, none lost."""

from collections import Counter
from typing import Any

import pytest

from chassis import clock
from contracts.events import commands
from tests.support.asker import Asker
from tests.support.house_of_events import CAPACITY, CROWD, DAY, SERVICE, announced, by
from tests.support.infrastructure import until

pytestmark = pytest.mark.cell


def together(asker: Asker, wanted: list[tuple[str, Any]]) -> list[Any]:
    """All at once, with patience for a busy machine: the answers. How fast: the bench tells."""
    return asker.wait([asker.send(command, 20.0, **by(name)) for name, command in wanted], 20)


def test_fifty_at_once_for_twenty_seats_are_twenty_seats_and_a_line_of_thirty(house, asker):
    event = announced(asker)
    crowd = [f"m{n:03d}" for n in range(CROWD)]

    answers = together(asker, [(name, commands.Register(event_id=event)) for name in crowd])

    assert [answer for answer in answers if "result" not in answer] == []
    said = [answer["result"] for answer in answers]
    assert Counter(one["state"] for one in said) == {"confirmed": CAPACITY, "waiting": 30}
    assert sorted(one["position"] for one in said if one["position"]) == list(range(1, 31))
    assert all(one["ticket"] for one in said if one["state"] == "confirmed")
    assert house.seats() == (CAPACITY, 0, 30)
    assert all(service.metric("jejaring_commands_total{") > 5 for service in house.services)


def test_who_registers_twice_at_once_has_one_place(house, asker):
    event = announced(asker)

    answers = together(asker, [("m000", commands.Register(event_id=event))] * 8)

    assert sum("result" in answer for answer in answers) == 1
    codes = {answer["refusal"]["code"] for answer in answers if "refusal" in answer}
    assert codes == {"events.already_registered"}


def test_people_come_and_go_at_once_and_seats_are_never_over_never_lost(house, asker):
    event = announced(asker)
    first = [(f"m{n:03d}", commands.Register(event_id=event)) for n in range(40)]
    answers = together(asker, first)
    ids = {answer["result"]["member_id"]: answer["result"]["id"] for answer in answers}
    going = [
        (name, commands.CancelRegistration(event_id=event, registration_id=id))
        for name, id in list(ids.items())[::2]
    ]
    coming = [(f"m{n:03d}", commands.Register(event_id=event)) for n in range(40, CROWD)]
    pairs = [one for pair in zip(going, coming, strict=False) for one in pair]

    answers = together(asker, [*pairs, *going[len(coming) :]])

    assert [answer for answer in answers if "result" not in answer] == []
    assert house.states() == {"confirmed": CAPACITY, "waiting": 10, "cancelled": 20}
    assert house.positions() == list(range(1, 11))
    assert house.seats() == (CAPACITY, 0, 10)
    tickets = [row["ticket"] for row in house.books["registration"].find({"state": "confirmed"})]
    assert len(set(tickets)) == CAPACITY


def test_a_capacity_that_changes_in_the_storm_is_the_one_that_counts(house, asker):
    event = announced(asker, capacity=10)
    crowd: list[tuple[str, Any]] = [
        (f"m{n:03d}", commands.Register(event_id=event)) for n in range(30)
    ]
    crowd.insert(15, ("rudi", commands.ChangeEvent(event_id=event, capacity=25)))

    answers = together(asker, crowd)

    assert [answer for answer in answers if "result" not in answer] == []
    assert house.states() == {"confirmed": 25, "waiting": 5}
    assert house.positions() == list(range(1, 6))


def test_an_offer_that_lapses_passes_on_by_itself(house, asker):
    event = announced(asker, capacity=1)
    crowd = [(f"m{n:03d}", commands.Register(event_id=event)) for n in range(3)]
    answers = together(asker, crowd)
    waiting = next(a["result"]["id"] for a in answers if a["result"]["position"] == 1)
    long_ago = clock.later(clock.now(), -DAY)
    offered = {"state": "offered", "position": None, "offer_expires_at": long_ago}
    house.books["registration"].update_one({"_id": waiting}, {"$set": offered})
    confirmed = house.books["registration"].find_one({"state": "confirmed"})["_id"]
    house.books["registration"].update_one({"_id": confirmed}, {"$set": {"state": "cancelled"}})
    house.books["seats"].update_one({}, {"$set": {"confirmed": 0, "offered": 1, "waiting": 1}})
    house.books["leases"].delete_many({})

    until(lambda: house.states() == {"cancelled": 2, "confirmed": 1})
    assert house.seats() == (1, 0, 0)


def test_a_replica_killed_in_the_storm_loses_no_seat_and_doubles_none(house, asker):
    event = announced(asker)
    doomed = house.serve(SERVICE)
    crowd = {f"m{n:03d}": commands.Register(event_id=event) for n in range(CROWD)}

    numbers = {asker.send(c, key=f"k-{name}", **by(name)): name for name, c in crowd.items()}
    asker.wait(list(numbers)[:8], 5)
    doomed.kill()
    asker.wait(numbers, 3)

    def unanswered() -> list[str]:
        heard = {number for number, answer in asker.answers.items() if "result" in answer}
        done = {name for number, name in numbers.items() if number in heard}
        return [name for name in crowd if name not in done]

    while left := unanswered():
        again = {asker.send(crowd[n], key=f"k-{n}", **by(n)): n for n in left}
        numbers |= again
        asker.wait(again, 3)

    assert house.states() == {"confirmed": CAPACITY, "waiting": 30}
    assert house.positions() == list(range(1, 31))
    assert house.seats() == (CAPACITY, 0, 30)
    answers = [(name, asker.answers.get(number, {})) for number, name in numbers.items()]
    told = {name: answer["result"]["id"] for name, answer in answers if "result" in answer}
    kept = {row["member_id"]: row["_id"] for row in house.books["registration"].find({})}
    assert told == kept
