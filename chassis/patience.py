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
from chassis.errors import Forbidden, Outage, Refusal

T = TypeVar("T")

PAUSES_SECONDS = (0.02, 0.06, 0.17, 0.35, 0.6)
MOST_IF_FORBIDDEN = 3
LOOK_SECONDS = 0.1


def patiently(
    decide: Callable[[], T],
    doubtful: tuple[type[Refusal], ...],
    call: Call,
    lacks: Callable[[Iterable[Seen]], bool],
    pauses: Sequence[float] = PAUSES_SECONDS,
) -> T:
    """What `decide` gives; one of the doubtful refusals counts only after the last pause.

    Who may not do a thing is told earlier: what he is allowed stands in what he was shown. No
    refusal counts while the service `lacks` something that he was shown; Outage is raised when
    it does not come in time. No pause runs past the call's deadline.
    """
    for number, pause in enumerate(pauses, 1):
        try:
            return decide()
        except doubtful as refusal:
            if time.time() + pause >= call.deadline:
                raise
            eventlet.sleep(pause)
            if isinstance(refusal, Forbidden) and number == MOST_IF_FORBIDDEN:
                break
    while lacks(call.actor.seen):
        if time.time() + LOOK_SECONDS >= call.deadline:
            raise Outage("what the caller was shown has not been heard here yet")
        eventlet.sleep(LOOK_SECONDS)
    return decide()
