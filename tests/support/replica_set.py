"""Three mongods of the test's own, one replica set: one can die and another takes over."""

import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from cell.database import mongod
from tests.support.infrastructure import free_port, until

NAME = "tiga"
OPTIONS = ("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64", "--bind_ip", "127.0.0.1")
PARAMETERS = ("transactionLifetimeLimitSeconds=3", "diagnosticDataCollectionEnabled=false")


class ReplicaSet:
    """Members are numbers from 0; whoever was frozen or killed is brought back by `heal`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = [free_port() for _ in range(3)]
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self.uri = f"mongodb://{','.join(self._hosts())}/?replicaSet={NAME}"

    def __enter__(self) -> Self:
        try:
            self._found()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _found(self) -> None:
        for number in range(3):
            (self._folder / str(number)).mkdir()
            self._start(number)
        until(lambda: all(self._answers(number) for number in range(3)))
        members = [{"_id": n, "host": host} for n, host in enumerate(self._hosts())]
        self._told(0, "replSetInitiate", {"_id": NAME, "members": members})
        until(lambda: self._states().count(2) == 2 and self.primary() >= 0)

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            process.kill()
            process.wait(10)

    def primary(self) -> int:
        """Who takes writes; -1 when nobody does."""
        numbers = [n for n in range(3) if self._answers(n, "isWritablePrimary")]
        return numbers[0] if numbers else -1

    def seconds_to_elect(self, before: int) -> float:
        """How long it takes until somebody else than before takes writes."""
        began = time.monotonic()
        until(lambda: self.primary() not in (-1, before))
        return time.monotonic() - began

    def kill(self, number: int) -> None:
        """SIGKILL."""
        self._running[number].kill()
        self._running[number].wait(10)

    def step_down(self, number: int) -> None:
        """Have the primary give up its office."""
        self._told(number, "replSetStepDown", 30, secondaryCatchUpPeriodSecs=5)

    def freeze(self, numbers: Iterable[int]) -> None:
        """SIGSTOP."""
        for number in numbers:
            self._running[number].send_signal(signal.SIGSTOP)

    def heal(self) -> None:
        """All three run again and one is primary."""
        for number, process in self._running.copy().items():
            process.send_signal(signal.SIGCONT)
            if process.poll() is not None:
                self._start(number)
        until(lambda: sorted(self._states()) == [1, 2, 2], every=0.2)

    def _start(self, number: int) -> None:
        options = [f"--setParameter={parameter}" for parameter in PARAMETERS]
        place = ["--dbpath", str(self._folder / str(number)), "--port", str(self._ports[number])]
        with (self._folder / f"{number}.log").open("ab") as log:
            self._running[number] = subprocess.Popen(
                [str(mongod()), "--replSet", NAME, *place, *OPTIONS, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _hosts(self) -> list[str]:
        return [f"127.0.0.1:{port}" for port in self._ports]

    def _answers(self, number: int, what: str = "ok") -> bool:
        try:
            return bool(self._told(number, "hello")[what])
        except PyMongoError:
            return False

    def _states(self) -> list[int]:
        """Each member's state as one that lives sees it: 1 primary, 2 secondary."""
        for number in range(3):
            try:
                return [one["state"] for one in self._told(number, "replSetGetStatus")["members"]]
            except PyMongoError:
                continue
        return []

    def _told(self, number: int, *command: Any, **more: Any) -> Any:
        with MongoClient[Any](
            "127.0.0.1",
            self._ports[number],
            directConnection=True,
            serverSelectionTimeoutMS=500,
            socketTimeoutMS=3000 if command[0] == "hello" else 20_000,
        ) as client:
            return client.admin.command(*command, **more)
