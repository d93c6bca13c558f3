"""The projector: views first, then the log; pulses; what an operator asks of it."""

from types import SimpleNamespace

import pytest
from pymongo.errors import OperationFailure

import gateway.projector as module
from chassis import parking
from chassis.call import Actor, Call
from chassis.errors import Outage
from chassis.hearing import Pulse
from contracts.codec import encode
from contracts.envelope import read
from contracts.members.commands import Restate
from contracts.operations import DropParked, RebuildView, ReplayParked
from gateway.projector import ViewsDesk, ViewUnknown, rebuilding, write_views
from gateway.views import fold_state, log
from tests.support.memory import Database
from tests.support.stated import (
    a_member,
    a_parked,
    an_appointment,
    an_area,
    competencies_of,
    consenting,
    fact_of,
    later,
    sealed,
)


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
    late, early = "2026-11-21T02:00:05.000Z", "2026-11-21T02:00:01.000Z"
    projector.project([Pulse(speaker="members", upto=late), Pulse(speaker="members", upto=early)])
    projector.project([Pulse(speaker="members", upto=early)])

    kept = projector.desk.database["meta"].documents["pulse:members"]
    assert kept["upto"] == late


def test_an_upsert_that_lost_a_race_is_written_again():
    database = Database()
    database["areas"].races = 1
    write_views(database, fold_state("area", an_area()))

    assert database["areas"].documents.keys() == {"35.71"}


def call(command):
    return Call(command=command, actor=Actor(member_id="oper"), deadline=0)


EARLY, LATE = "2026-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z"


@pytest.fixture
def asked(monkeypatch):
    found = []
    monkeypatch.setattr(module, "ask", lambda *args, **more: found.append((args, more)))
    return found


def pulse(upto=LATE):
    return Pulse(speaker="members", upto=upto)


def test_a_view_is_built_beside_the_living_one_and_takes_its_place(projector, asked):
    views = projector.desk.database
    projector.project([*said(consenting("ayu"), consenting("gone")), pulse(EARLY)])
    answer = projector.operate(call(RebuildView(view="directory")))

    assert answer.result == {"accepted": True}
    assert [args[2] for args, _ in asked] == [Restate(kind="member"), Restate(kind="competencies")]
    assert asked[0][1]["actor"].member_id == "oper"
    assert views["directory.next"].indexes

    projector.project(said(consenting("ayu"), consenting("new")))
    assert views["directory"].documents.keys() == {"ayu", "gone", "new"}
    assert views["directory.next"].documents.keys() == {"ayu", "new"}

    projector.project([pulse()])
    assert views["directory"].documents.keys() == {"ayu", "new"}
    assert views["meta"].documents.keys() == {"log", "pulse:members"}


def test_until_its_owners_pulse_is_behind_it_the_old_view_stays(projector, asked):
    projector.project([*said(an_area()), pulse(EARLY)])
    projector.operate(call(RebuildView(view="areas")))

    projector.project([pulse("2026-01-02T00:00:00.000Z")])
    assert projector.desk.database["areas"].documents.keys() == {"35.71"}


def test_what_a_gateway_wrote_beside_a_view_before_its_place_was_made_is_no_obstacle(
    projector, monkeypatch
):
    database = projector.desk.database

    def dropped(name: str) -> None:
        database[name].gone = False

    monkeypatch.setattr(database, "drop_collection", dropped)
    assert rebuilding.begin(database, "areas") is not None


def test_a_place_that_cannot_be_made_leaves_no_trace(projector, monkeypatch):
    database = projector.desk.database

    def fail(*_: object, **__: object) -> None:
        raise OperationFailure("not primary", 10107)

    monkeypatch.setattr(database, "create_collection", fail)
    with pytest.raises(OperationFailure):
        rebuilding.begin(database, "areas")
    assert rebuilding.running(database) == []


def test_a_rebuild_that_cannot_ask_leaves_the_view_and_no_trace(projector, monkeypatch):
    def away(*_, **__):
        raise Outage("away")

    monkeypatch.setattr(module, "ask", away)
    projector.project([*said(an_area()), pulse()])
    with pytest.raises(Outage):
        projector.operate(call(RebuildView(view="areas")))

    views = projector.desk.database
    assert views["areas"].documents.keys() == {"35.71"}
    assert "areas.next" not in views
    assert views["meta"].documents.keys() == {"log", "pulse:members"}


def test_a_view_is_built_once_at_a_time_and_again_when_given_up(projector, asked):
    projector.project([pulse(EARLY)])
    mark = rebuilding.begin(projector.desk.database, "areas")

    assert projector.operate(call(RebuildView(view="areas"))).result == {"accepted": True}
    assert asked == []
    projector.project([pulse()])
    assert "rebuild:areas" in projector.desk.database["meta"].documents, "nobody said it is due"

    projector.desk.database["meta"].documents["rebuild:areas"]["since"] = EARLY
    projector.operate(call(RebuildView(view="areas")))
    assert len(asked) == 1
    rebuilding.all_asked(projector.desk.database, "areas", mark)
    assert projector.desk.database["meta"].documents["rebuild:areas"]["since"] != mark


