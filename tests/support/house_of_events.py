"""Replicas of the events service on a real broker and database, and people who know it."""

from collections import Counter
from typing import Any

from chassis import clock, topology
from contracts.events import commands
from services.events.repository import DATABASE
from tests.support.asker import Asker
from tests.support.infrastructure import Stage

SERVICE = "services.events.service"
CAPACITY, CROWD = 20, 50
DAY = 24 * 3600


class House(Stage):
    """Replicas of the events service, and what they keep."""

    @property
    def books(self) -> Any:
        return self.ground.mongo[DATABASE]

    def ask_queue(self) -> str:
        return topology.ask_queue(self.name, "events")

    def people(self, *names: str) -> None:
        """Active members, as if heard of."""
        self.books["known_member"].insert_many(
            [
                {"_id": n, "id": n, "version": 1, "name": n, "state": "active", "area": "35.71"}
                for n in names
            ]
        )

    def states(self) -> Counter[str]:
        return Counter(row["state"] for row in self.books["registration"].find({}))

    def positions(self) -> list[int]:
        waiting = self.books["registration"].find({"state": "waiting"})
        return sorted(row["position"] for row in waiting)

    def seats(self) -> tuple[int, int, int]:
        row = self.books["seats"].find_one({})
        return row["confirmed"], row["offered"], row["waiting"]


def by(name: str) -> dict[str, Any]:
    return {"actor": {"member_id": name}}


def announced(asker: Asker, capacity: int = CAPACITY) -> str:
    """An event that people can register for; gives its id."""
    starts = clock.later(clock.now(), 14 * DAY)
    plan = commands.PlanEvent(
        title="Cetak barcode",
        kind="workshop",
        area="35.71",
        starts_at=starts,
        ends_at=clock.later(starts, 3 * 3600),
        capacity=capacity,
    )
    event = asker.ask(plan, **by("rudi"))["result"]
    publish = commands.PublishEvent(event_id=event["id"], no_speaker_reason="Belajar bersama")
    assert asker.ask(publish, **by("rudi"))["result"]["state"] == "published"
    return str(event["id"])
