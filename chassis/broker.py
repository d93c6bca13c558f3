"""Connections to the broker and publishing with confirms, every wait under a deadline."""

import struct
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import amqp
from amqp.exceptions import AMQPError
from amqp.serialization import PROPERTY_CLASSES, decode_properties_basic
from amqp.spec import Basic
from eventlet.semaphore import Semaphore
from kombu import Connection
from kombu.exceptions import KombuError, OperationalError
from kombu.transport import pyamqp

from chassis.errors import Outage
from chassis.log import get_logger

log = get_logger()

BROKER_ERRORS = (AMQPError, KombuError, OperationalError, OSError)
HEARTBEAT_SECONDS = 10
CONNECT_SECONDS = 4
READ_BYTES = 8 * 1024
PERSISTENT = 2


UNREADABLE = (
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    OSError,
    RecursionError,
    struct.error,
    AMQPError,
)


def readable_properties(raw: bytes, offset: int) -> tuple[dict[str, Any], int]:
    """A message's properties, or none when a stranger wrote what cannot be decoded.

    py-amqp would raise out of its reading loop and end the process, for ever.
    """
    try:
        return decode_properties_basic(raw, offset)  # type: ignore[no-any-return]
    except UNREADABLE as error:
        log.warning("properties unreadable", error=repr(error)[:300])
        return {}, len(raw)


PROPERTY_CLASSES[Basic.CLASS_ID] = readable_properties


class _Amqp(pyamqp.Connection):
    """Without `connection.blocked`: py-amqp would read the socket before every publish."""

    negotiate_capabilities = {
        name: wanted
        for name, wanted in amqp.Connection.negotiate_capabilities.items()
        if name != "connection.blocked"
    }


class _Transport(pyamqp.Transport):
    """kombu's py-amqp transport with our connection class."""

    Connection = _Amqp


def connect(uri: str) -> Any:
    """A live AMQP connection, made by kombu; raises one of BROKER_ERRORS within the deadline.

    It is the connection itself, not kombu's handle, so that nothing reconnects behind our back,
    and made by one try (`Connection.connect` would sleep 2 s and try again).
    """
    handle = Connection(
        uri, transport=_Transport, heartbeat=HEARTBEAT_SECONDS, connect_timeout=CONNECT_SECONDS
    )
    connection = handle.transport.establish_connection()
    _read_ahead(connection.transport)
    return connection


def _read_ahead(transport: Any) -> None:
    """Take what has arrived: py-amqp asks the socket three times per frame, for exact lengths.

    What is more than it asked for, it keeps for the next time, with TLS and without.
    """
    receive = transport._quick_recv
    transport._quick_recv = lambda wanted: receive(max(wanted, READ_BYTES))


def close(connection: Any) -> None:
    """Drop a connection without waiting for the other side (a frozen broker never answers)."""
    with suppress(*BROKER_ERRORS):
        if connection is not None and connection.transport is not None:
            connection.transport.close()


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message to publish: persistent JSON unless told otherwise."""

    exchange: str
    routing_key: str
    body: bytes
    message_id: str = ""
    content_type: str = "application/json"
    headers: dict[str, Any] = field(default_factory=dict)
    expiration_ms: int | None = None
    mandatory: bool = True

    def as_amqp(self) -> Any:
        """The py-amqp message."""
        options: dict[str, Any] = (
            {"expiration": str(self.expiration_ms)} if self.expiration_ms else {}
        )
        return amqp.Message(
            self.body,
            content_type=self.content_type,
            delivery_mode=PERSISTENT,
            message_id=self.message_id,
            application_headers=self.headers,
            **options,
        )


class Publisher:
    """Publishes batches on one channel and waits for the broker's confirms."""

    def __init__(self, uri: str, deadline_seconds: float = 8.0) -> None:
        self._uri = uri
        self._deadline_seconds = deadline_seconds
        self._connection: Any = None
        self._channel: Any = None
        self._turn = Semaphore(1)
        self._last_tag = 0
        self._open: set[int] = set()
        self._unrouted: set[str] = set()

    def publish(self, messages: Sequence[Message]) -> set[str]:
        """Publish and wait until all are confirmed; the message ids that no queue wanted.

        Raises Outage when the broker is away, refuses, or does not confirm in time; then any of
        the batch may or may not have arrived.
        """
        with self._turn:
            try:
                return self._published(messages, time.monotonic() + self._deadline_seconds)
            except BROKER_ERRORS as error:
                self._forget()
                raise Outage(f"broker: {error!r}") from error
            except BaseException:
                self._forget()
                raise

    def deliver(self, message: Message) -> None:
        """Publish one message that must reach its queue; raises Outage also when there is none."""
        if self.publish([message]):
            raise Outage(f"there is no queue {message.routing_key}")

    def _published(self, messages: Sequence[Message], deadline: float) -> set[str]:
        channel = self._ready_channel()
        self._unrouted = set()
        for message in messages:
            self._last_tag += 1
            self._open.add(self._last_tag)
            channel.basic_publish(
                message.as_amqp(),
                message.exchange,
                message.routing_key,
                mandatory=message.mandatory,
                timeout=max(0.1, deadline - time.monotonic()),
            )
        self._wait_confirmed(deadline)
        return self._unrouted

    def _wait_confirmed(self, deadline: float) -> None:
        while self._open:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("no confirm within the deadline")
            self._connection.drain_events(timeout=left)

    def _ready_channel(self) -> Any:
        """The confirm channel, made again after a failure."""
        if self._channel is None:
            self._connection = connect(self._uri)
            self._channel = self._connection.channel()
            self._channel.confirm_select()
            self._last_tag = 0
            self._open = set()
            self._channel.events["basic_ack"].add(self._on_ack)
            self._channel.events["basic_nack"].add(self._on_nack)
            self._channel.events["basic_return"].add(self._on_return)
        return self._channel

    def _on_ack(self, tag: int, multiple: bool) -> None:
        settled = {open_tag for open_tag in self._open if open_tag <= tag} if multiple else {tag}
        self._open -= settled

    def _on_nack(self, tag: int, multiple: bool) -> None:
        raise OperationalError("the broker refused a message")

    def _on_return(self, _: Any, exchange: str, key: str, message: Any) -> None:
        self._unrouted.add(message.properties.get("message_id", ""))

    def beat(self) -> None:
        """Keep an idle connection alive; a dead one is dropped and made again when needed."""
        with self._turn:
            if self._connection is None:
                return
            try:
                self._connection.heartbeat_tick(rate=2)
                self._connection.drain_events(timeout=0.001)
            except TimeoutError:
                pass
            except BROKER_ERRORS:
                self._forget()

    def _forget(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        close(connection)

    def close(self) -> None:
        """Close the connection."""
        self._forget()
