"""`@every(seconds)`: work that comes round, in one replica at a time, by a database lease.

The lease is renewed while a round runs. Who cannot renew it (the database is away, the process
stood still) may be overtaken: so a round finds out in each of its transactions whether there is
still something to do. When the region's clock is set ahead, every round is due at once; the lease
itself is on real time.
"""

from typing import Any

import eventlet
from eventlet.event import Event
from nameko.extensions import Entrypoint
from pymongo.errors import DuplicateKeyError, PyMongoError

from chassis import clock
from chassis.errors import Outage, Refusal
from chassis.log import bind, get_logger
from chassis.rounds import FAILED

log = get_logger()

GLANCE_SECONDS = 0.25
LEASED_FOR = 0.9  # of the interval
RENEWED_AFTER = 0.3  # of the interval, while a round runs


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
        self._holder = clock.new_id()
        due = [{"until": {"$lt": clock.real()}}, {"ahead": {"$ne": ahead}}]
        wanted = {"_id": self.method_name, "$or": due}
        lease = {"until": self._until(), "ahead": ahead, "holder": self._holder}
        try:
            self._leases.update_one(wanted, {"$set": lease}, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    @property
    def _leases(self) -> Any:
        desk = next(d for d in self.container.dependencies if d.attr_name == "desk")
        return desk.database["leases"]

    def _until(self) -> str:
        return clock.later(clock.real(), self.seconds * LEASED_FOR)

    def _renew(self) -> None:
        """The round still runs; a lease that somebody else took meanwhile stays his."""
        mine = {"_id": self.method_name, "holder": self._holder}
        try:
            self._leases.update_one(mine, {"$set": {"until": self._until()}})
        except (Outage, PyMongoError) as error:
            log.warning("lease not renewed", method=self.method_name, error=repr(error))

    def _round(self) -> None:
        """Run the method, and keep the lease until it ends."""
        bind(request_id=clock.new_id())
        ended = Event()

        def handle_result(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            ended.send(None)
            if exc_info and not isinstance(exc_info[1], (Outage, Refusal, PyMongoError)):
                FAILED.labels(self.method_name).inc()
            return result, exc_info

        self.container.spawn_worker(self, (), {}, handle_result=handle_result)
        while not ended.ready():
            with eventlet.Timeout(self.seconds * RENEWED_AFTER, False):
                ended.wait()
            if not ended.ready():
                self._renew()


every = Every.decorator
