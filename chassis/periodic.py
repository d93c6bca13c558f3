"""`@every(seconds)`: work that comes round, in one replica at a time, by a database lease.

When the region's clock is set ahead, every round is due at once; the lease itself is on real time.
"""

from typing import Any

import eventlet
from eventlet.event import Event
from nameko.extensions import Entrypoint
from pymongo.errors import DuplicateKeyError, PyMongoError

from chassis import clock
from chassis.errors import Outage
from chassis.log import bind, get_logger

log = get_logger()

GLANCE_SECONDS = 0.25


class Every(Entrypoint):
    """Runs the method each interval, if no other replica did; failures wait for the next round."""

    def __init__(self, seconds: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seconds = seconds
        self._stopped = Event()

    def start(self) -> None:
        """Start the rounds."""
        self._rounds = self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        """End after the round that runs."""
        self._stopped.send(None)
        self._rounds.wait()

    def _run(self) -> None:
        while not self._stopped.ready():
            ahead = clock.ahead()
            try:
                if self._leased(ahead):
                    self._round()
            except (Outage, PyMongoError) as error:
                log.warning("round waits", method=self.method_name, error=repr(error))
            self._pause(ahead)

    def _pause(self, ahead: float) -> None:
        """Until the next round, or the end; a clock that may be set is looked at meanwhile."""
        left = self.seconds
        while left > 0 and not self._stopped.ready() and clock.ahead() == ahead:
            glance = min(left, GLANCE_SECONDS) if clock.may_travel() else left
            with eventlet.Timeout(glance, False):
                self._stopped.wait()
            left -= glance

    def _leased(self, ahead: float) -> bool:
        """Take this round for us; False when another replica has it."""
        desk = next(d for d in self.container.dependencies if d.attr_name == "desk")
        now = clock.real()
        until = clock.later(now, self.seconds * 0.9)
        due = [{"until": {"$lt": now}}, {"ahead": {"$ne": ahead}}]
        try:
            desk.database["leases"].update_one(
                {"_id": self.method_name, "$or": due},
                {"$set": {"until": until, "ahead": ahead}},
                upsert=True,
            )
        except DuplicateKeyError:
            return False
        return True

    def _round(self) -> None:
        bind(request_id=clock.new_id())
        ended = Event()

        def handle_result(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            ended.send(None)
            return result, exc_info

        self.container.spawn_worker(self, (), {}, handle_result=handle_result)
        ended.wait()


every = Every.decorator
