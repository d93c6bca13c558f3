"""Copies between real databases: every kind of value, one moment, and what was on the wire."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import amqp
import gridfs
import orjson
import pytest
from bson import Binary, Int64, ObjectId
from pymongo import MongoClient

from cell.backup.archive import SAID, Manifest, documents, read_manifest, write_manifest
from cell.backup.copying import copy, copy_said, differences, snapshot
from cell.backup.filling import fill, must_be_empty, must_be_whole, say_again
from cell.backup.overhearing import listening
from cell.cell import Cell
from cell.errors import CellError
from chassis import topology
from chassis.broker import Message, Publisher
from contracts.codec import encode
from contracts.envelope import seal
from contracts.members import facts
from contracts.operations import Act, Acted, Deed
from tests.support.infrastructure import until
from tests.support.stated import BASE, an_area

NOW = "2026-11-21T02:00:00.000Z"
REGION = "kediri-raya"


def quietly(_: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def databases(tmp_path_factory):
    """Two databases: one to copy, one to fill."""
    places = [tmp_path_factory.mktemp(name) for name in ("from", "to")]
    cells = [Cell(place) for place in places]
    for cell in cells:
        cell.start(only=("mongod",))
    clients = [MongoClient(cell.plan.database.uri("admin")) for cell in cells]
    yield clients
    for client, cell in zip(clients, cells, strict=True):
        client.close()
        cell.stop()


@pytest.fixture
def source(databases):
    """An empty cell to copy."""
    return emptied(databases[0])


@pytest.fixture
def target(databases):
    """An empty cell to fill."""
    return emptied(databases[1])


def emptied(client):
    for name in client.list_database_names():
        if name.startswith("jejaring"):
            client.drop_database(name)
    client["jejaring_members"].create_collection("founding")
    return client


def copied(client, directory: Path, **more) -> Manifest:
    """A copy of the databases alone."""
    with snapshot(client) as moment:
        entries = copy(moment, directory, quietly)
        entries |= copy_said(moment, more.get("said", ()), directory)
    write_manifest(directory, Manifest(region=REGION, taken_at=NOW, entries=entries))
    return read_manifest(directory)


VALUES = {
    "text": 'Jl. "Dhoho" \u2028 \\ é 🙂',
    "none": None,
    "true": True,
    "whole": 7,
    "wide": Int64(2**40),
    "broken": 0.1,
    "round": 3.0,
    "huge": 1.5e300,
    "at": datetime(2026, 11, 21, 2, 0, 0, 123000, tzinfo=UTC),
    "long_ago": datetime(1931, 2, 3, tzinfo=UTC),
    "bytes": Binary(bytes(range(256))),
    "id": ObjectId("65f000000000000000000001"),
    "list": [1, [2, {"b": 1, "a": 2}], {}],
    "order": {"z": 1, "a": 2, "m": {"y": 1, "b": 2}},
}


def test_every_kind_of_value_comes_back_as_it_was(source, target, tmp_path):
    source["jejaring_members"]["member"].insert_many(
        [{"_id": f"m{n:04}", **VALUES, "n": n} for n in range(1200)]
    )
    source["jejaring_events"]["event"].insert_one({"_id": 17, "seq": {"a.b": 1}})
    source["jejaring_audit"]["acts"].insert_one({"_id": "a1"})
    photos = gridfs.GridFSBucket(source["jejaring_files"], bucket_name="photos")
    pictures = {f"v1/{n}": bytes([n]) * size for n, size in enumerate((0, 10, 600_000))}
    for id, body in pictures.items():
        photos.upload_from_stream_with_id(id, id, body, metadata={"media_type": "image/png"})

    manifest = copied(source, tmp_path / "copy")
    fill(target, tmp_path / "copy", manifest, quietly)

    assert differences(target, manifest.entries) == differences(source, manifest.entries) == []
    options = source.codec_options.with_options(tz_aware=True)
    for name, collection in (("jejaring_members", "member"), ("jejaring_events", "event")):
        here, there = (
            list(client[name].get_collection(collection, options).find({}).sort("_id", 1))
            for client in (source, target)
        )
        assert [list(one) for one in here] == [list(one) for one in there], "the fields' order"
        assert here == there
    kept = gridfs.GridFSBucket(target["jejaring_files"], bucket_name="photos")
    assert {id: kept.open_download_stream(id).read() for id in pictures} == pictures
    indexes = target["jejaring_files"]["photos.chunks"].index_information().values()
    assert any(one["key"] == [("files_id", 1), ("n", 1)] for one in indexes)


def test_what_is_written_together_is_copied_together(source, tmp_path):
    one, other = source["jejaring_members"]["pair"], source["jejaring_events"]["pair"]
    stop, written = threading.Event(), []

    def write_pairs() -> None:
        with source.start_session() as session:
            while not stop.is_set():
                with session.start_transaction():
                    one.insert_one({"_id": len(written)}, session=session)
                    other.insert_one({"_id": len(written)}, session=session)
                written.append(len(written))

    writer = threading.Thread(target=write_pairs)
    writer.start()
    try:
        until(lambda: len(written) > 50)
        for n in range(5):
            copied(source, tmp_path / str(n))
    finally:
        stop.set()
        writer.join()

    for n in range(5):
        ids = [
            [row["_id"] for row in documents(tmp_path / str(n) / "data" / name / "pair.ndjson")]
            for name in ("jejaring_members", "jejaring_events")
        ]
        assert ids[0] == ids[1] == list(range(len(ids[0])))
        assert len(ids[0]) > 50


def test_views_and_leases_are_not_copied_but_ended_sessions_are(source, tmp_path):
    for database, collection in (
        ("jejaring_views", "members"),
        ("jejaring_views", "changes"),
        ("jejaring_views", "meta"),
        ("jejaring_views", "sessions"),
        ("jejaring_views", "parked"),
        ("jejaring_members", "leases"),
        ("somebody_else", "member"),
    ):
        source[database][collection].insert_one({"_id": "x"})

    names = {
        key for key, entry in copied(source, tmp_path / "c").collections.items() if entry.count
    }

    source.drop_database("somebody_else")
    assert names == {("jejaring_views", "sessions"), ("jejaring_views", "parked")}


def test_nothing_is_put_into_a_cell_that_holds_anything(source, target, tmp_path):
    source["jejaring_members"]["member"].insert_one({"_id": "ayu"})
    manifest = copied(source, tmp_path / "copy")
    must_be_empty(target)
    target["jejaring_views"]["members"].insert_one({"_id": "budi"})

    with pytest.raises(CellError, match=r"jejaring_views\.members holds something"):
        fill(target, tmp_path / "copy", manifest, quietly)
    assert target["jejaring_members"]["member"].count_documents({}) == 0


def test_what_arrived_otherwise_than_it_left_is_told(source, target, tmp_path):
    source["jejaring_members"]["member"].insert_one({"_id": "ayu", "name": "Ayu"})
    manifest = copied(source, tmp_path / "copy")
    fill(target, tmp_path / "copy", manifest, quietly)
    target["jejaring_members"]["member"].update_one({"_id": "ayu"}, {"$set": {"name": "Budi"}})
    target["jejaring_events"]["event"].insert_one({"_id": "more"})

    told = differences(target, manifest.entries)

    assert [line.partition(":")[0] for line in told] == [
        "data/jejaring_events/event.ndjson",
        "data/jejaring_members/member.ndjson",
    ]


# -- what was on the wire ---------------------------------------------------------------------


def published(fact, id: str) -> Message:
    """A fact on its way, as a relay sends it."""
    envelope = seal(fact, id=id, region=REGION, time=NOW)
    return Message(
        exchange=topology.FACTS.name,
        routing_key=type(fact).route(REGION),
        body=orjson.dumps(encode(envelope)),
        message_id=id,
        mandatory=False,
    )


def an_act(subject: str, sequence: int) -> Acted:
    deed = Deed(
        fact="members.area_changed.v1",
        subject=subject,
        sequence=sequence,
        fields=(),
        before={},
        after={},
    )
    told = {"actor": "koko", "roles": ("coordinator",), "verb": "v", "request_id": "r"}
    return Acted(act=Act(**{**BASE, "id": "act", **told, "deeds": (deed,)}))


def test_what_was_published_and_not_heard_is_said_again_and_what_came_later_is_not(
    ground, source, target, tmp_path
):
    source["jejaring_members"]["area"].insert_one({"_id": "35.71", "version": 2})
    source["jejaring_members"]["outbox"].insert_one({"_id": "waits", "key": "k", "body": b"{}"})
    with ground.connection() as connection:
        topology.declare_facts(connection)
    lines: list[str] = []
    with listening(ground.amqp_uri, REGION, lines.append) as wire:
        publisher = Publisher(ground.amqp_uri)
        for id, fact in (
            ("was", facts.AreaChanged(area=an_area(version=2))),
            ("not-yet", facts.AreaChanged(area=an_area(version=3))),
            ("elsewhere", facts.AreaChanged(area=an_area("35.06", version=1))),
            ("act-was", an_act("area/35.71", 2)),
            ("act-not-yet", an_act("area/35.71", 3)),
            ("waits", facts.AreaChanged(area=an_area(version=1))),
        ):
            publisher.publish([published(fact, id)])
        pulse = Message(
            exchange=topology.FACTS.name,
            routing_key="x.cell.members.pulse",
            body=b"{}",
            headers={"kind": topology.PULSE},
            mandatory=False,
        )
        publisher.publish([pulse])
        publisher.close()
        manifest = copied(source, tmp_path / "copy", said=list(wire.overheard()))

    assert lines == []
    assert [row["_id"] for row in documents(tmp_path / "copy" / SAID)] == [
        "was",
        "act-was",
        "waits",
    ]
    fill(target, tmp_path / "copy", manifest, quietly)
    assert differences(target, manifest.entries) == [], "what was on the wire is not compared"
    assert say_again(target, tmp_path / "copy", manifest) == 2
    outbox = {row["_id"]: row for row in target["jejaring_members"]["outbox"].find({})}
    assert outbox.keys() == {"waits", "was", "act-was"}
    assert outbox["was"]["key"] == "kediri-raya.cell.members.area_changed.v1"
    assert orjson.loads(outbox["was"]["body"])["data"]["area"]["version"] == 2


def test_without_a_broker_the_copy_says_what_it_lacks(source, tmp_path):
    lines: list[str] = []
    with listening("amqp://nobody@127.0.0.1:1//", REGION, lines.append) as wire:
        assert wire is None
    manifest = copied(source, tmp_path / "copy")

    assert say_again(source, tmp_path / "copy", manifest) == 0
    assert lines[0].startswith("the broker is away")
    must_be_whole(tmp_path / "copy", manifest)


def test_a_hearer_that_is_behind_is_named(ground, monkeypatch):
    monkeypatch.setattr("cell.backup.overhearing.MOST_SECONDS", 0.5)
    monkeypatch.setattr("cell.backup.overhearing.HEARERS", ("slow",))
    queue, again = (
        topology.hear_queue("uji", "slow"),
        topology.retry_queue(1.0, topology.hear_queue("uji", "slow")),
    )
    lines: list[str] = []
    with ground.connection() as connection:
        topology.declare_facts(connection)
        channel = connection.channel()
        for name in (queue, again):
            channel.queue_declare(name, durable=True, auto_delete=False)
            channel.basic_publish(amqp.Message(b"{}"), "", name)
        until(lambda: channel.queue_declare(again, passive=True).message_count == 1)
        with listening(ground.amqp_uri, "uji", lines.append):
            pass
        for name in (queue, again):
            channel.queue_delete(name)

    assert lines == [
        "slow is behind: what waits in its queue is not in this copy",
        "1 facts that slow could not hear yet are not in this copy",
    ]
