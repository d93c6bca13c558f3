"""`@every(seconds)`: work that comes round, in one replica at a time, by a database lease."""

from typing import Any

import eventlet
from eventlet.event import Event
from nameko.extensions import Entrypoint
from pymongo.errors import DuplicateKeyError, PyMongoError

from chassis import clock
from chassis.errors import Outage
from chassis.log import bind, get_logger

log = get_logger()


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
            try:
                if self._leased():
                    self._round()
            except (Outage, PyMongoError) as error:
                log.warning("round waits", method=self.method_name, error=repr(error))
            with eventlet.Timeout(self.seconds, False):
                self._stopped.wait()

    def _leased(self) -> bool:
        """Take this round for us; False when another replica has it."""
        desk = next(d for d in self.container.dependencies if d.attr_name == "desk")
        now = clock.now()
        until = clock.later(now, self.seconds * 0.9)
        try:
            desk.database["leases"].update_one(
                {"_id": self.method_name, "until": {"$lt": now}},
                {"$set": {"until": until}},
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
