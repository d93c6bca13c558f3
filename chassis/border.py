"""The border of a cell: ways to and from its peers, and publishing in both directions.

To a peer: confirmed by the broker, where the link of the peer takes it whenever it can. From a
peer: what was let in is said to the cell's own hearers, on the exchange for facts from abroad.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import eventlet
import orjson
from eventlet.event import Event
from nameko.extensions import DependencyProvider

from chassis import crossing, topology
from chassis.broker import BROKER_ERRORS, Message, Publisher, close, connect
from chassis.errors import Outage
from chassis.settings import Settings
from contracts.codec import encode
from contracts.envelope import CONTENT_TYPE, Envelope
from contracts.fact import Fact

BEAT_SECONDS = 3.0
AT_ONCE = 200


class Border(DependencyProvider):
    """A service's door to other regions; `facts` are what it hears as soon as there is a peer."""

    def __init__(self, *facts: type[Fact]) -> None:
        self._facts = [fact.name for fact in facts]
        self._stopped = Event()

    def setup(self) -> None:
        """Prepare the publisher; it connects when there is something to say."""
        self.settings: Settings = self.container.config["settings"]
        self._publisher = Publisher(self.settings.amqp_uri)

    def start(self) -> None:
        """Keep the connection alive, if there is one."""
        self.container.spawn_managed_thread(self._beat)

    def stop(self) -> None:
        """Hang up."""
        self._stopped.send(None)
        self._publisher.close()

    def get_dependency(self, _: Any) -> "Border":
        """The border itself."""
        return self

    def open(self, peer: str) -> None:
        """Make the ways to and from a peer (idempotent); raises Outage."""
        self._arrange(topology.open_way, peer, self._facts)

    def close(self, peer: str) -> None:
        """Nothing comes from the peer any more; raises Outage."""
        self._arrange(topology.close_way, peer)

    def say(
        self, peer: str, bodies: Mapping[str, bytes], expires_seconds: float | None = None
    ) -> bool:
        """Say signed facts, by their ids, to a peer; raises Outage.

        False when its link was never there to take them all: they must be said again.
        """
        expires = int(expires_seconds * 1000) if expires_seconds else None
        return self._published(
            Message(
                exchange=topology.TO + peer,
                routing_key=topology.BORDER,
                body=body,
                message_id=name,
                content_type=crossing.CONTENT_TYPE,
                expiration_ms=expires,
            )
            for name, body in bodies.items()
        )

    def let_in(self, envelopes: Iterable[tuple[str, Envelope]]) -> None:
        """Say facts of other regions, each with its scope, to the cell's hearers; raises Outage."""
        heard = self._published(
            Message(
                exchange=topology.ABROAD.name,
                routing_key=f"{envelope.region}.{scope}.{envelope.name}",
                body=orjson.dumps(encode(envelope)),
                message_id=envelope.id,
                content_type=CONTENT_TYPE,
            )
            for scope, envelope in envelopes
        )
        if not heard:
            raise Outage("nobody here hears facts from abroad")

    def _published(self, messages: Iterable[Message]) -> bool:
        waiting, all_taken = list(messages), True
        while waiting:
            some, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
            all_taken = not self._publisher.publish(some) and all_taken
        return all_taken

    def _arrange(self, step: Any, peer: str, *more: Sequence[str]) -> None:
        """One step on a connection of its own: ways are made and closed seldom."""
        connection = None
        try:
            connection = connect(self.settings.amqp_uri)
            step(connection, self.settings.region, self.container.service_name, peer, *more)
        except BROKER_ERRORS as error:
            raise Outage(f"broker: {error!r}") from error
        finally:
            close(connection)

    def _beat(self) -> None:
        while not self._stopped.ready():
            self._publisher.beat()
            with eventlet.Timeout(BEAT_SECONDS, False):
                self._stopped.wait()
