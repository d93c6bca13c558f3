"""Work that comes round, in one replica at a time; the first round of a process is a bug."""

import os

from chassis.clock import new_id
from chassis.desk import Desk
from chassis.periodic import every
from chassis.work import Work


def tick(work: Work) -> None:
    """Leave a mark."""
    row = {"_id": new_id(), "pid": os.getpid(), "at": work.now}
    work.collection("ticks").insert_one(row)


class Ticker:
    """Ticks."""

    name = "ticker"
    desk = Desk(database=os.environ["LISTENER_DATABASE"], speaks=False)

    @every(0.3)
    def round(self) -> None:
        """One mark per round."""
        self.desk.sweep(tick)
        if os.environ.get("TICKER_FAILS"):
            raise ZeroDivisionError("a bug")
