"""The listener in batches, one replica at a time, with pulses: as a projector hears."""

import os
from typing import Any

from chassis.desk import Desk
from chassis.hearing import Pulse, hears
from contracts.members.facts import AreaChanged, AreaCreated
from tests.support.listener import note_area


class Batcher:
    """Hears about areas, many at once."""

    name = "batcher"
    desk = Desk(database=os.environ["LISTENER_DATABASE"], speaks=False)

    @hears(AreaCreated, AreaChanged, batch=50, single_active=True, pulses=True)
    def note(self, said: list[Any]) -> None:
        """Note them all."""
        for entry in said:
            if isinstance(entry, Pulse):
                row = {"speaker": entry.speaker, "upto": entry.upto}
                self.desk.database["pulses"].insert_one(row)
            else:
                self.desk.hear(note_area, *entry)
