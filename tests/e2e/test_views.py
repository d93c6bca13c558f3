"""A view that was dropped and rebuilt is the living one, byte for byte."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import amqp
import pytest
from kombu.utils.url import parse_url
from pymongo.errors import OperationFailure

from cell.backup.restating import settled
from cell.cell import Cell
from chassis import clock
from contracts.codec import encode
from contracts.envelope import seal
from contracts.operations import FactParked, Parked
from gateway.views import REBUILT
from tests.e2e.lives import live
from tests.support.client import KOTA, Body, Community, Person, Phone, problem, told

SECONDS = 60.0
OF_OTHER_REGIONS = {"hidden", "erasures"}  # tests/federation lives in them
SWAPPED = 175  # the collection was replaced by the one built beside it while it was read


@pytest.fixture(scope="module")
def lived_in(community: Community) -> None:
    """Something in every view, with a history."""
    live(community)


def contents(database: Any, view: str) -> dict[str, bytes]:
    """Every document as the bytes that the database holds."""
    from bson.codec_options import CodecOptions
    from bson.raw_bson import RawBSONDocument

    raw = database.get_collection(view, CodecOptions(document_class=RawBSONDocument))
    while True:
        try:
            return {document["_id"]: document.raw for document in raw.find({})}
        except OperationFailure as error:
            if error.code != SWAPPED:
                raise


def still(database: Any, view: str, seconds: float = 1.0) -> dict[str, bytes]:
    """The contents once all that was decided is in them and nothing more follows for a while."""
    while True:
        settled(database, clock.real(), SECONDS)
        before = contents(database, view)
        time.sleep(seconds)
        if contents(database, view) == before:
            return before


def differences(living: Body, rebuilt: Body) -> Body:
    """Where two contents differ, decoded: the order of a document's fields is no matter."""
    import bson

    ids = {id for id in living.keys() | rebuilt.keys() if living.get(id) != rebuilt.get(id)}
    sides = (living, rebuilt)
    found = {id: [bson.decode(side[id]) if id in side else None for side in sides] for id in ids}
    return {id: [one, other] for id, (one, other) in found.items() if one != other}


def lag(person: Person) -> float:
    """What reads say of their age."""
    return float(person.get("/v1/areas", limit=1).headers["X-View-Lag-Seconds"])


def rebuilding(database: Any) -> bool:
    """Whether a view is still being built; fails when it takes too long."""
    row = database["meta"].find_one({"view": {"$gt": ""}})
    age = datetime.now(UTC) - datetime.fromisoformat(row["since"]) if row else timedelta()
    assert age.total_seconds() < SECONDS, row
    return row is not None


@pytest.mark.parametrize("view", ["members", "calendar", "inbox"])
def test_a_view_is_read_as_it_was_while_it_is_rebuilt(
    lived_in: None, operator: Person, databases: dict[str, Any], view: str
) -> None:
    views = databases["gateway"]
    living = still(views, view)
    answer = operator.client.post(f"/v1/operations/views/{view}/rebuild", timeout=90)
    told(answer, 202)
    assert lag(operator) > 0, "it is not what it will be yet"
    while rebuilding(views):
        assert differences(living, contents(views, view)) == {}
        assert operator.get("/v1/operations/parked").status_code == 200
    assert differences(living, contents(views, view)) == {}
    assert f"{view}.next" not in views.list_collection_names()
    until = time.monotonic() + SECONDS
    while lag(operator) > 0:
        assert time.monotonic() < until
        time.sleep(0.2)


def test_every_view_rebuilt_is_the_living_one(
    lived_in: None, operator: Person, databases: dict[str, Any]
) -> None:
    views = databases["gateway"]
    wanted = {view: still(views, view, 0.3) for view in REBUILT}
    empty = {view for view in REBUILT if not wanted[view]}
    assert empty - OF_OTHER_REGIONS == set(), "nobody lived there: see lives.py"
    for view in REBUILT:
        told(operator.client.post(f"/v1/operations/views/{view}/rebuild", timeout=90), 202)
    while rebuilding(views):
        time.sleep(0.1)
    found = {view: differences(wanted[view], contents(views, view)) for view in REBUILT}
    assert {view: differing for view, differing in found.items() if differing} == {}


