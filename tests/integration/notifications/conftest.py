"""Notifications as a process of its own, with a real mail server and stand-ins for the others."""

import subprocess
import sys
from email import message_from_bytes, policy
from typing import Any

import pytest

from chassis.asking import call
from chassis.call import Actor
from contracts.fact import Fact
from tests.support import providers as stand_ins
from tests.support.gatherings import sealed
from tests.support.infrastructure import PROJECT, Stage, free_port, until

SERVICE = "services.notifications.service"
DATABASE = "jejaring_notifications"


class House:
    """A stage with the service on it, its mail server, and what people received."""

    def __init__(self, stage: Stage, providers: Any, mail: Any) -> None:
        self.stage, self.providers, self.mail = stage, providers, mail
        self.database = stage.ground.mongo[DATABASE]
        self.queue = stage.hear_queue("notifications")
        self.tap = stage.tap()  # somebody hears what it says

    def say(self, *facts: Fact, start: str = "f") -> None:
        """Facts of other services, straight to the exchange; ids by their order."""
        region = self.stage.name
        self.stage.say(
            sealed(fact, f"{start}{number}", region) for number, fact in enumerate(facts)
        )

    def ask(self, command: Any, member_id: str | None = None) -> Any:
        """A command, answered."""
        amqp_uri, region = self.stage.ground.amqp_uri, self.stage.name
        return call(amqp_uri, region, command, actor=Actor(member_id=member_id))

    def inbox(self, member_id: str) -> list[str]:
        """Kinds of a member's notices, sorted."""
        found = self.database["notice"].find({"member_id": member_id})
        return sorted(notice["kind"] for notice in found)

    def ledger(self, **wanted: Any) -> list[dict[str, Any]]:
        """Rows of the delivery ledger."""
        return list(self.database["delivery"].find(wanted).sort("created_at", 1))

    def letters(self, to: str | None = None) -> list[Any]:
        """Letters that arrived, oldest first, as parsed messages."""
        raw = [path.read_bytes() for path in sorted(self.mail.glob("*.eml"))]
        parsed = [message_from_bytes(text, policy=policy.default) for text in raw]
        return [m for m in parsed if to in (None, m["To"])]

    def clear(self) -> None:
        """Forget everything; the process stays."""
        until(lambda: self.database["outbox"].count_documents({"key": {"$exists": True}}) == 0)
        for name in self.database.list_collection_names():
            self.database[name].delete_many({})
        for queue in self.stage.purged:
            self.stage.channel.queue_purge(queue)
        for path in self.mail.glob("*.eml"):
            path.unlink()
        self.providers.received.clear()
        self.providers.plan.clear()


@pytest.fixture(scope="module")
def building(ground, tmp_path_factory):
    """The house for a whole module."""
    folder = tmp_path_factory.mktemp("notifications")
    port, mail = free_port(), folder / "mail"
    mail.mkdir()
    command = [sys.executable, "-m", "cell.mail", "--port", str(port), "--directory", str(mail)]
    with stand_ins.running() as providers, Stage(ground, folder) as stage:
        stage.hearers = ["notifications"]
        stage.settings = {
            **providers.settings,
            "RETRY_LADDER_SECONDS": "0.1,0.2,0.5,1,2,5,10",  # what comes before its event waits
            "SMTP_URI": f"smtp://127.0.0.1:{port}",
            "QUIET_HOURS": "off",
            "PROVIDER_SECONDS": "1",
        }
        stage.declare(SERVICE)
        server = subprocess.Popen(command, cwd=PROJECT)
        try:
            yield House(stage, providers, mail)
        finally:
            server.terminate()
            server.wait(5)
            ground.mongo.drop_database(DATABASE)


@pytest.fixture(scope="module")
def open_house(building):
    """The house with one process in it."""
    building.stage.serve(SERVICE)
    return building


@pytest.fixture
def house(open_house):
    """The house, swept."""
    open_house.clear()
    return open_house
