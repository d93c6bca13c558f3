"""The accounts of the manifests against a real broker: enough to work, too little to pry.

RabbitMQ gets the virtual host, the users and the permissions of a rendered cell, and every step
of its declaring Job is run with its own account.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import amqp
import pytest
from amqp.exceptions import AccessRefused

from cell.broker import hashed
from cell.home import PROJECT
from chassis import gate, topology
from chassis.broker import close
from chassis.settings import Settings
from tests.deploy import computed
from tests.deploy.manifests import CELLS, NO_KUBECTL, Cell, cell_of, has_kubectl
from tests.support.infrastructure import Ground

pytestmark = [pytest.mark.cell, pytest.mark.slow]  # six declaring steps, one after the other

PASSWORD, VHOST = "only-for-this-test", "jejaring"


@dataclass
class Place:
    """The broker as the manifests make it."""

    ground: Ground
    cell: Cell
    connections: list[Any] = field(default_factory=list)

    def environment(self, user: str) -> dict[str, str]:
        """Of a process with this account."""
        address = urlsplit(self.ground.amqp_uri).netloc.rpartition("@")[2]
        return {
            **os.environ,
            **self.cell.settings,
            "AMQP_URI": f"amqp://{user}:{PASSWORD}@{address}/{VHOST}",
            "MONGO_URI": self.ground.mongo_uri,
        }

    def settings(self, user: str) -> Settings:
        """The same, read."""
        return Settings.from_environment(self.environment(user))

    def channel(self, user: str) -> amqp.Channel:
        """A channel with this account."""
        address = urlsplit(self.ground.amqp_uri).netloc.rpartition("@")[2]
        connection = amqp.Connection(address, user, PASSWORD, virtual_host=VHOST)
        connection.connect()
        self.connections.append(connection)
        return connection.channel()


def definitions(cell: Cell) -> dict[str, object]:
    """What the topology operator would tell the broker."""
    granted = [one["spec"] for one in cell.all("Permission")]
    users = [one["userReference"]["name"] for one in granted]
    return {
        "vhosts": [{"name": VHOST}],
        "users": [
            {
                "name": name,
                "password_hash": hashed(PASSWORD, "00112233"),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": [],
            }
            for name in users
        ],
        "permissions": [
            {"user": name, "vhost": VHOST, **one["permissions"]}
            for name, one in zip(users, granted, strict=True)
        ],
    }


@pytest.fixture(scope="module")
def place(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Everything declared, step by step, as the Job does it."""
    if not has_kubectl():
        pytest.skip(NO_KUBECTL)
    cell = cell_of(CELLS[0])
    file: Path = tmp_path_factory.mktemp("definitions") / "definitions.json"
    file.write_text(json.dumps(definitions(cell)))
    ground.cell.rabbitmqctl("import_definitions", str(file))
    place = Place(ground, cell)
    job = cell.one("Job", f"declare-{cell.settings['RELEASE']}")["spec"]["template"]["spec"]
    for step in (*job["initContainers"], *job["containers"]):
        user = urlsplit(next(e["value"] for e in step["env"] if e["name"] == "AMQP_URI")).username
        command = [sys.executable, *step["command"][1:]]
        environment = place.environment(str(user))
        subprocess.run(command, cwd=PROJECT, env=environment, check=True, timeout=60)
    yield place
    for connection in place.connections:
        close(connection)
    ground.cell.rabbitmqctl("delete_vhost", VHOST)


def test_every_service_declares_with_its_own_account(place):
    region = place.cell.region
    channel = place.channel("gateway")
    for name in computed.MODULES:
        for queue in computed.queues(name, region):
            assert channel.queue_declare(queue, passive=True).queue == queue


def test_the_gate_is_open_for_who_may_only_look(place):
    assert gate.is_open(place.settings("gateway"))
    assert gate.is_open(place.settings("scaler"))


@pytest.mark.parametrize("user", ["gateway", "events", "scaler", "peer-semarang"])
def test_nobody_else_opens_the_gate(place, user):
    with pytest.raises(AccessRefused):
        gate.open_gate(place.settings(user))


@pytest.mark.parametrize("user", ["events", "gateway", "scaler", "peer-semarang"])
def test_nobody_reads_what_waits_for_another(place, user):
    channel = place.channel(user)
    with pytest.raises(AccessRefused):
        channel.basic_get(topology.hear_queue(place.cell.region, "members"))


@pytest.mark.parametrize("user", ["gateway", "peer-semarang"])
def test_who_does_not_decide_says_no_facts(place, user):
    channel = place.channel(user)
    channel.basic_publish(amqp.Message(b"{}"), topology.FACTS.name, "kediri-raya.cell.x.y.v1")
    with pytest.raises(AccessRefused):
        channel.connection.drain_events(timeout=5)


def test_the_gateway_may_ask_and_be_answered(place):
    channel, answered = place.channel("gateway"), []
    channel.basic_consume("amq.rabbitmq.reply-to", no_ack=True, callback=answered.append)
    asked = topology.ask_queue(place.cell.region, "members")
    message = amqp.Message(b"question", reply_to="amq.rabbitmq.reply-to")
    channel.basic_publish(message, "", asked)

    service = place.channel("members")
    taken = None
    while taken is None:
        taken = service.basic_get(asked, no_ack=True)
    service.basic_publish(amqp.Message(b"answer"), "", taken.properties["reply_to"])
    channel.connection.drain_events(timeout=5)

    assert [one.body for one in answered] == [b"answer"]
