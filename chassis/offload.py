"""CPU work outside the hub: native threads, few at a time."""

from collections.abc import Callable
from typing import TypeVar

from eventlet import tpool
from eventlet.semaphore import Semaphore

T = TypeVar("T")

_AT_ONCE = Semaphore(2)


def offload(work: Callable[..., T], *args: object) -> T:
    """Run `work(*args)` in a native thread (at most two at once) and give its result or error."""
    with _AT_ONCE:
        return tpool.execute(work, *args)  # type: ignore[no-any-return]
