"""One round of periodic work: find what is due, then each in a transaction of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from prometheus_client import Counter

from chassis.errors import Outage, Refusal
from chassis.log import get_logger

log = get_logger()

FAILED = Counter("jejaring_rounds_failed_total", "What a bug left to the next round", ["work"])


def each(desk: Any, due: Callable[[Any], list[str]], act: Callable[..., Any]) -> int:
    """Run `act(work, id=…)` for every id that `due(work)` gives; gives how many were due."""
    ids: list[str] = []
    with apart(due.__name__):
        ids = desk.sweep(due)
    for one in ids:
        with apart(due.__name__):
            desk.sweep(partial(act, id=one))
    return len(ids)


@contextmanager
def apart(work: str) -> Iterator[None]:
    """What is refused inside (somebody else was faster), or fails, holds up nothing else.

    It is told and left to the next round. Raises Outage: then nothing else gets on either.
    """
    try:
        yield
    except Outage:
        raise
    except Refusal as refusal:
        log.warning("left to the next round", work=work, reason=str(refusal))
    except Exception:
        log.exception("bug", work=work)
        FAILED.labels(work).inc()
