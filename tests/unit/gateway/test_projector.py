"""The projector: views first, then the log; pulses; what an operator asks of it."""

from types import SimpleNamespace

import pytest
from pymongo.errors import BulkWriteError

import gateway.projector as module
from chassis.hearing import Pulse
from chassis.work import Actor, Call
from contracts.envelope import read
from contracts.members.commands import Restate
from contracts.operations import DropParked, RebuildView, ReplayParked
from gateway.projector import ParkedUnknown, Projector, ViewsDesk, ViewUnknown, write_views
from gateway.views import fold_state, log
from tests.unit.gateway.house import (
    a_member,
    an_appointment,
    an_area,
    competencies_of,
    consenting,
    fact_of,
    later,
    matches,
    sealed,
)


class Rows(list):
    """What find gives."""

    def sort(self, *_):
        return self


class Collection:
    """Documents by id, with what the projector does to them."""

    def __init__(self):
        self.documents, self.races, self.indexes = {}, 0, []

    def find(self, query, fields=None, session=None):
        return Rows(one for one in self.documents.values() if matches(one, query))

    def find_one_and_update(self, query, update, session, return_document):
        found = self.documents.get(query["_id"])
        return dict(found) if found else None

    def update_one(self, query, update, upsert=False, session=None):
        document = self.documents.setdefault(query["_id"], {"_id": query["_id"]})
        for name, value in update.get("$setOnInsert", {}).items():
            document.setdefault(name, value)
        document.update(update.get("$set", {}))
        for name, value in update.get("$max", {}).items():
            document[name] = max(value, document.get(name, value))

    def bulk_write(self, operations, ordered, session=None):
        if self.races:
            self.races -= 1
            raise BulkWriteError({"writeErrors": [{"index": 0, "code": 11000}]})
        for operation in operations:
            if hasattr(operation, "_upsert") and not isinstance(operation._doc, list):
                self.documents[operation._doc["_id"]] = operation._doc
            else:
                self._fold(operation)

    def _fold(self, operation):
        _, after, _ = operation._doc[0]["$replaceWith"]["$cond"]
        _, literal, sequences = after["$mergeObjects"]
        ((part, sequence),) = sequences["seq"]["$mergeObjects"][1].items()
        id = operation._filter["_id"]["$eq"]
        document = self.documents.setdefault(id, {"_id": id, "seq": {}})
        if document["seq"].get(part, 0) < sequence:
            document.update(literal["$literal"])
            document["seq"][part] = sequence

    def delete_many(self, _):
        self.documents.clear()

    def delete_one(self, query):
        found = self.documents.pop(query["_id"], None)
        return SimpleNamespace(deleted_count=0 if found is None else 1)

    def find_one(self, query):
        return self.documents.get(query["_id"])

    def create_indexes(self, wanted):
        self.indexes += wanted


class Database(dict):
    """Collections as they are asked for."""

    client = SimpleNamespace(close=lambda: None)

    def __missing__(self, name):
        self[name] = Collection()
        return self[name]


class Transactions:
    """Runs the body at once."""

    def run(self, body, deadline):
        return body(None)


@pytest.fixture
def projector():
    found = Projector()
    database = Database()
    module.begin_log(database)
    settings = SimpleNamespace(amqp_uri="amqp://x/", region="kediri-raya")
    found.desk = SimpleNamespace(database=database, transactions=Transactions(), settings=settings)
    return found


def said(*those):
    return [(read(sealed(state)), fact_of(state)) for state in those]


def rows(projector):
    return projector.desk.database["changes"].documents


def test_a_batch_is_folded_and_logged_with_its_audiences(projector):
    projector.project(
        said(an_area(), consenting("ayu"), an_appointment("koko", "area_coordinator", area="35.71"))
    )

    assert projector.desk.database["members"].documents["ayu"]["listed"] is True
    assert {id: row["now"] for id, row in rows(projector).items()} == {
        "area:35.71": ["*"],
        "member:ayu": ["active", "area:35.71", "member:ayu", "officers"],
        "appointment:koko-area_coordinator": ["area:35.71", "member:koko", "officers"],
    }
    assert sorted(row["position"] for row in rows(projector).values()) == [1, 2, 3]


