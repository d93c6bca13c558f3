"""Notes what is on the wire at the moment of a copy: confirmed by the broker, not yet heard by all.

Such a fact is in no outbox any more, and in the views and inboxes of some hearers only. Saying it
once more after a restore closes the gap: whoever has heard it ignores it.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import orjson
from amqp.exceptions import NotFound

from cell.backup.archive import Document
from cell.plan import HEARERS
from cell.steps import Say
from chassis import topology
from chassis.broker import BROKER_ERRORS, close, connect
from chassis.settings import Settings
from contracts.codec import Malformed
from contracts.envelope import Envelope, read

LEAST_SECONDS = 2.0
MOST_SECONDS = 30.0
PAUSE_SECONDS = 0.1
MOST_FACTS = 200_000
LADDER = Settings.retry_ladder_seconds


class Wire:
    """A queue of our own that every fact goes to as well, as long as it is open."""

    def __init__(self, connection: Any, region: str) -> None:
        self._channel, self._region = connection.channel(), region
        limits = {"x-max-length": MOST_FACTS}
        declared = self._channel.queue_declare("", exclusive=True, arguments=limits)
        self.queue = declared.queue
        self._channel.queue_bind(self.queue, topology.FACTS.name, "#")
        self._connection = connection

    def settle(self, say: Say) -> None:
        """Wait until all that was published before we listened has been taken by its hearers."""
        until, busy = time.monotonic() + MOST_SECONDS, set(HEARERS)
        earliest = time.monotonic() + LEAST_SECONDS
        while (busy or time.monotonic() < earliest) and time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
            busy = {name for name in busy if self._waiting(topology.hear_queue(self._region, name))}
        for name in sorted(busy):
            say(f"{name} is behind: what waits in its queue is not in this copy")
        for name in HEARERS:
            again = sum(self._waiting(queue) for queue in self._ladder(name))
            if again:
                say(f"{again} facts that {name} could not hear yet are not in this copy")

    def _ladder(self, hearer: str) -> list[str]:
        queue = topology.hear_queue(self._region, hearer)
        return [topology.retry_queue(seconds, queue) for seconds in LADDER]

    def _waiting(self, queue: str) -> int:
        """How many messages wait in a queue; none in one that does not exist."""
        with self._connection.channel() as channel, suppress(NotFound):
            return int(channel.queue_declare(queue, passive=True).message_count)
        return 0

    def overheard(self) -> Iterator[Document]:
        """The facts so far, as rows of an outbox."""
        while message := self._channel.basic_get(self.queue, no_ack=True):
            headers = message.properties.get("application_headers") or {}
            if headers.get("kind") != topology.PULSE:
                yield from _row(message)


def _row(message: Any) -> Iterator[Document]:
    raw = message.body if isinstance(message.body, bytes) else message.body.encode()
    with suppress(Malformed, ValueError, TypeError):
        envelope = read(orjson.loads(raw))
        yield {
            "_id": envelope.id,
            "key": message.delivery_info["routing_key"],
            "body": raw,
            "recorded_at": envelope.time,
            "leased_until": envelope.time,
        }


@contextmanager
def listening(amqp_uri: str, region: str, say: Say) -> Iterator[Wire | None]:
    """The wire, settled; None, and a line about it, while the broker is away."""
    connection = None
    try:
        connection = connect(amqp_uri)
        wire = Wire(connection, region)
        wire.settle(say)
    except BROKER_ERRORS as error:
        say(f"the broker is away ({type(error).__name__}): what it holds is not in this copy")
        close(connection)
        yield None
        return
    try:
        yield wire
    finally:
        close(connection)


def envelope_of(row: Mapping[str, Any]) -> Envelope:
    """The envelope in a row."""
    return read(orjson.loads(bytes(row["body"])))


def subjects(envelope: Envelope) -> Iterable[tuple[str, str, str, int]]:
    """Speaker, kind, id and sequence of what a fact is about; of an act, all that it changed."""
    if envelope.speaker != "operations":
        return [(envelope.speaker, *_parts(envelope.subject), envelope.sequence)]
    deeds = envelope.data.get("act", {}).get("deeds", ())
    return [
        (deed["fact"].partition(".")[0], *_parts(deed["subject"]), deed["sequence"])
        for deed in deeds
    ]


def _parts(subject: str) -> tuple[str, str]:
    kind, _, name = subject.partition("/")
    return kind, name
