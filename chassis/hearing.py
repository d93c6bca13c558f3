"""`@hears(Fact, …)`: facts of others, at least once on the wire, with retries, parking and drain.

All hearing methods of a service share one queue, one connection and one bounded prefetch; each
has its own line and its own workers, so what fails or is slow in one method is not in another's
way, and a method more costs the broker a binding.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event
from eventlet.semaphore import Semaphore
from nameko.extensions import Entrypoint

from chassis import topology
from chassis.broker import Publisher
from chassis.errors import NotToBeHeard, Outage
from chassis.heard import HEARD, UNREADABLE, Crossing, Ear, Heard, Pulse, Unheard, attempt_of
from chassis.intake import Delivery, Intake, TakesIn
from chassis.ladder import Ladder
from chassis.mongo import is_outage
from contracts.fact import Fact

__all__ = ["Crossing", "Hearing", "Hears", "NotToBeHeard", "Pulse", "hears"]

OUTAGE_PAUSE_SECONDS = 1.0
MOST_UNSETTLED = 500
AT_ONCE = 8


class Hearing(TakesIn):
    """A service's one queue of facts, shared by all its hearing methods and by its replicas.

    The service must have a `desk`: its database holds the facts that could not be heard.
    """

    def setup(self) -> None:
        """Find the methods and prepare the intake; raises TypeError when two hear one fact."""
        self.settings = self.container.config["settings"]
        self.queue = topology.hear_queue(self.settings.region, self.container.service_name)
        HEARD.labels(self.queue, "parked")  # told as 0, so that an alert sees the first one
        self.methods = dict[str, Hears]()
        for method in self._hearing_methods():
            self._join(method)
        methods = list(dict.fromkeys(self.methods.values()))
        self.bound = [name for one in methods if one.bound for name in one.facts]
        self.abroad = [name for one in methods for name in one.abroad]
        self.ear = Ear.of(self.settings.region, methods, set(self.methods))
        self.turns = Semaphore(AT_ONCE)
        self.intake = Intake(
            self.settings.amqp_uri,
            self.queue,
            prefetch=min(MOST_UNSETTLED, sum(method.share for method in methods)),
            receive=self.receive,
            declare=self.declare,
        )
        self.ladder = Ladder(
            self.queue,
            self.settings.retry_ladder_seconds,
            desk=next(d for d in self.container.dependencies if d.attr_name == "desk"),
            publisher=Publisher(self.settings.amqp_uri),
            intake=self.intake,
        )

    def _hearing_methods(self) -> Iterator["Hears"]:
        return (one for one in self.container.entrypoints if isinstance(one, Hears))

    def _join(self, method: "Hears") -> None:
        for name in method.names:
            if self.methods.setdefault(name, method) is not method:
                raise TypeError(f"two methods of {self.container.service_name} hear {name}")

    @property
    def single_active(self) -> bool:
        """Whether only one replica hears at a time."""
        return any(method.single_active for method in self.methods.values())

    @property
    def pulses(self) -> bool:
        """Whether anybody here wants to know how far the speakers are."""
        return topology.PULSE in self.methods

    def declare(self, connection: Any) -> None:
        """This hearer's part of the topology."""
        topology.declare_hearer(
            connection, self.settings, self.container.service_name, self.bound, self
        )

    def stop(self) -> None:
        """Hang up, after every method has ended."""
        self.ladder.publisher.close()

    # -- one delivery -------------------------------------------------------------------------

    def receive(self, delivery: Delivery) -> None:
        """Put a delivery before the method that hears it; moving it away needs a thread."""
        try:
            heard = self.ear.understood(delivery)
        except Unheard as error:
            self._aside(partial(self.ladder.again_later, delivery, error))
        except UNREADABLE as error:
            self._aside(partial(self.ladder.park, delivery, f"unreadable: {error}", 0))
        else:
            self.methods[heard.name].take(heard)

    def _aside(self, move: Callable[[], None]) -> None:
        """Never in the intake's own thread: it would neither read nor beat meanwhile."""
        self.container.spawn_managed_thread(move, "moving a delivery")

    def done(self, heard: Sequence[Heard]) -> None:
        """The method returned: acknowledge."""
        HEARD.labels(self.queue, "done").inc(len(heard))
        self.intake.ack_all([entry.delivery for entry in heard])

    def give_back(self, heard: Sequence[Heard]) -> None:
        """Another replica, or our next life, hears what we have not begun."""
        for entry in heard:
            self.intake.requeue(entry.delivery)


