"""Waiting a moment before a refusal that may only stem from a fact not heard yet.

A service decides from replicas of what others say. What the caller has just been told elsewhere
(approved, appointed) is on its way here for some milliseconds.
"""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import eventlet

from chassis.errors import Refusal

T = TypeVar("T")

PAUSES_SECONDS = (0.02, 0.06, 0.17)


def patiently(
    decide: Callable[[], T],
    doubtful: tuple[type[Refusal], ...],
    deadline: float,
    pauses: Sequence[float] = PAUSES_SECONDS,
) -> T:
    """What `decide` gives; one of the doubtful refusals counts only after the last pause.

    `deadline` is on time.time(): no pause runs past it.
    """
    for pause in pauses:
        try:
            return decide()
        except doubtful:
            if time.time() + pause >= deadline:
                raise
            eventlet.sleep(pause)
    return decide()
