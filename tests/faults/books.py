"""What the parts of a cell hold when a storm is over, and what was said meanwhile."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import uuid4

import orjson
from pymongo import MongoClient

from chassis import topology
from contracts.catalogue import FACTS
from tests.faults.crew import HEAL_SECONDS
from tests.support.client import Body
from tests.support.infrastructure import Document, Ground


class Ear:
    """A queue of the test: everything that is said about some kinds, once per fact.

    A classic one: a quorum queue that was declared less than five seconds before its broker is
    killed is known afterwards and has no leader (seen with RabbitMQ 3.10).
    """

    def __init__(self, ground: Ground, kinds: Sequence[str] = ("registration",)) -> None:
        self._ground, self._queue = ground, f"ear.{uuid4().hex[:8]}"
        self._kinds = kinds
        self.heard: dict[str, Body] = {}

    @contextmanager
    def listening(self) -> Iterator["Ear"]:
        """From now on, for the length of a block."""
        with self._ground.connection() as connection:
            channel = connection.channel()
            channel.queue_declare(self._queue, durable=True, auto_delete=False)
            for name, fact in FACTS.items():
                if fact.kind in self._kinds:
                    channel.queue_bind(self._queue, topology.FACTS.name, f"*.*.{name}")
        try:
            yield self
        finally:
            with self._ground.connection() as connection:
                connection.channel().queue_delete(self._queue)

    def listen(self) -> dict[str, Body]:
        """All that was heard so far, by the id of the fact."""
        with self._ground.connection() as connection:
            channel = connection.channel()
            while (message := channel.basic_get(self._queue, no_ack=True)) is not None:
                told = orjson.loads(message.body)
                self.heard.setdefault(told["id"], told)
        return self.heard


@dataclass
class Books:
    """What services and gateway hold of a storm; read directly."""

    service: ClassVar[str]  # who decides

    mongo: "MongoClient[Document]"
    ear: Ear

    @property
    def desk(self) -> Any:
        """The deciding side."""
        return self.mongo[f"jejaring_{self.service}"]

    @property
    def news(self) -> Any:
        """The telling side."""
        return self.mongo["jejaring_notifications"]

    @property
    def views(self) -> Any:
        """The showing side."""
        return self.mongo["jejaring_views"]

    def checks(self) -> Body:
        """What must be empty or zero, by name."""
        raise NotImplementedError

    def assert_whole(self) -> None:
        """Every check as exact zeros, a while after the fault at most."""
        until = time.monotonic() + HEAL_SECONDS
        while (wrong := self.wrong()) and time.monotonic() < until:
            time.sleep(0.3)
        assert wrong == {}, wrong

    def wrong(self) -> Body:
        """What does not hold (yet), by name."""
        found = {**self._waiting(), **self.checks()}
        return {name: value for name, value in found.items() if value}

    def _waiting(self) -> Body:
        said = {"leased_until": {"$exists": True}}
        sides = (self.desk, self.news, self.views)
        return {
            "in an outbox": sum(s["outbox"].count_documents(said) for s in sides[:2]),
            "parked": [str(row)[:400] for side in sides for row in side["parked"].find()],
        }
