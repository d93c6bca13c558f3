"""What a transaction will surely read is read in one round trip, and never stale."""

import pytest
from pymongo import MongoClient
from pymongo.monitoring import CommandListener

from chassis.call import Actor, Call
from chassis.work import Work
from contracts.members.commands import CreateArea

pytestmark = pytest.mark.cell

BY_ID = [("_id", 1)]
CALL = Call(
    command=CreateArea(id="35.71", name="Kota Kediri", codes=()), actor=Actor(), deadline=0.0
)


class Commands(CommandListener):
    """The names of the commands that left."""

    def __init__(self):
        self.names = []

    def started(self, event):
        self.names.append(event.command_name)

    def succeeded(self, event):
        pass

    def failed(self, event):
        pass


class Foreseeing(Work):
    """Will read two areas and the notes about one."""

    def foreseen(self):
        yield "area", {"_id": "a1"}
        yield "area", {"_id": "a2"}
        yield "note", {"area": "a1"}
        yield "area", {"_id": "a1"}


@pytest.fixture
def commands():
    return Commands()


@pytest.fixture
def work(ground, commands):
    client = MongoClient(ground.mongo_uri, event_listeners=[commands])
    database = client["uji_ahead"]
    database["area"].insert_many([{"_id": "a1", "name": "Satu"}, {"_id": "a2", "name": "Dua"}])
    database["note"].insert_many([{"_id": n, "area": "a1"} for n in ("n2", "n1")])
    with client.start_session() as session, session.start_transaction():
        commands.names.clear()
        yield Foreseeing(database, session, CALL, "uji")
    client.drop_database("uji_ahead")
    client.close()


def test_what_is_foreseen_comes_in_one_round_trip(work, commands):
    area, note = work.collection("area"), work.collection("note")

    assert area.find_one({"_id": "a1"}) == {"_id": "a1", "name": "Satu"}
    assert area.find_one({"_id": "a2"}) == {"_id": "a2", "name": "Dua"}
    assert [one["_id"] for one in note.find({"area": "a1"}, sort=BY_ID)] == ["n1", "n2"]
    assert commands.names == ["aggregate"]


def test_nothing_is_read_ahead_before_it_is_needed(work, commands):
    assert work.collection("area").find_one({"name": "Dua"})["_id"] == "a2"
    assert commands.names == ["find"]


def test_what_the_transaction_wrote_is_asked_again(work):
    area = work.collection("area")
    area.find_one({"_id": "a1"})
    area.update_one({"_id": "a2"}, {"$set": {"name": "Baru"}})

    assert area.find_one({"_id": "a2"})["name"] == "Baru"


def test_what_was_written_first_is_not_read_ahead(work, commands):
    area = work.collection("area")
    area.update_one({"_id": "a1"}, {"$set": {"name": "Baru"}})

    assert area.find_one({"_id": "a1"})["name"] == "Baru"
    assert "aggregate" not in commands.names


def test_an_answer_is_given_once(work, commands):
    area = work.collection("area")
    area.find_one({"_id": "a1"})["name"] = "dirusak"

    assert area.find_one({"_id": "a1"})["name"] == "Satu"
    assert commands.names == ["aggregate", "find"]


def test_without_the_first_document_the_others_are_asked_one_by_one(work):
    work._database["area"].delete_one({"_id": "a1"}, session=work.session)

    assert work.collection("area").find_one({"_id": "a1"}) is None
    assert work.collection("area").find_one({"_id": "a2"})["name"] == "Dua"
