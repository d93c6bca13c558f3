"""Real broker, database and service processes for tests: start, hurt, look, clean up."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar, Union

import amqp
import orjson
import pytest
from kombu.utils.url import parse_url
from pymongo import MongoClient
from pymongo.database import Database

from cell.cell import Cell
from chassis import topology
from chassis.settings import Settings
from tests.support.nursery import Child, nursery

T = TypeVar("T")
Document = dict[str, Any]
Process = Union["subprocess.Popen[bytes]", Child]

GONE = (OSError, amqp.AMQPError, AttributeError)
MEASURED = "COVERAGE_PROCESS_CONFIG" in os.environ
NOT_YET = (AssertionError, LookupError, TypeError, ValueError)
PATIENCE_SECONDS = 60.0
PROJECT = Path(__file__).parent.parent.parent


def until(question: Callable[[], T], seconds: float = PATIENCE_SECONDS, every: float = 0.1) -> T:
    """The first truthy answer. What is missing meanwhile is an answer, too: not yet.

    Who is asked may be slow, as machines are: only what has to happen within a time says which.
    Asked soon at first, and then `every` so often.
    """
    deadline, pause = time.monotonic() + seconds, 0.01
    while True:
        late = time.monotonic() > deadline
        try:
            if answer := question():
                return answer
        except NOT_YET:
            if late:
                raise
        else:
            assert not late, f"still {answer!r} after {seconds:g} s"
        time.sleep(pause)
        pause = min(every, 1.5 * pause)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Ground:
    """The broker and the database of the whole session."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.amqp_uri = cell.plan.amqp_uri
        self.mongo_uri = cell.plan.database.uri("admin")
        self.mongo: MongoClient[Document] = MongoClient(self.mongo_uri)

    def connection(self, **options: Any) -> Any:
        """A plain AMQP connection of the test itself."""
        target = parse_url(self.amqp_uri)
        made = amqp.Connection(
            host=f"{target['hostname']}:{target['port']}",
            userid=target["userid"],
            password=target["password"],
            virtual_host=target["virtual_host"] or "/",
            **options,
        )
        made.connect()
        return made

    def close_all_connections(self) -> None:
        """Have the broker close every connection, as an operator or a proxy may."""
        self.cell.rabbitmqctl("close_all_connections", "the test says so")


