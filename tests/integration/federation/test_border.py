"""The border service on a real broker and database, beside a peer that the test plays."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import amqp
import orjson
import pytest

from chassis import topology
from chassis.crossing import opened, sealed
from chassis.signing import new_secret
from contracts.codec import encode
from contracts.envelope import Envelope, seal
from contracts.events import facts as events
from contracts.federation import facts, states
from contracts.federation.commands import Restate
from services.federation.model.sharing import public_event
from services.federation.repository import DATABASE
from tests.support.asker import Asker
from tests.support.federation import NOW, an_event, begun
from tests.support.infrastructure import Ground, Stage, until

SERVICE = "services.federation.service"
KEY = new_secret("kunci-semarang", NOW, NOW)


class Border(Stage):
    """One process of the service, and what it keeps; the peer's side is played by the test."""

    @property
    def books(self) -> Any:
        return self.ground.mongo[DATABASE]

    def ask_queue(self) -> str:
        return topology.ask_queue(self.name, "federation")

    def knows(self, state: str) -> None:
        key = states.Key(kid=KEY.id, x=KEY.public)
        peer = states.Peer(**begun("semarang", self.name), name="Semarang", key=key, state=state)
        self.books["peer"].insert_one({"_id": "semarang", **encode(peer)})
        reach = {"_id": "semarang", "id": "semarang", "counted": True}
        self.books["reach"].insert_one(reach)

    def listens(self) -> None:
        """The peer's link is there: a queue that takes what is meant for it."""
        self.channel.queue_declare("link.semarang", durable=True, auto_delete=False)
        until(self._bound, every=0.3)

    def _bound(self) -> bool:
        try:
            self.channel.queue_bind("link.semarang", "jejaring.to.semarang", "#")
        except amqp.NotFound:
            self.reconnect()
            self.channel.queue_declare("link.semarang", durable=True, auto_delete=False)
            return False
        return True

    def taken(self) -> list[Envelope]:
        """What was said to the peer and not taken yet."""
        (row,) = self.books["signing_secret"].find({})
        found = []
        while (message := self.channel.basic_get("link.semarang", no_ack=True)) is not None:
            public = {row["id"]: row["public"]}
            found.append(opened(message.body, "semarang", public.get))
        return found

    def says(self, fact: Any, id: str) -> None:
        """Something that the peer says."""
        envelope = seal(fact, id=id, region="semarang", time=NOW)
        body = sealed(envelope, KEY, self.name)
        self.channel.basic_publish(amqp.Message(body), "jejaring.from.semarang", "border")

    def greets(self, *, heard: bool) -> None:
        said = states.Greeting(
            **begun("semarang", "semarang"), to=self.name, name="Semarang", heard=heard
        )
        self.says(facts.PeerGreeted(greeting=said), f"g{time.time()}")

    def state(self) -> str:
        return str(self.books["peer"].find_one({})["state"])


@pytest.fixture
def border(ground: Ground, tmp_path: Path) -> Iterator[Border]:
    with Border(ground, tmp_path) as stage:
        stage.hearers.append("federation")
        ground.mongo.drop_database(DATABASE)
        yield stage
        stage.channel.queue_delete("link.semarang")
        for name in ("jejaring.to.semarang", "jejaring.from.semarang"):
            stage.channel.exchange_delete(name)
        ground.mongo.drop_database(DATABASE)


def test_who_missed_something_is_told_everything_as_soon_as_its_link_is_there(border: Border):
    border.knows("active")
    border.declare(SERVICE)
    border.serve(SERVICE)
    until(lambda: (border.books["reach"].find_one({}) or {}).get("way") == "open")
    event = an_event(region=border.name)
    told = seal(events.EventChanged(event=event), id="e-2", region=border.name, time=NOW)

    border.say([encode(told)])

    until(lambda: border.books["said"].find_one({"told": True}))
    until(lambda: border.books["reach"].find_one({"behind": True}))
    border.listens()
    got: list[Envelope] = []

    def arrived() -> list[Envelope]:
        got.extend(border.taken())
        return [one for one in got if one.name == "events.event_restated.v1"]

    (first, *_) = until(arrived, every=0.2)
    assert (first.id, first.sequence, first.region) == ("e-2", 2, border.name)
    assert first.data["event"]["created_by"] is None
    until(lambda: border.books["reach"].find_one({"behind": False}))


def test_a_peer_is_active_once_it_says_that_it_hears_us_and_is_heard_here(border: Border):
    border.knows("approved")
    border.declare(SERVICE)
    border.serve(SERVICE)
    border.listens()
    tap = border.channel.queue_declare("tap.abroad", durable=False, auto_delete=False)
    border.channel.queue_bind(tap.queue, "jejaring.abroad", "semarang.#")

    border.greets(heard=False)
    until(lambda: any(one.data["greeting"]["heard"] for one in border.taken()), every=0.2)
    assert border.state() == "approved"
    border.greets(heard=True)
    until(lambda: border.state() == "active")

    shared = public_event(an_event(), "Semarang")
    border.says(events.EventRestated(event=shared), "s-1")
    message = until(lambda: border.channel.basic_get(tap.queue, no_ack=True))
    assert message.delivery_info["routing_key"] == "semarang.network.events.event_restated.v1"
    assert orjson.loads(message.body)["data"]["event"]["home"] == "Semarang"
    border.says(events.EventChanged(event=an_event("lain")), "s-2")
    parked = until(lambda: border.books["parked"].find_one({}))
    assert "nobody here knows events.event_changed.v1" in parked["parked"]["reason"]
    assert parked["origin"] == "jejaring.from.semarang"
    border.channel.queue_delete(tap.queue)


def test_what_peers_said_of_a_kind_is_said_here_again_when_it_is_asked_for(border: Border):
    border.knows("active")
    border.declare(SERVICE)
    border.serve(SERVICE)
    until(lambda: (border.books["reach"].find_one({}) or {}).get("way") == "open")
    tap = border.channel.queue_declare("tap.abroad", durable=False, auto_delete=False)
    border.channel.queue_bind(tap.queue, "jejaring.abroad", "semarang.#")
    border.says(events.EventRestated(event=public_event(an_event(), "Semarang")), "s-1")
    until(lambda: border.channel.basic_get(tap.queue, no_ack=True))
    asker = Asker(border)
    try:
        again = asker.ask(Restate(kind="event"))
        unknown = asker.ask(Restate(kind="member"))
        peers = asker.ask(Restate(kind="peer"))
    finally:
        asker.close()

    assert again["result"] == {"restated": 1}
    assert until(lambda: border.channel.basic_get(tap.queue, no_ack=True))
    assert unknown["refusal"]["code"] == "federation.kind_unknown"
    assert peers["result"] == {"restated": 1}
    border.channel.queue_delete(tap.queue)
