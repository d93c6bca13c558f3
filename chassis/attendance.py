"""Whether somebody takes from every hearer's queue: asked of the broker, from other processes."""

from collections.abc import Callable
from functools import partial
from typing import Any

import eventlet
from amqp.exceptions import NotFound
from prometheus_client import Gauge

from chassis import topology
from chassis.broker import BROKER_ERRORS, close, connect
from chassis.log import get_logger
from chassis.settings import Settings

log = get_logger()

TAKERS = Gauge("jejaring_queue_takers", "Processes that take from a hearer's queue", ["hearer"])
WAITING = Gauge("jejaring_queue_waiting", "Facts that wait in a hearer's queue", ["hearer"])


class Attendance:
    """Looks at the queues of the hearers that the settings name; an alarm each."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._deserted: set[str] = set()

    @property
    def alarms(self) -> dict[str, Callable[[], bool]]:
        """A check per hearer, true while somebody takes from its queue."""
        return {f"heard_by_{hearer}": partial(self.attends, hearer) for hearer in self._hearers}

    @property
    def _hearers(self) -> tuple[str, ...]:
        return self._settings.hearers

    def attends(self, hearer: str) -> bool:
        """Whether somebody did at the last look."""
        return hearer not in self._deserted

    def run(self) -> None:
        """Look for ever; the first look waits, since a whole cell may be starting."""
        while self._hearers:
            eventlet.sleep(self._settings.attendance_seconds)
            try:
                self.look()
            except BROKER_ERRORS as error:
                log.warning("queues not looked at", error=repr(error))

    def look(self) -> None:
        """Once, at every queue; raises one of BROKER_ERRORS."""
        connection = connect(self._settings.amqp_uri)
        try:
            for hearer in self._hearers:
                self._note(hearer, *self._look_at(connection, hearer))
        finally:
            close(connection)

    def _look_at(self, connection: Any, hearer: str) -> tuple[int, int]:
        """How many take from the queue, and how much waits in it."""
        queue = topology.hear_queue(self._settings.region, hearer)
        try:
            told = connection.channel().queue_declare(queue, passive=True)
        except NotFound:
            return 0, 0
        return told.consumer_count, told.message_count

    def _note(self, hearer: str, takers: int, waiting: int) -> None:
        TAKERS.labels(hearer).set(takers)
        WAITING.labels(hearer).set(waiting)
        if takers:
            self._deserted.discard(hearer)
        else:
            self._deserted.add(hearer)
            log.warning("nobody hears", hearer=hearer, waiting=waiting)