def test_a_view_that_was_dropped_by_hand_comes_back_too(
    lived_in: None, operator: Person, databases: dict[str, Any]
) -> None:
    views = databases["gateway"]
    living = still(views, "directory")
    views["directory"].delete_many({})
    told(operator.client.post("/v1/operations/views/directory/rebuild", timeout=90), 202)
    until = time.monotonic() + SECONDS
    while contents(views, "directory") != living and time.monotonic() < until:
        time.sleep(0.2)
    assert differences(living, contents(views, "directory")) == {}


def test_phones_get_nothing_new_from_a_rebuild(lived_in: None, operator: Person) -> None:
    phone = Phone(operator)
    phone.settle()
    told(operator.client.post("/v1/operations/views/areas/rebuild", timeout=90), 202)
    assert phone.await_change(2.0) == []


def test_what_changes_during_a_rebuild_is_there_afterwards(
    community: Community, operator: Person, visitor: Person, cell: Cell
) -> None:
    made = [community.institution(KOTA)["id"] for _ in range(3)]
    told(operator.client.post("/v1/operations/views/institutions/rebuild", timeout=90), 202)
    made += [community.institution(KOTA)["id"] for _ in range(20)]
    until = time.monotonic() + SECONDS
    missing = set(made)
    while missing and time.monotonic() < until:
        missing = {id for id in made if visitor.get(f"/v1/institutions/{id}").status_code != 200}
    assert missing == set()


def test_a_view_that_nobody_knows_is_not_rebuilt(operator: Person) -> None:
    for name in ("nothing", "changes", "meta", "sessions", "../members"):
        answer = operator.post(f"/v1/operations/views/{name}/rebuild")
        problem(answer, 404)


def test_what_is_no_more_vanishes_and_what_was_changed_is_mended(
    lived_in: None, operator: Person, databases: dict[str, Any]
) -> None:
    views = databases["gateway"]
    living = still(views, "institutions")
    views["institutions"].insert_one({"_id": "nobody", "seq": {"institution": 1}})
    views["institutions"].update_one({"_id": min(living)}, {"$set": {"body": "spoilt"}})
    told(operator.client.post("/v1/operations/views/institutions/rebuild", timeout=90), 202)
    while rebuilding(views):
        time.sleep(0.1)
    assert differences(living, contents(views, "institutions")) == {}


def test_a_fact_that_a_service_keeps_is_listed_and_asked_of_it(
    cell: Cell, operator: Person, databases: dict[str, Any]
) -> None:
    now = clock.now()
    kept = Parked(
        id=f"{clock.new_id()}.nobody",
        version=1,
        region=cell.plan.region.id,
        created_at=now,
        updated_at=now,
        hearer="nobody",
        fact="jejaring.members.area_created.v1",
        subject="area/x",
        reason="uji",
        attempts=6,
    )
    fact = seal(FactParked(parked=kept), id="uji", region=kept.region, time=now)
    connection = amqp_connection(cell)
    message = amqp.Message(json.dumps(encode(fact)).encode(), delivery_mode=2)
    key = FactParked.route(kept.region)
    connection.channel().basic_publish_confirm(message, "jejaring.facts", key)
    connection.close()
    while not (items := told(operator.get("/v1/operations/parked"), 200)["items"]):
        time.sleep(0.02)
    assert (items[0]["id"], items[0]["hearer"], items[0]["at"]) == (kept.id, "nobody", now)
    problem(operator.post(f"/v1/operations/parked/{kept.id}/replay"), 503)
    problem(operator.post("/v1/operations/parked/x.nobody/replay"), 404)
    databases["gateway"]["unheard"].delete_one({"_id": kept.id})


def amqp_connection(cell: Cell) -> Any:
    """A plain connection to the cell's broker."""
    target = parse_url(cell.plan.amqp_uri)
    connection = amqp.Connection(
        host=f"{target['hostname']}:{target['port']}",
        userid=target["userid"],
        password=target["password"],
        virtual_host=target["virtual_host"] or "/",
        confirm_publish=True,
    )
    connection.connect()
    return connection


def test_nothing_is_parked(operator: Person) -> None:
    assert told(operator.get("/v1/operations/parked"), 200)["items"] == []
