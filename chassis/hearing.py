"""`@hears(Fact)`: facts of others, at least once on the wire, with retries, parking and drain."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import eventlet
import orjson
from eventlet.event import Event
from eventlet.semaphore import Semaphore
from nameko.extensions import Entrypoint
from prometheus_client import Counter
from pymongo.errors import PyMongoError

from chassis import topology
from chassis.broker import Message, Publisher
from chassis.errors import Outage
from chassis.intake import Delivery, Intake
from chassis.log import get_logger
from chassis.mongo import is_outage
from chassis.parking import park
from chassis.settings import Settings
from contracts.codec import Malformed
from contracts.envelope import Envelope, open_fact, read
from contracts.fact import Fact

log = get_logger()

HEARD = Counter("jejaring_facts_heard_total", "Facts heard, by outcome", ["hearer", "outcome"])
ATTEMPT = "x-attempt"
OUTAGE_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """A speaker says that everything it recorded up to `upto` has been published."""

    speaker: str
    upto: str


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One delivery and what it says."""

    delivery: Delivery
    said: tuple[Envelope, Fact] | Pulse


class Hears(Entrypoint):
    """Runs the method for each fact, or for batches; the method's return acknowledges.

    The service must have a `desk` (its database holds the parked facts). A method that raises is
    tried again after each delay of the ladder and then parked; an outage is waited out.
    """

    def __init__(
        self,
        *facts: type[Fact],
        batch: int = 1,
        workers: int = 1,
        single_active: bool = False,
        pulses: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.facts = {fact.name: fact for fact in facts}
        self.batch, self.workers = batch, workers
        self.single_active, self.pulses = single_active, pulses

    def setup(self) -> None:
        """Prepare the intake."""
        self.settings: Settings = self.container.config["settings"]
        self.queue = topology.hear_queue(self.settings.region, self.container.service_name)
        self.intake = Intake(
            self.settings.amqp_uri,
            self.queue,
            prefetch=max(self.batch * 2, self.workers),
            receive=self._receive,
            declare=self.declare,
        )
        self.publisher = Publisher(self.settings.amqp_uri)
        self._waiting: deque[Delivery] = deque()
        self._arrived = Semaphore(0)

    def declare(self, connection: Any) -> None:
        """This hearer's part of the topology."""
        topology.declare_hearer(
            connection, self.settings, self.container.service_name, list(self.facts), self
        )

    def start(self) -> None:
        """Start consuming and working."""
        self._intaking = self.container.spawn_managed_thread(self.intake.run)
        for _ in range(self.workers):
            self.container.spawn_managed_thread(self._work)

    def stop(self) -> None:
        """Stop consuming; what was begun is finished and acknowledged first."""
        self.intake.stop()
        with eventlet.Timeout(self.settings.drain_seconds, False):
            self._intaking.wait()
        self.publisher.close()

    @property
    def connected(self) -> bool:
        """Whether facts can arrive."""
        return self.intake.connected

    def _receive(self, delivery: Delivery) -> None:
        self._waiting.append(delivery)
        self._arrived.release()

    def _work(self) -> None:
        """Take what has arrived, at most a batch, and hear it; for ever."""
        while True:
            self._arrived.acquire()
            taken = [self._waiting.popleft()]
            while len(taken) < self.batch and self._arrived.acquire(blocking=False):
                taken.append(self._waiting.popleft())
            if self.intake.stopping:
                self._give_back(taken)
                continue
            heard = [entry for delivery in taken if (entry := self._read(delivery))]
            if heard:
                self._hear(heard)

    def _give_back(self, taken: Sequence[Delivery]) -> None:
        """Another replica, or our next life, hears what we have not begun."""
        for delivery in taken:
            self.intake.requeue(delivery)

    def _read(self, delivery: Delivery) -> Heard | None:
        """What a delivery says; parked at once when it says nothing."""
        try:
            raw = orjson.loads(delivery.body)
            if delivery.headers.get("kind") == topology.PULSE:
                return Heard(delivery=delivery, said=Pulse(**raw))
            envelope = read(raw)
            return Heard(delivery=delivery, said=(envelope, open_fact(envelope, self.facts)))
        except (Malformed, ValueError, TypeError, AttributeError) as error:
            self._park(delivery, f"unreadable: {error}", 0)
            return None

    def _hear(self, heard: Sequence[Heard]) -> None:
        """Run the method; on a bug find the guilty ones, on an outage wait and try again."""
        while (error := self._run(heard)) is not None:
            if not (isinstance(error, Outage) or is_outage(error)):
                self._failed(heard, error)
                return
            HEARD.labels(self.queue, "outage").inc(len(heard))
            eventlet.sleep(OUTAGE_PAUSE_SECONDS)
        HEARD.labels(self.queue, "done").inc(len(heard))
        for entry in heard:
            self.intake.ack(entry.delivery)

    def _run(self, heard: Sequence[Heard]) -> BaseException | None:
        """The method's error, or None when it returned."""
        ended = Event()

        def handle_result(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            ended.send(exc_info[1] if exc_info else None)
            return result, exc_info

        said = [entry.said for entry in heard]
        args = (said,) if self.batch > 1 else _arguments(heard[0].said)
        self.container.spawn_worker(self, args, {}, handle_result=handle_result)
        return ended.wait()  # type: ignore[no-any-return]

    def _failed(self, heard: Sequence[Heard], error: BaseException) -> None:
        if len(heard) == 1:
            self._again_later(heard[0].delivery, error)
            return
        for entry in heard:
            self._hear([entry])

    def _again_later(self, delivery: Delivery, error: BaseException) -> None:
        """Back after the next delay, or parked after the last; acknowledged only when safe."""
        attempt = _attempt(delivery)
        ladder = self.settings.retry_ladder_seconds
        if attempt >= len(ladder):
            self._park(delivery, repr(error), attempt + 1)
            return
        message = Message(
            exchange="",
            routing_key=topology.retry_queue(ladder[attempt], self.queue),
            body=delivery.body,
            headers={ATTEMPT: attempt + 1, "x-reason": repr(error)[:500]},
        )
        self._safely(delivery, partial(self.publisher.deliver, message), "retried")

    def _park(self, delivery: Delivery, reason: str, attempts: int) -> None:
        log.error("fact parked", queue=self.queue, reason=reason[:300])
        database = self.container_desk().database
        move = partial(park, database, self.queue, delivery, reason, attempts)
        self._safely(delivery, move, "parked")

    def container_desk(self) -> Any:
        """The service's desk."""
        return next(d for d in self.container.dependencies if d.attr_name == "desk")

    def _safely(self, delivery: Delivery, move: Any, outcome: str) -> None:
        """Move a delivery elsewhere, then acknowledge; if that fails, it goes back to the queue."""
        try:
            move()
        except (Outage, PyMongoError) as error:
            log.warning("delivery kept", queue=self.queue, error=repr(error))
            eventlet.sleep(OUTAGE_PAUSE_SECONDS)
            self.intake.requeue(delivery)
        else:
            HEARD.labels(self.queue, outcome).inc()
            self.intake.ack(delivery)


def _arguments(said: tuple[Envelope, Fact] | Pulse) -> tuple[Any, ...]:
    return said if isinstance(said, tuple) else (said,)


def _attempt(delivery: Delivery) -> int:
    """How often this delivery was retried; anything odd in the header counts as never."""
    attempt = delivery.headers.get(ATTEMPT, 0)
    return attempt if type(attempt) is int and attempt >= 0 else 0


hears = Hears.decorator
