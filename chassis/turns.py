"""Taking turns inside one process: who would only conflict with another waits for him instead.

Transactions on the same documents repeat when they meet. A storm of them in one replica would
repeat each other to death; in turn each does its work once. Replicas still meet in the database.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from eventlet.semaphore import Semaphore

from chassis.errors import Busy


class Turn(Semaphore):
    """One at a time, in the order in which they came; forgotten when nobody waits."""


_TURNS: "WeakValueDictionary[str, Turn]" = WeakValueDictionary()


@contextmanager
def turn(key: str, deadline: float) -> Iterator[None]:
    """Wait for those who came before with the same key; raises Busy at the deadline.

    `deadline` is on the clock of time.time().
    """
    mine = _TURNS.setdefault(key, Turn(1))
    if not mine.acquire(timeout=max(0.001, deadline - time.time())):
        raise Busy("so many at once that the turn did not come", retry_after_seconds=1)
    try:
        yield
    finally:
        mine.release()
