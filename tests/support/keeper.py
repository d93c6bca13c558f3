"""A service that only remembers: areas, by their names; `racun…` does not fit what it keeps."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.desk import Desk
from chassis.hearing import hears
from contracts.envelope import Envelope
from contracts.fact import Fact
from contracts.members.facts import AreaChanged, AreaCreated, AreaRestated


@dataclass(frozen=True, kw_only=True)
class KeptArea:
    """What is kept of an area."""

    id: str
    version: int
    name: str

    def __post_init__(self) -> None:
        if self.name.startswith("racun"):
            raise ValueError("this cannot be kept")


class Keeper:
    """Notes areas, many at once, without an inbox."""

    name = "keeper"
    desk = Desk(
        database=os.environ.get("LISTENER_DATABASE", "keeper"),
        keeps={"area": KeptArea},
        speaks=False,
    )

    @hears(AreaCreated, AreaChanged, AreaRestated, batch=50)
    def note(self, said: Sequence[tuple[Envelope, Fact]]) -> None:
        """Note them all."""
        self.desk.remember(fact for _, fact in said)