def test_hearing_it_twice_moves_nothing(projector):
    facts = said(consenting("ayu"), competencies_of("ayu", 2))
    projector.project(facts)
    before = dict(rows(projector))
    projector.project(facts)

    assert rows(projector) == before


def test_competencies_follow_their_member_to_another_area(projector):
    projector.project(said(a_member("ayu"), competencies_of("ayu", 2)))
    projector.project(said(later(a_member("ayu"), area="35.06")))
    row = rows(projector)["competencies:ayu"]

    assert row["now"] == ["area:35.06", "member:ayu", "officers"]
    assert "area:35.71" in row["ever"]


def test_levels_without_a_member_are_the_members_own(projector):
    projector.project(said(competencies_of("ayu", 2)))

    assert rows(projector).keys() == {"competencies:ayu"}
    assert rows(projector)["competencies:ayu"]["now"] == ["member:ayu", "officers"]


def test_keys_and_sessions_are_not_logged(projector):
    projector.project([])
    projector.append({("signing_key", "k")})

    assert not rows(projector)


def test_without_its_head_there_is_no_log(projector):
    projector.desk.database["meta"].documents.clear()
    with pytest.raises(LookupError):
        projector.project(said(an_area()))


def test_pulses_are_kept_and_never_go_back(projector):
    for upto in ("2026-11-21T02:00:05.000Z", "2026-11-21T02:00:01.000Z"):
        projector.project([Pulse(speaker="members", upto=upto)])

    kept = projector.desk.database["meta"].documents["pulse:members"]
    assert kept["upto"] == "2026-11-21T02:00:05.000Z"


def test_an_upsert_that_lost_a_race_is_written_again():
    database = Database()
    database["areas"].races = 1
    write_views(database, fold_state("area", an_area()))

    assert database["areas"].documents.keys() == {"35.71"}


def call(command):
    return Call(command=command, actor=Actor(member_id="oper"), deadline=0)


def test_a_view_is_emptied_and_said_again_by_its_owner(projector, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "ask", lambda *args, **more: asked.append((args, more)))
    projector.project(said(consenting("ayu")))
    answer = projector.operate(call(RebuildView(view="directory")))

    assert answer.result == {"accepted": True}
    assert not projector.desk.database["directory"].documents
    assert [args[2] for args, _ in asked] == [Restate(kind="member"), Restate(kind="competencies")]
    assert asked[0][1]["actor"].member_id == "oper"


@pytest.mark.parametrize("view", ["sessions", "meta", "nothing"])
def test_only_views_are_rebuilt(projector, view):
    with pytest.raises(ViewUnknown):
        projector.operate(call(RebuildView(view=view)))


def test_parked_facts_are_replayed_and_dropped_by_id(projector, monkeypatch):
    published = []

    class Broker:
        def __init__(self, uri):
            pass

        def deliver(self, message):
            published.append(message)

        def close(self):
            published.append("closed")

    monkeypatch.setattr(module, "Publisher", Broker)
    parked = projector.desk.database["parked"].documents
    parked["p1"] = {"_id": "p1", "hearer": "hear.kediri-raya.projector", "body": b"{}"}
    parked["p2"] = dict(parked["p1"], _id="p2")
    projector.operate(call(ReplayParked(id="p1")))
    projector.operate(call(DropParked(id="p2")))

    assert not parked
    assert published[0].routing_key == "hear.kediri-raya.projector"
    for command in (ReplayParked(id="p1"), DropParked(id="p2")):
        with pytest.raises(ParkedUnknown):
            projector.operate(call(command))


def test_declaring_makes_indexes_and_the_logs_head(monkeypatch):
    database = Database()
    monkeypatch.setattr(module, "connect", lambda uri: {module.DATABASE: database})
    module.declare(SimpleNamespace(mongo_uri="mongodb://x/"))
    epoch = database["meta"].documents["log"]["epoch"]
    module.begin_log(database)

    assert database["institutions"].indexes
    assert database["meta"].documents["log"]["epoch"] == epoch


def test_the_desk_declares_the_log_too(monkeypatch):
    desk = ViewsDesk(database="x")
    desk.database = Database()
    monkeypatch.setattr(module.Desk, "declare", lambda self, connection: None)
    desk.declare("connection")

    assert desk.database["meta"].documents["log"]["position"] == 0
    assert log.touched([]) == set()
