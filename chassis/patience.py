"""Waiting a moment before a refusal that may only stem from a fact not heard yet.

A service decides from replicas of what others say. What the caller has just been told elsewhere
(approved, appointed) is on its way here: mostly for some milliseconds, for longer where a machine
is busy or a broker was away.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import eventlet

from chassis.call import Call, Seen
from chassis.errors import Outage, Refusal

T = TypeVar("T")

PAUSES_SECONDS = (0.02, 0.06, 0.17)
LOOK_SECONDS = 0.1


def patiently(
    decide: Callable[[], T],
    doubtful: tuple[type[Refusal], ...],
    call: Call,
    lacks: Callable[[Iterable[Seen]], bool],
    pauses: Sequence[float] = PAUSES_SECONDS,
) -> T:
    """What `decide` gives; one of the doubtful refusals counts only after the last pause.

    It does not count either while a fact `lacks` that the caller was shown the effect of. Raises
    Outage when that does not come in time; no pause runs past the call's deadline.
    """
    for pause in pauses:
        try:
            return decide()
        except doubtful:
            if time.time() + pause >= call.deadline:
                raise
            eventlet.sleep(pause)
    while lacks(call.actor.seen):
        if time.time() + LOOK_SECONDS >= call.deadline:
            raise Outage("what the caller was shown has not been heard here yet")
        eventlet.sleep(LOOK_SECONDS)
    return decide()
