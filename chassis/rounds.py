"""One round of periodic work: find what is due, then each in a transaction of its own."""

from collections.abc import Callable
from functools import partial
from typing import Any

from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.log import get_logger

log = get_logger()


def each(desk: Desk, due: Callable[[Any], list[str]], act: Callable[..., Any]) -> int:
    """Run `act(work, id=…)` for every id that `due(work)` gives; gives how many were due.

    What is refused (somebody else was faster) is left to the next round and holds nobody up.
    """
    ids = desk.sweep(due)
    for one in ids:
        try:
            desk.sweep(partial(act, id=one))
        except Refusal as refusal:
            log.warning("left to the next round", work=due.__name__, reason=str(refusal))
    return len(ids)