@dataclass
class Service:
    """One process that runs services."""

    process: Process
    log: Path
    health_port: int

    def is_ready(self) -> bool:
        """What its /readyz says."""
        return self.get("/readyz")[0] == 200

    def get(self, path: str, seconds: float = 3) -> tuple[int, bytes]:
        """Status and body of a page of its health server; (0, …) when it does not answer."""
        try:
            page = f"http://127.0.0.1:{self.health_port}{path}"
            with urllib.request.urlopen(page, timeout=seconds) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()
        except OSError as error:
            return 0, str(error).encode()

    def metric(self, start: str) -> float:
        """The sum of the metric lines that begin so."""
        lines = self.get("/metrics")[1].decode().splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(start))

    def wait_ready(self) -> Self:
        """Wait until it serves; fails with its log when it ended instead."""

        def ready() -> bool:
            if self.process.poll() is not None:
                pytest.fail(self.log.read_text()[-3000:])
            return self.is_ready()

        until(ready)
        return self

    def runs(self) -> bool:
        """Whether the process is the one that was started."""
        return self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL, and wait for the end."""
        self.process.kill()
        self.process.wait(5)

    def end(self) -> None:
        """Kill it; while coverage is measured, let it write what it has seen."""
        if self.runs() and MEASURED:
            with suppress(subprocess.TimeoutExpired):
                self.terminate(5)
        self.kill()

    def terminate(self, seconds: float = 15.0) -> int:
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@dataclass
class Stage:
    """One test's region, databases, queues and processes."""

    ground: Ground
    folder: Path
    name: str = field(default_factory=lambda: f"uji{secrets.token_hex(4)}")
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.services: list[Service] = []
        self.hearers: list[str] = []
        self.taps = False
        self.ledger: Database[Document] = self.ground.mongo[f"{self.name}_ledger"]
        self.listener: Database[Document] = self.ground.mongo[f"{self.name}_listener"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for service in self.services:
            service.end()
        self._delete_queues()
        for database in (self.ledger, self.listener):
            self.ground.mongo.drop_database(database.name)

    @property
    def purged(self) -> list[str]:
        """The queues that exist and may hold something."""
        taps = [f"tap.{self.name}"] if self.taps else []
        return [*taps, *(self.hear_queue(hearer) for hearer in self.hearers)]

    def clear(self) -> None:
        """Forget everything that was kept and said; queues, indexes and processes stay."""
        until(lambda: self.outbox() == 0)
        for database in (self.ledger, self.listener):
            for name in database.list_collection_names():
                database[name].delete_many({})
        for queue in self.purged:
            self.channel.queue_purge(queue)

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of the stage's processes."""
        return {
            **os.environ,
            "REGION": self.name,
            "AMQP_URI": self.ground.amqp_uri,
            "MONGO_URI": self.ground.mongo_uri,
            "LEDGER_DATABASE": self.ledger.name,
            "LISTENER_DATABASE": self.listener.name,
            "STAGE": str(self.folder),
            "RETRY_LADDER_SECONDS": "0.1,0.2",
            "RELAY_SWEEP_SECONDS": "0.3",
            "EVENTLET_NO_GREENDNS": "yes",  # nothing is looked up on the loopback
            **self.settings,
            **more,
        }

    @property
    def read_settings(self) -> Settings:
        """The settings as the processes read them."""
        return Settings.from_environment(self.environment())

    def declare(self, *modules: str) -> None:
        """The topology step, as a process of its own."""
        log = self.folder / "declare.log"
        code = self._started(["declare", *modules], self.environment(), log).wait(60)
        assert code == 0, log.read_text()[-3000:]

    def serve(self, *modules: str, ready: bool = True, **more: str) -> Service:
        """Start a process with these service modules."""
        port = free_port()
        log = self.folder / f"service-{len(self.services)}.log"
        environment = self.environment(**{"HEALTH_PORT": str(port), **more})
        service = Service(self._started(["serve", *modules], environment, log), log, port)
        self.services.append(service)
        return service.wait_ready() if ready else service

    def _started(self, args: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
        """From the nursery; while coverage is measured, a process of which it can be measured."""
        if not MEASURED:
            return nursery().start(args, environment, log)
        with log.open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "chassis.run", *args],
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    # -- what was promised ------------------------------------------------------------------

    def outbox(self) -> int:
        """Facts that wait to be published."""
        return self.ledger["outbox"].count_documents({"leased_until": {"$exists": True}})

    def committed(self) -> set[tuple[str, int]]:
        """Every version of every area that the ledger's database came to."""
        areas = self.ledger["area"].find({}, {"version": 1})
        return {(row["_id"], v) for row in areas for v in range(1, row["version"] + 1)}

    def effects(self) -> list[tuple[str, int]]:
        """What the listener did, one entry per effect."""
        return [(row["area"], row["version"]) for row in self.listener["effects"].find({})]

    def parked(self) -> list[Document]:
        """Parked facts of the listener."""
        return list(self.listener["parked"].find({}).sort("_id", 1))

    # -- the broker -------------------------------------------------------------------------

    @cached_property
    def channel(self) -> Any:
        """A confirming channel of the test itself."""
        return self.ground.connection(confirm_publish=True).channel()

    def ask_queue(self) -> str:
        """The ledger's command queue."""
        return topology.ask_queue(self.name, "members")

    def hear_queue(self, hearer: str = "listener") -> str:
        """The hearer's queue."""
        return topology.hear_queue(self.name, hearer)

    def publish(self, queue: str, body: bytes, **properties: Any) -> None:
        """Put any message into a queue, confirmed."""
        self.channel.basic_publish(amqp.Message(self.here(body), **properties), "", queue)

    def here(self, body: bytes) -> bytes:
        """What is written as said in `uji` is said in this stage's region."""
        return body.replace(b"/regions/uji/", f"/regions/{self.name}/".encode())

    def say(self, envelopes: Iterable[Mapping[str, Any]]) -> None:
        """Publish envelopes as facts, straight to the exchange."""
        for envelope in envelopes:
            key = f"{self.name}.cell.{str(envelope['type']).removeprefix('jejaring.')}"
            message = amqp.Message(self.here(orjson.dumps(envelope)), delivery_mode=2)
            self.channel.basic_publish(message, topology.FACTS.name, key)

    def reconnect(self) -> None:
        """Forget the test's own connection, for it was closed."""
        if "channel" in vars(self):
            with suppress(*GONE):
                self.channel.connection.close()
            del self.channel

    def consumers(self, queue: str) -> int:
        """How many processes take from a queue."""
        return int(self.channel.queue_declare(queue, passive=True).consumer_count)

    def depth(self, queue: str) -> int:
        """Messages that wait in a queue."""
        return int(self.channel.queue_declare(queue, passive=True).message_count)

    def tap(self) -> "Tap":
        """Hear everything that this region says, from now on."""
        return Tap(self)

    def _delete_queues(self) -> None:
        ladder = self.read_settings.retry_ladder_seconds
        hearers = [self.hear_queue(name) for name in {"listener", "batcher", *self.hearers}]
        asked = [topology.ask_queue(self.name, name) for name in ("members", "trio")]
        retries = [topology.retry_queue(s, queue) for queue in hearers for s in ladder]
        with suppress(*GONE):
            connection = self.ground.connection()
            channel = connection.channel()
            for queue in (*asked, *hearers, *retries, f"tap.{self.name}"):
                channel.queue_delete(queue)
            connection.close()
        self.reconnect()


class Tap:
    """A queue of the test that hears one region."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._queue = stage, f"tap.{stage.name}"
        stage.taps = True
        channel = stage.channel
        channel.exchange_declare(topology.FACTS.name, "topic", durable=True, auto_delete=False)
        channel.queue_declare(self._queue, durable=True, auto_delete=False)
        channel.queue_bind(self._queue, topology.FACTS.name, f"{stage.name}.*.*.*.v1")
        self.told: list[Document] = []
        self.content_types: set[str] = set()

    def drain(self) -> list[Document]:
        """Everything heard so far, in order, as parsed envelopes."""
        connection = self._stage.ground.connection()
        channel = connection.channel()
        while (message := channel.basic_get(self._queue, no_ack=True)) is not None:
            self.told.append(orjson.loads(message.body))
            self.content_types.add(message.properties.get("content_type", ""))
        connection.close()
        return self.told

    def versions(self) -> set[tuple[str, int]]:
        """Which version of which subject was said."""
        return {(told["subject"].partition("/")[2], told["sequence"]) for told in self.drain()}