class Hears(Entrypoint):
    """Runs the method for each fact, or for batches; the method's return acknowledges.

    A method that raises is tried again after each delay of the ladder and then parked; an outage
    is waited out. A fact is heard by one method of a service. Facts of other regions are heard only
    where `abroad` names them; `border` is for who lets them in, and binds its own queue as needed
    (`bound` False).
    """

    hearing = Hearing()

    def __init__(
        self,
        *facts: type[Fact],
        batch: int = 1,
        workers: int = 1,
        single_active: bool = False,
        pulses: bool = False,
        abroad: Sequence[type[Fact]] = (),
        border: bool = False,
        bound: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.facts = {fact.name: fact for fact in facts}
        self.abroad = {fact.name: fact for fact in abroad}
        self.bound = bound
        besides = ((topology.PULSE, pulses), (topology.BORDER, border))
        named = dict.fromkeys((*self.facts, *self.abroad))
        self.names = [*named, *(name for name, wanted in besides if wanted)]
        self.batch, self.workers, self.single_active = batch, workers, single_active
        self.share = max(batch * 2, workers)
        self._waiting: deque[Heard] = deque()
        self._arrived = Semaphore(0)

    def start(self) -> None:
        """Start working."""
        for _ in range(self.workers):
            self.container.spawn_managed_thread(self._work)

    def stop(self) -> None:
        """Finish what was begun, take nothing new."""
        self.hearing.drain()

    def take(self, heard: Heard) -> None:
        """Put it in line."""
        self._waiting.append(heard)
        self._arrived.release()

    def _work(self) -> None:
        """Take what has arrived, at most a batch, and hear it; for ever."""
        while True:
            self._arrived.acquire()
            taken = [self._waiting.popleft()]
            while len(taken) < self.batch and self._arrived.acquire(blocking=False):
                taken.append(self._waiting.popleft())
            self.hear(taken)

    def hear(self, heard: Sequence[Heard]) -> None:
        """Run the method; on a bug find the guilty ones, on an outage wait and try again."""
        while not self.hearing.intake.stopping:
            error = self._run(heard)
            if error is None:
                self.hearing.done(heard)
                return
            if not (isinstance(error, Outage) or is_outage(error)):
                self._failed(heard, error)
                return
            HEARD.labels(self.hearing.queue, "outage").inc(len(heard))
            eventlet.sleep(OUTAGE_PAUSE_SECONDS)
        self.hearing.give_back(heard)

    def _run(self, heard: Sequence[Heard]) -> BaseException | None:
        """The method's error, or None when it returned; a few methods of a service at once."""
        ended = Event()

        def handle_result(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            ended.send(exc_info[1] if exc_info else None)
            return result, exc_info

        said = [entry.said for entry in heard]
        args = (said,) if self.batch > 1 else _arguments(heard[0])
        with self.hearing.turns:
            self.container.spawn_worker(self, args, {}, handle_result=handle_result)
            return ended.wait()  # type: ignore[no-any-return]

    def _failed(self, heard: Sequence[Heard], error: BaseException) -> None:
        if len(heard) == 1:
            self._not_heard(heard[0].delivery, error)
            return
        for entry in heard:
            self.hear([entry])

    def _not_heard(self, delivery: Delivery, error: BaseException) -> None:
        if isinstance(error, NotToBeHeard):
            self.hearing.ladder.park(delivery, str(error), attempt_of(delivery) + 1)
        else:
            self.hearing.ladder.again_later(delivery, error)


def _arguments(heard: Heard) -> tuple[Any, ...]:
    return heard.said if isinstance(heard.said, tuple) else (heard.said,)


hears = Hears.decorator
