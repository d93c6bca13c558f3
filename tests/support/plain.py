"""Plain stand-ins for the broker's and the database's side of the chassis."""

from types import SimpleNamespace
from typing import Any, Self

from chassis.intake import Delivery
from chassis.settings import Settings

Document = dict[str, Any]


def some_settings(**more: Any) -> Settings:
    """Settings that lead nowhere."""
    return Settings(region="kediri-raya", amqp_uri="amqp://x", mongo_uri="mongodb://x", **more)


def a_delivery(body: bytes = b"", tag: int = 1, **properties: Any) -> Delivery:
    """One delivery on a channel that remembers."""
    return Delivery(
        body=body,
        properties=properties,
        headers=properties.get("application_headers") or {},
        tag=tag,
        channel=Channel(),
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

    def basic_ack(self, tag: int) -> None:
        self._try()
        self.settled.append(("ack", tag))

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

    def delete_one(self, filter: Document) -> Any:
        found = self.rows.pop(filter["_id"], None)
        return SimpleNamespace(deleted_count=int(found is not None))

    def find(self, filter: Document, fields: Document) -> "Cursor":
        after = filter["_id"]["$gt"]
        hidden = {name for name, shown in fields.items() if not shown}
        rows = [row for row in self.rows.values() if row["_id"] > after]
        return Cursor([{k: v for k, v in row.items() if k not in hidden} for row in rows])


class Cursor(list[Document]):
    """Rows, sorted and cut."""

    def sort(self, name: str, direction: int) -> Self:  # type: ignore[override]
        return type(self)(sorted(self, key=lambda row: row[name], reverse=direction < 0))

    def limit(self, most: int) -> Self:
        return type(self)(self[:most])
