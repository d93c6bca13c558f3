"""Plain stand-ins for the broker's and the database's side of the chassis."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from chassis import clock
from chassis.intake import Delivery
from chassis.settings import Settings

Document = dict[str, Any]


def some_settings(**more: Any) -> Settings:
    """Settings that lead nowhere."""
    return Settings(region="kediri-raya", amqp_uri="amqp://x", mongo_uri="mongodb://x", **more)


def a_delivery(body: bytes = b"", tag: int = 1, exchange: str = "", **properties: Any) -> Delivery:
    """One delivery on a channel that remembers."""
    return Delivery(
        body=body,
        properties=properties,
        headers=properties.get("application_headers") or {},
        tag=tag,
        channel=Channel(),
        exchange=exchange,
    )


class Channel:
    """Remembers what was settled and published."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error
        self.settled: list[tuple[str, int]] = []
        self.published: list[tuple[Any, str, str]] = []

    def _try(self) -> None:
        if self.error:
            raise self.error

    def basic_ack(self, tag: int, multiple: bool = False) -> None:
        self._try()
        self.settled.append(("ack up to" if multiple else "ack", tag))

    def basic_reject(self, tag: int, requeue: bool) -> None:
        self._try()
        self.settled.append(("requeue" if requeue else "reject", tag))

    def basic_publish(self, message: Any, exchange: str, routing_key: str) -> None:
        self._try()
        self.published.append((message, exchange, routing_key))


class Deaf:
    """A publisher to nobody, or one that fails."""

    def __init__(
        self, error: BaseException | None = None, unrouted: set[str] | None = None
    ) -> None:
        self.error, self.unrouted = error, unrouted or set()
        self.delivered: list[Any] = []
        self.beats = 0

    def publish(self, messages: list[Any]) -> set[str]:
        if self.error:
            raise self.error
        self.delivered += messages
        return self.unrouted

    def deliver(self, message: Any) -> None:
        self.publish([message])

    def beat(self) -> None:
        self.beats += 1

    def close(self) -> None:
        """Nothing is open."""


class MemoryDesk:
    """A desk whose sweeps happen in memory."""

    attr_name = "desk"

    def __init__(self, settings: Settings | None = None, *, speaks: bool = True) -> None:
        self.settings, self.speaks = settings or some_settings(), speaks
        self.database = MemoryDatabase()
        self.said: list[Any] = []

    def sweep(self, handler: Callable[[Any], Any]) -> Any:
        """Run the handler with a work that keeps what it records."""
        work = SimpleNamespace(
            collection=self.database.__getitem__,
            recorded=[],
            region=self.settings.region,
            now=clock.now(),
        )
        result = handler(work)
        self.said += work.recorded
        return result

    def restate(self, kind: str, said: Callable[[Document], Any]) -> int:
        """Say all rows again."""
        self.said += [said(row) for row in self.database[kind].rows.values()]
        return len(self.database[kind].rows)


class MemoryDatabase(dict[str, "MemoryCollection"]):
    """Collections by name, made at the first look."""

    def __missing__(self, name: str) -> "MemoryCollection":
        self[name] = MemoryCollection()
        return self[name]


class MemoryCollection:
    """As much of a collection as parking needs."""

    def __init__(self) -> None:
        self.rows: dict[str, Document] = {}
        self.error: BaseException | None = None

    def insert_one(self, row: Document) -> None:
        if self.error:
            raise self.error
        self.rows[row["_id"]] = row

    def find_one(self, filter: Document) -> Document | None:
        return self.rows.get(filter["_id"])

    def delete_many(self, filter: Document) -> int:
        return int(self.rows.pop(filter["_id"], None) is not None)
