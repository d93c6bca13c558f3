"""A speaker whom nobody asks: it records one new area after another by itself, as a sweep does."""

import os

from chassis.clock import new_id
from chassis.desk import Desk
from chassis.periodic import every
from chassis.work import Work
from contracts.members.facts import AreaCreated
from contracts.members.states import Area


def tell(work: Work) -> None:
    """Make an area."""
    begun = {"version": 1, "region": work.region, "created_at": work.now, "updated_at": work.now}
    id = new_id()
    work.record(AreaCreated(area=Area(id=id, **begun, name=f"Wilayah {id}", codes=())))


class Teller:
    """Says members' facts, unasked."""

    name = "members"
    desk = Desk(database=os.environ["LEDGER_DATABASE"])

    @every(0.1)
    def round(self) -> None:
        """One area per round."""
        self.desk.sweep(tell)
