"""What touches everybody at a large event is one transaction, and done before callers give up."""

from typing import Any

import pytest

from chassis import clock
from contracts.codec import encode
from contracts.events import commands, states
from services.events.repository.aggregates import open_of
from tests.support.asker import Asker
from tests.support.house_of_events import House, announced, by

pytestmark = pytest.mark.cell

CROWD, BATCH = 1000, 500


def crowded(house: House, event: str, size: int = CROWD) -> None:
    """Put a crowd on seats, as if it had registered."""
    now = clock.now()
    begun = {"version": 1, "region": house.name, "created_at": now, "updated_at": now}
    about = {"event_id": event, "area": "35.71", "name": "Peserta", "state": "confirmed"}
    crowd = [
        encode(states.Registration(id=f"r{n:04d}", member_id=f"p{n:04d}", **begun, **about))
        for n in range(size)
    ]
    house.books["registration"].insert_many([{"_id": one["id"], **one} for one in crowd])
    house.books["seats"].update_one({"_id": event}, {"$set": {"confirmed": size}})


def done(asker: Asker, command: Any) -> Any:
    """The result of a command, asked with patience for a busy machine."""
    answer = asker.ask(command, 15.0, **by("rudi"))
    assert "result" in answer, answer
    return answer["result"]


def test_a_crowd_is_asked_again_scanned_and_counted_in_time(house, asker):
    event = announced(asker, capacity=CROWD)
    crowded(house, event)

    starts = clock.later(clock.now(), 3600)
    move = commands.RescheduleEvent(event_id=event, reason="hujan", starts_at=starts)
    assert done(asker, move)["date_changed"] == 1
    asked = {"needs_reconfirm": True, "ticket": {"$type": "string"}}
    assert house.books["registration"].count_documents(asked) == CROWD

    tickets = [
        row["ticket"] for row in house.books["registration"].find({}).sort("_id").limit(BATCH)
    ]
    scans = tuple(commands.Scan(ticket=ticket) for ticket in tickets)
    results = done(asker, commands.CheckIn(event_id=event, scans=scans))["results"]
    assert [one["outcome"] for one in results] == ["accepted"] * BATCH
    again = done(asker, commands.CheckIn(event_id=event, scans=scans))["results"]
    assert {one["outcome"] for one in again} == {"duplicate"}
    row = house.books["seats"].find_one({"_id": event})
    assert (row["confirmed"], row["attended"]) == (CROWD - BATCH, BATCH)

    assert (
        done(asker, commands.CancelEvent(event_id=event, reason="banjir"))["state"] == "cancelled"
    )
    assert house.states() == {"attended": BATCH, "cancelled": CROWD - BATCH}


def test_who_is_registered_is_found_without_looking_at_the_crowd(house, asker):
    event = announced(asker, capacity=CROWD + 5)
    crowded(house, event)

    mine = house.books["registration"].find(open_of(event, "p0500"))

    assert mine.explain()["executionStats"]["totalDocsExamined"] == 1
