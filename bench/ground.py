"""What is measured on: one fresh cell with made-up institutions, and plain doors to its servers."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import amqp
from kombu.utils.url import parse_url
from pymongo import MongoClient

from bench.processes import Process, free_port, pss_megabytes
from cell.cell import Cell
from cell.demo.person import Person, told

SETTINGS = {
    "QUIET_HOURS": "off",
    "RATE_LIMIT_PER_MINUTE": "100000000",
    "AUTH_LIMIT_PER_MINUTE": "100000000",
    "SIGN_UPS_PER_HOUR": "100000000",
    "ACCESS_TOKEN_SECONDS": "7200",
    "LOG_LEVEL": "WARNING",
}
PROGRAMS = ("mongod", "epmd", "broker", "mail", "services", "gateway")
AREAS = ("35.03", "35.04", "35.05", "35.06", "35.18", "35.71", "35.72")
COLUMNS = "npsn,name,level,form,status,address,village,district_code,regency_code,lat,lon"
WORDS = ("Melati", "Mawar", "Kenanga", "Cempaka", "Anggrek", "Teratai", "Dahlia", "Seruni")


@dataclass(frozen=True)
class Pace:
    """How long to measure."""

    rounds: int
    seconds: float
    long_seconds: float


FULL = Pace(rounds=4, seconds=3.0, long_seconds=10.0)
QUICK = Pace(rounds=2, seconds=1.0, long_seconds=3.0)


@dataclass
class Ground:
    """A running cell, its coordinator's token, and its servers as an administrator sees them."""

    cell: Cell
    pace: Pace
    folder: Path
    started_seconds: float
    mongo: "MongoClient[Any]"
    token: str = ""
    coordinator: str = ""
    institutions: list[str] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The gateway."""
        return self.cell.base_url

    @property
    def amqp_uri(self) -> str:
        """The broker."""
        return self.cell.plan.amqp_uri

    @property
    def mongo_uri(self) -> str:
        """The database, with every right."""
        return self.cell.plan.database.uri("admin")

    def amqp(self) -> Any:
        """A plain AMQP connection."""
        target = parse_url(self.amqp_uri)
        connection = amqp.Connection(
            host=f"{target['hostname']}:{target['port']}",
            userid=target["userid"],
            password=target["password"],
            virtual_host=target["virtual_host"] or "/",
        )
        connection.connect()
        return connection

    def environment(self, **more: str) -> dict[str, str]:
        """What a helper process needs to know."""
        return {
            "REGION": "bench",
            "AMQP_URI": self.amqp_uri,
            "MONGO_URI": self.mongo_uri,
            "LOG_LEVEL": "WARNING",
            "ACTOR": self.coordinator,
            **more,
        }

    def process(self, name: str, *arguments: str, **environment: str) -> Process:
        """A helper program; its log is named after it."""
        return Process(
            *arguments,
            log=self.folder / f"{name}.log",
            environment=self.environment(**environment),
        )

    @contextmanager
    def service(self, name: str, **environment: str) -> Iterator[Process]:
        """A service of bench/own on our chassis, declared and ready."""
        module, port = f"bench.own.{name}", free_port()
        with self.process(f"{name}-declare", "-m", "chassis.run", "declare", module) as step:
            step.finished()
        environment["HEALTH_PORT"] = str(port)
        with self.process(name, "-m", "chassis.run", "serve", module, **environment) as process:
            yield process.await_http(port, "/readyz")

    def sign_in(self) -> None:
        """Remember the coordinator's token."""
        with Person(self.url) as person:
            person.sign_in(**self.cell.credentials["coordinator"])
            self.coordinator = person.id
            self.token = person.client.headers["Authorization"].split()[1]

    def grow_to(self, count: int) -> None:
        """Load made-up institutions until the register holds so many."""
        lines = [line(number) for number in range(len(self.institutions), count)]
        with Person(self.url, timeout=120) as person:
            person.client.headers["Authorization"] = f"Bearer {self.token}"
            content = "\n".join([COLUMNS, *lines, ""]).encode()
            headers = {"Content-Type": "text/csv"}
            answer = person.client.post(
                "/v1/institutions/imports", content=content, headers=headers
            )
            counts = told(answer, 200)["counts"]
            if counts["created"] != len(lines):
                raise RuntimeError(f"the load gave {counts}")
            self.institutions = [one["id"] for one in person.all("/v1/institutions")]


def line(number: int) -> str:
    """A made-up school; the same number is the same school."""
    chance = random.Random(number)
    name = f"SD Contoh {chance.choice(WORDS)} {chance.choice(WORDS)} {number}"
    place = f"{-8 + chance.random():.5f},{111.6 + chance.random() / 2:.5f}"
    area = AREAS[number % len(AREAS)]
    return f"B{number:07},{name},SD,SD,Negeri,Jl. {name} 1,Desa {number},{area}.01,{area},{place}"


@contextmanager
def ground(folder: Path, pace: Pace, institutions: int = 400) -> Iterator[Ground]:
    """A fresh cell for the length of a block; `started_seconds` is how long its start took."""
    began = time.monotonic()
    with Cell(folder / "cell", settings=SETTINGS) as cell:
        took = time.monotonic() - began
        with MongoClient[Any](cell.plan.database.uri("admin")) as mongo:
            made = Ground(cell, pace, folder, took, mongo)
            made.memory = memory_of(cell)
            made.sign_in()
            made.grow_to(institutions)
            yield made


def memory_of(cell: Cell) -> dict[str, float]:
    """PSS by program, in MB; `all` is the supervisor with everything below it."""
    supervisor = int((cell.home.directory / "supervisord.pid").read_text())
    found = {name: pss_megabytes(cell.pid(name)) for name in PROGRAMS}
    return {**found, "all": pss_megabytes(supervisor)}
