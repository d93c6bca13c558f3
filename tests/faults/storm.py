"""A write storm with unique names and keys, its client log, and the checks that follow.

The log knows three outcomes, as in Jepsen: `ok` (201 was answered), `open` (asked, never answered).
What was answered must be there once; what was not may or may not be there, and never twice.
"""

import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
from pymongo import MongoClient

from cell.demo.person import trusted
from tests.faults.crew import PATIENCE_SECONDS, Crew

HEAL_SECONDS = 60.0


@dataclass
class Log:
    """What the clients saw."""

    ok: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    @property
    def slowest_seconds(self) -> float:
        """The longest that anybody waited for any outcome."""
        return max(self.seconds, default=0.0)

    @property
    def p99_seconds(self) -> float:
        """What all but one of a hundred waits stayed below."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)] if self.seconds else 0.0

    def share_of(self, *statuses: str) -> float:
        """Which part of all outcomes had one of these statuses."""
        return sum(self.statuses[status] for status in statuses) / max(1, self.statuses.total())

    def __str__(self) -> str:
        waits = f"p99 {self.p99_seconds:.2f} s, slowest {self.slowest_seconds:.2f} s"
        return f"{len(self.ok)} of {len(self.asked)} answered, {dict(self.statuses)}, {waits}"


class Storm(Crew):
    """Writers that register institutions, each repeated with its key until it is answered."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        writers: int = 6,
        pause: float = 0.03,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        bearer = {"Authorization": f"Bearer {token}"}
        self._clients = [
            httpx.Client(base_url=base_url, timeout=15, headers=bearer, verify=trusted())
            for _ in range(writers)
        ]
        super().__init__(self._clients, patience)
        self._pause, self._run, self._numbers = pause, uuid4().hex[:8], count(1)
        self.log = Log()

    def __str__(self) -> str:
        return f"storm: {self.log}"

    def __exit__(self, *raised: object) -> None:
        """As every crew, and the writers hang up."""
        super().__exit__(*raised)
        for client in self._clients:
            client.close()

    def round(self, share: httpx.Client) -> None:
        """One institution, until it is answered."""
        name = f"Storm {self._run} {next(self._numbers)}"
        with self._lock:
            self.log.asked.add(name)
        until = time.monotonic() + self.patience
        while time.monotonic() < until and not self._is_taken(self._ask(share, name), name):
            time.sleep(0.1)
        time.sleep(self._pause)

    def _is_taken(self, answer: httpx.Response | None, name: str) -> bool:
        if answer is None or answer.status_code in (409, 429, 503):
            return False
        assert answer.status_code == 201, answer.text
        with self._lock:
            self.log.ok[name] = answer.json()["id"]
            self.answers += 1
        return True

    def _ask(self, client: httpx.Client, name: str) -> httpx.Response | None:
        began = time.monotonic()
        try:
            response = client.post(
                "/v1/institutions",
                json={"name": name, "kind": "school", "level": "SD", "area": "35.71"},
                headers={"Idempotency-Key": name},
            )
        except httpx.TransportError as error:
            self._note(type(error).__name__, began)
            return None
        self._note(str(response.status_code), began)
        return response

    def _note(self, status: str, began: float) -> None:
        with self._lock:
            self.log.statuses[status] += 1
            self.log.seconds.append(time.monotonic() - began)


@dataclass(frozen=True)
class Stores:
    """The databases of the cell, read directly by the checker."""

    members: Any
    views: Any

    @classmethod
    def of(cls, cell: Any) -> "Stores":
        """Both databases, each with its owner's user."""
        members = MongoClient(cell.env("members")["MONGO_URI"])
        views = MongoClient(cell.env("gateway")["MONGO_URI"])
        return cls(members["jejaring_members"], views["jejaring_views"])

    def close(self) -> None:
        """End both clients."""
        self.members.client.close()
        self.views.client.close()


def assert_nothing_lost_or_doubled(stores: Stores, log: Log) -> None:
    """I1–I3, I6–I8 of the fault matrix, as exact zeros, at most the heal time after the fault."""
    until = time.monotonic() + HEAL_SECONDS
    while (wrong := _wrong(stores, log)) and time.monotonic() < until:
        time.sleep(0.2)
    assert wrong == {}, wrong


def _wrong(stores: Stores, log: Log) -> dict[str, Any]:
    kept = Counter(d["name"] for d in stores.members["institution"].find({}, {"name": 1}))
    ids = {d["_id"]: d["version"] for d in stores.members["institution"].find({}, {"version": 1})}
    seen = {d["_id"]: d["seq"]["institution"] for d in stores.views["institutions"].find()}
    rows = list(stores.views["changes"].find({"kind": "institution"}))
    counts = {
        "answered and not kept": [n for n in log.ok if kept[n] == 0],
        "kept twice": [n for n in log.asked if kept[n] > 1],
        "kept under another id": [n for n, i in log.ok.items() if i not in ids],
        "in the outbox": stores.members["outbox"].count_documents({"leased_until": {"$gt": ""}}),
        "not in the view": sorted(ids.keys() - seen.keys()),
        "in the view only": sorted(seen.keys() - ids.keys()),
        "older in the view": [i for i in ids.keys() & seen.keys() if seen[i] != ids[i]],
        "not in the change log": sorted(ids.keys() - {r["id"] for r in rows}),
        "positions twice": len(rows) - len({r["position"] for r in rows}),
        "parked": [str(row)[:600] for row in stores.views["parked"].find({}, {"body": 0})],
    }
    return {name: value for name, value in counts.items() if value}