def test_a_swap_that_happened_before_a_crash_is_not_an_error(projector, asked):
    projector.project([*said(an_area()), pulse(EARLY)])
    projector.operate(call(RebuildView(view="areas")))
    projector.desk.database.drop_collection("areas.next")

    projector.project([pulse()])
    assert projector.desk.database["areas"].documents.keys() == {"35.71"}
    assert "rebuild:areas" not in projector.desk.database["meta"].documents


def test_what_was_written_beside_a_view_after_its_swap_does_not_take_its_place(projector, asked):
    views = projector.desk.database
    projector.project([*said(an_area(), an_area("35.72")), pulse(EARLY)])
    projector.operate(call(RebuildView(view="areas")))
    projector.project(said(an_area(), an_area("35.72")))
    mark = dict(views["meta"].documents["rebuild:areas"])
    projector.project([pulse()])
    views["meta"].documents["rebuild:areas"] = mark  # it died before this was gone

    projector.project(said(an_area("35.73")))

    assert views["areas"].documents.keys() == {"35.71", "35.72", "35.73"}
    assert views["meta"].documents.keys() == {"log", "pulse:members"}
    assert "areas.next" not in views


def test_a_swap_that_is_refused_is_tried_again(projector, asked):
    projector.project([pulse(EARLY)])
    projector.operate(call(RebuildView(view="areas")))
    projector.desk.database["areas.next"].refuses = True

    with pytest.raises(OperationFailure):
        projector.project([pulse()])
    assert "rebuild:areas" in projector.desk.database["meta"].documents


def test_who_sees_what_by_a_new_fold_is_logged_after_the_swap(projector, asked):
    projector.project([*said(a_member("ayu")), pulse(EARLY)])
    projector.operate(call(RebuildView(view="members")))
    projector.project(said(a_member("ayu")))
    projector.desk.database["members.next"].documents["ayu"]["listed"] = True
    assert "active" not in rows(projector)["member:ayu"]["now"]

    projector.project([pulse()])
    assert "active" in rows(projector)["member:ayu"]["now"]


def test_who_comes_late_to_the_log_writes_what_the_views_hold_by_then(projector):
    database, run = projector.desk.database, projector.desk.transactions.run

    def overtaken(body, deadline):
        """Another projector was faster: it has folded and logged the member's next version."""
        projector.desk.transactions.run = run
        projector.project(said(a_member("ayu", area="35.06", version=2)))
        return body(None)

    projector.desk.transactions.run = overtaken
    projector.project(said(a_member("ayu", area="35.71")))

    assert rows(projector)["member:ayu"]["version"] == 2
    assert "area:35.06" in rows(projector)["member:ayu"]["now"]
    assert database["members"].documents["ayu"]["area"] == "35.06"


def test_who_never_spoke_is_not_asked_to_restate(projector, asked):
    projector.operate(call(RebuildView(view="directory")))

    assert asked == []


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

    monkeypatch.setattr(parking, "Publisher", Broker)
    kept = projector.desk.database["parked"].documents
    for id in ("p1.projector", "p2.projector"):
        kept[id] = {
            "_id": id,
            "parked": encode(a_parked(id)),
            "queue": "hear.kediri-raya.projector",
            "body": b"{}",
        }
    projector.operate(call(ReplayParked(id="p1.projector")))
    projector.operate(call(DropParked(id="p2.projector")))

    assert not kept
    assert published[0].routing_key == "hear.kediri-raya.projector"
    for command in (ReplayParked(id="p1.projector"), DropParked(id="p2.projector")):
        with pytest.raises(parking.ParkedUnknown):
            projector.operate(call(command))


def test_declaring_makes_indexes_and_the_logs_head(monkeypatch):
    database = Database()
    monkeypatch.setattr(module, "connect", lambda uri: {module.DATABASE: database})
    module.declare(SimpleNamespace(mongo_uri="mongodb://x/"))
    epoch = database["meta"].documents["log"]["epoch"]
    module.begin_log(database)

    assert database["institutions"].indexes
    assert database["meta"].documents["log"]["epoch"] == epoch


def test_the_desk_begins_the_log_too(monkeypatch):
    desk = ViewsDesk(database="x")
    desk.database = Database()
    monkeypatch.setattr(module.Desk, "index", lambda self: None)
    desk.index()

    assert desk.database["meta"].documents["log"]["position"] == 0
    assert log.touched([]) == set()
