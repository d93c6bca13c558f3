"""Where a delivery goes that could not be heard: to the next delay, in the end to parking."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import eventlet
from pymongo.errors import PyMongoError

from chassis import topology
from chassis.broker import Message, Publisher
from chassis.errors import Busy, Outage
from chassis.heard import ATTEMPT, HEARD, attempt_of
from chassis.intake import ORIGIN, Delivery, Intake
from chassis.log import get_logger
from chassis.parking import park
from contracts.envelope import CONTENT_TYPE

log = get_logger()

KEPT_PAUSE_SECONDS = 1.0


class Ladder:
    """The delays of one hearer's queue, and the parking in the database of its desk."""

    def __init__(
        self,
        queue: str,
        delays_seconds: Sequence[float],
        *,
        desk: Any,
        publisher: Publisher,
        intake: Intake,
    ) -> None:
        self._queue, self._delays_seconds = queue, delays_seconds
        self._desk, self.publisher, self._intake = desk, publisher, intake

    def again_later(self, delivery: Delivery, error: BaseException) -> None:
        """Back after the next delay, or parked after the last; acknowledged only when safe."""
        attempt = attempt_of(delivery)
        if attempt >= len(self._delays_seconds):
            self.park(delivery, repr(error), attempt + 1)
            return
        pulse = delivery.headers.get("kind") == topology.PULSE
        kind = {"kind": topology.PULSE} if pulse else {}  # else it comes back as an unreadable fact
        origin = {ORIGIN: delivery.origin} if delivery.origin else {}
        message = Message(
            exchange="",
            routing_key=topology.retry_queue(self._delays_seconds[attempt], self._queue),
            body=delivery.body,
            content_type=CONTENT_TYPE,
            headers={**kind, **origin, ATTEMPT: attempt + 1, "x-reason": repr(error)[:500]},
        )
        self._safely(delivery, partial(self.publisher.deliver, message), "retried")

    def park(self, delivery: Delivery, reason: str, attempts: int) -> None:
        """Into the service's database, with the reason."""
        log.error("fact parked", queue=self._queue, reason=reason[:300])
        move = partial(park, self._desk, self._queue, delivery, reason, attempts)
        self._safely(delivery, move, "parked")

    def _safely(self, delivery: Delivery, move: Callable[[], Any], outcome: str) -> None:
        """Move a delivery elsewhere, then acknowledge; if that fails, it goes back to the queue."""
        try:
            move()
        except (Outage, Busy, PyMongoError) as error:
            log.warning("delivery kept", queue=self._queue, error=repr(error))
            eventlet.sleep(KEPT_PAUSE_SECONDS)
            self._intake.requeue(delivery)
        else:
            HEARD.labels(self._queue, outcome).inc()
            self._intake.ack(delivery)
