"""Waiting a moment before a refusal that may only stem from a fact not heard yet.

A service decides from replicas of what others say. What the caller has just been told elsewhere
(approved, appointed) is on its way here: mostly for some milliseconds, for longer where a machine
is busy or a broker was away.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import TypeVar

import eventlet
from eventlet.semaphore import Semaphore

from chassis.call import Call, Seen
from chassis.errors import Forbidden, Outage, Refusal
from chassis.mongo import within

T = TypeVar("T")

PAUSES_SECONDS = (0.02, 0.06, 0.17, 0.35, 0.6)
MOST_IF_FORBIDDEN = 3
LOOK_SECONDS = 0.1
MOST_PATIENT = 8  # of the commands that a process works on at once; a wait takes up a worker
MOST_LACKING = 4  # besides those: together they leave workers to everybody else

PLACES, LACKING = Semaphore(MOST_PATIENT), Semaphore(MOST_LACKING)


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
    it does not come in time. No pause runs past the call's deadline. Few are patient at a time:
    who finds no place is spared the pauses, not the look at what is lacking. Few wait for what is
    lacking: who finds no place for that looks once more and is told to come again.
    """
    with ExitStack() as place:
        for number, pause in enumerate(pauses, 1):
            try:
                return decide()
            except doubtful as refusal:
                if time.time() + pause >= call.deadline:
                    raise
                if number == 1 and not _found(place, PLACES):
                    break
                eventlet.sleep(pause)
                if isinstance(refusal, Forbidden) and number == MOST_IF_FORBIDDEN:
                    break
    if _lacking(call, lacks):
        _await(call, lacks)
    return decide()


def _await(call: Call, lacks: Callable[[Iterable[Seen]], bool]) -> None:
    """Wait until nothing lacks any more; raises Outage at the deadline, or soon if many wait."""
    with ExitStack() as place:
        until = call.deadline
        if not _found(place, LACKING):
            until = min(until, time.time() + 2 * LOOK_SECONDS)
        lacking = True
        while lacking:
            if time.time() + LOOK_SECONDS >= until:
                raise Outage("what the caller was shown has not been heard here yet")
            eventlet.sleep(LOOK_SECONDS)
            lacking = _lacking(call, lacks)


def _found(place: ExitStack, places: Semaphore) -> bool:
    """Whether one of the places was free; it is given back when the stack is closed."""
    if not places.acquire(blocking=False):
        return False
    place.callback(places.release)
    return True


def _lacking(call: Call, lacks: Callable[[Iterable[Seen]], bool]) -> bool:
    """Whether something that he was shown is not here; looked up within the call's deadline."""
    with within(call.deadline):
        return lacks(call.actor.seen)
