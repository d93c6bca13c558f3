"""One queue's deliveries: bounded prefetch, settling from anywhere, reconnecting, true drain."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import eventlet
from amqp import spec
from nameko.extensions import SharedExtension

from chassis.broker import BROKER_ERRORS, close, connect
from chassis.log import get_logger
from chassis.settings import Settings

log = get_logger()

ORIGIN = "x-origin"
BACKOFF_SECONDS = (0.1, 0.3, 1.0, 2.0)
HEARTBEAT_LOOK_SECONDS = 2.0
SETTLED_LOOK_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One message and the channel that it must be settled on."""

    body: bytes
    properties: dict[str, Any]
    headers: dict[str, Any]
    tag: int
    channel: Any
    exchange: str = ""

    @property
    def origin(self) -> str:
        """The exchange that it was published to, also after a delay or a parking.

        Only what comes by the default exchange, where nobody else publishes, may say so itself.
        """
        return self.exchange or str(self.headers.get(ORIGIN) or "")


class Intake:
    """Consumes one queue and hands every delivery to `receive`; runs in one green thread."""

    def __init__(
        self,
        uri: str,
        queue: str,
        *,
        prefetch: int,
        receive: Callable[[Delivery], None],
        declare: Callable[[Any], None],
    ) -> None:
        self._uri, self._queue, self._prefetch = uri, queue, prefetch
        self._receive, self._declare = receive, declare
        self.stopping = False
        self._consuming: tuple[Any, str] | None = None
        self._unsettled: set[tuple[int, int]] = set()
        self.connected = False

    def run(self) -> None:
        """Consume until stopped and drained; reconnects for ever, with backoff."""
        failures = 0
        while not self.stopping:
            started = time.monotonic()
            try:
                self._session()
            except BROKER_ERRORS as error:
                failures = 0 if time.monotonic() - started > 5 else failures + 1
                log.warning("intake lost", queue=self._queue, error=repr(error))
                eventlet.sleep(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)])
            finally:
                self.connected, self._consuming = False, None
                self._unsettled.clear()

    def _session(self) -> None:
        """One connection's life."""
        connection = None
        try:
            connection = connect(self._uri)
            self._declare(connection)
            self._consume(connection)
        finally:
            close(connection)

    def _consume(self, connection: Any) -> None:
        channel = connection.channel()
        channel.auto_decode = False
        channel.basic_qos(0, self._prefetch, False)
        consumer = channel.basic_consume(self._queue, callback=self._on_message)
        self.connected, self._consuming = True, (channel, consumer)
        if self.stopping:
            self._cancel()
        while consumer in channel.callbacks or self._unsettled:
            look = SETTLED_LOOK_SECONDS if self.stopping else HEARTBEAT_LOOK_SECONDS
            with suppress(TimeoutError):
                connection.drain_events(timeout=look)
            connection.heartbeat_tick(rate=2)

    def _cancel(self) -> None:
        """Ask the broker to bring nothing more; its answer wakes who waits for deliveries."""
        if self._consuming is not None:
            (channel, consumer), self._consuming = self._consuming, None
            with suppress(*BROKER_ERRORS):
                channel.send_method(spec.Basic.Cancel, "sb", (consumer, False))

    def _on_message(self, message: Any) -> None:
        delivery = Delivery(
            body=message.body if isinstance(message.body, bytes) else message.body.encode(),
            properties=message.properties,
            headers=message.properties.get("application_headers") or {},
            tag=message.delivery_info["delivery_tag"],
            channel=message.channel,
            exchange=message.delivery_info.get("exchange") or "",
        )
        self._unsettled.add((id(delivery.channel), delivery.tag))
        self._receive(delivery)

    def ack(self, delivery: Delivery) -> None:
        """Done with it; on a connection that is gone the broker delivers again, which is fine."""
        self._settle(delivery, lambda: delivery.channel.basic_ack(delivery.tag))

    def ack_all(self, deliveries: Sequence[Delivery]) -> None:
        """Done with them; those of a channel with nothing unsettled before them by one frame."""
        ours = {(id(one.channel), one.tag) for one in deliveries}
        oldest: dict[int, int] = {}
        for channel, tag in self._unsettled - ours:
            oldest[channel] = min(tag, oldest.get(channel, tag))
        first: dict[int, list[Delivery]] = {}
        for one in sorted(deliveries, key=lambda one: one.tag):
            if one.tag > oldest.get(id(one.channel), one.tag):
                self.ack(one)
            else:
                first.setdefault(id(one.channel), []).append(one)
        for *others, last in first.values():
            ack = partial(last.channel.basic_ack, last.tag, multiple=bool(others))
            self._settle(last, ack)
        self._unsettled -= ours

    def requeue(self, delivery: Delivery) -> None:
        """Give it back to the queue."""
        self._settle(delivery, lambda: delivery.channel.basic_reject(delivery.tag, requeue=True))

    def _settle(self, delivery: Delivery, send: Callable[[], None]) -> None:
        try:
            send()
        except (*BROKER_ERRORS, AttributeError) as error:
            log.info("settled too late", queue=self._queue, error=repr(error))
        finally:
            self._unsettled.discard((id(delivery.channel), delivery.tag))

    def drain(self, running: Any, seconds: float) -> None:
        """Take nothing new and wait for the thread of `run`: everything taken is settled then."""
        self.stop()
        with eventlet.Timeout(seconds, False):
            running.wait()
            return
        log.warning("drain cut off", queue=self._queue, unsettled=len(self._unsettled))

    def stop(self) -> None:
        """Take nothing new; `run` returns when everything taken is settled."""
        self.stopping = True
        self._cancel()


class TakesIn(SharedExtension):
    """A service's one queue of a kind, shared by its methods: consumed from start to drain."""

    settings: Settings
    intake: Intake

    def start(self) -> None:
        """Start consuming."""
        self._intaking = self.container.spawn_managed_thread(self.intake.run)

    def drain(self) -> None:
        """Take nothing new; what was begun is finished and acknowledged first."""
        self.intake.drain(self._intaking, self.settings.drain_seconds)

    @property
    def connected(self) -> bool:
        """Whether anything can arrive."""
        return self.intake.connected
