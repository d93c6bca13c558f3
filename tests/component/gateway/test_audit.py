"""The audit log: only ever added to, for officers and operator, blank where somebody was erased."""

import csv
from io import StringIO

import pytest

from chassis.errors import Outage
from contracts.operations import Acted, RebuildView
from gateway import register
from gateway.question import Reply
from gateway.views import acts
from tests.support.gateway import peopled
from tests.support.memory import Database
from tests.support.stated import a_deed, an_act

AUDIT = "/v1/operations/audit"


def said(*those):
    return [Acted(act=one) for one in those]


@pytest.fixture
def database():
    return Database()


@pytest.fixture
def house():
    house, database = peopled(), Database()
    told = [an_act(f"a{n}", f"2026-11-{10 + n}T02:00:00.000Z") for n in range(3)]
    other = an_act("b1", "2026-11-20T02:00:00.000Z", (a_deed("event/e1"),), actor="officer")
    acts.keep(database, said(*told, other))
    for name in (acts.ACTS, acts.VALUES):
        house.store.views[name] = database[name].documents
    return house


def test_an_officer_sees_what_it_was_before_and_after(house):
    items = house.get(AUDIT, by="officer").json["items"]

    assert [one["id"] for one in items] == ["b1.1", "a2.1", "a1.1", "a0.1"]
    assert items[1] | {"before": None, "after": None} == {
        "id": "a2.1",
        "at": "2026-11-12T02:00:00.000Z",
        "actor": "koko",
        "roles": ["area_coordinator"],
        "act": "members.approve_member",
        "subject": "member/pandu",
        "fact": "members.member_approved.v1",
        "sequence": 2,
        "fields": ["state"],
        "before": None,
        "after": None,
        "request_id": "r-a2",
    }
    assert items[1]["before"] == {"state": "pending", "name": "Pandu"}


def test_the_operator_sees_that_it_happened_and_no_values(house):
    items = house.get(AUDIT, by="oper").json["items"]

    assert {one["before"] for one in items} == {one["after"] for one in items} == {None}
    assert items[0]["fields"] == ["state"]
    assert "Pandu" not in house.get(f"{AUDIT}?format=csv", by="oper").text


@pytest.mark.parametrize(("by", "status"), [("ayu", 403), ("koko", 403), (None, 401)])
def test_nobody_else_sees_it(house, by, status):
    assert house.get(AUDIT, by=by).status_code == status


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("actor=officer", ["b1.1"]),
        ("subject=event/e1", ["b1.1"]),
        ("from=2026-11-12", ["b1.1", "a2.1"]),
        ("to=2026-11-11T00:00:00Z", ["a0.1"]),
        ("from=2026-11-11&to=2026-11-12&actor=koko", ["a1.1"]),
        ("sort=at&limit=2", ["a0.1", "a1.1"]),
    ],
)
def test_it_is_filtered_and_ordered(house, query, ids):
    found = house.get(f"{AUDIT}?{query}", by="officer").json["items"]

    assert [one["id"] for one in found] == ids


def test_pages_follow_one_another(house):
    first = house.get(f"{AUDIT}?limit=3", by="officer").json
    rest = house.get(f"{AUDIT}?limit=3&cursor={first['next']}", by="officer").json

    assert [one["id"] for one in first["items"] + rest["items"]] == ["b1.1", "a2.1", "a1.1", "a0.1"]
    assert rest["next"] is None


def test_a_sheet_holds_all_of_it_and_is_itself_noted(house):
    answer = house.get(f"{AUDIT}?format=csv", by="officer", Accept_Language="en")

    titles, *rows = csv.reader(StringIO(answer.text.lstrip("\ufeff")))
    assert titles[:5] == ["time", "who", "roles", "act", "subject"]
    assert [row[4] for row in rows] == ["event/e1", *["member/pandu"] * 3]
    assert rows[1][6] == '{"state":"pending","name":"Pandu"}'
    (noted,) = [r for r in house.store.views["acts"].values() if r["act"] == register.TAKEN_OUT]
    assert (noted["actor"], noted["subject"], noted["fields"]) == ("officer", AUDIT, ["format"])


def test_a_long_log_becomes_a_whole_sheet(house, monkeypatch):
    monkeypatch.setattr("gateway.api.audit.AT_ONCE", 2)

    answer = house.get(f"{AUDIT}?format=csv", by="officer")

    assert len(answer.text.splitlines()) == 5


def test_who_takes_out_his_own_file_is_noted_without_a_role(house):
    assert house.get("/v1/me/export", by="ayu").status_code == 200

    (noted,) = [r for r in house.store.views["acts"].values() if r["act"] == register.TAKEN_OUT]
    assert (noted["actor"], noted["roles"], noted["subject"]) == ("ayu", [], "/v1/me/export")


def test_what_is_no_file_is_not_noted(house):
    house.get("/v1/me", by="ayu")
    house.get("/v1/members", by="ayu")

    assert [r for r in house.store.views["acts"].values() if r["act"] == register.TAKEN_OUT] == []


def test_nothing_is_handed_out_while_it_cannot_be_noted(house, monkeypatch):
    async def away(_):
        raise Outage("database: away")

    monkeypatch.setattr(house.store, "note", away)
    answer = house.get("/v1/me/export", by="ayu")

    assert answer.status_code == 503
    assert "Content-Disposition" not in answer.headers
    assert "ayu@example.org" not in answer.text


def test_what_the_operator_orders_is_noted(house):
    house.backend.replies[RebuildView.verb] = Reply(result={"accepted": True})
    house.send("POST", "/v1/operations/views/areas/rebuild", "oper")

    newest = house.get(f"{AUDIT}?actor=oper", by="officer").json["items"][0]
    assert (newest["act"], newest["subject"]) == ("projector.rebuild_view", "view/areas")
    assert newest["roles"] == ["operator"]


def test_views_that_can_be_built_again_are_told_with_those_that_are(house):
    row = {"_id": "rebuild:areas", "view": "areas", "since": "2026-11-21T02:00:00.000Z"}
    house.store.views["meta"]["rebuild:areas"] = row

    items = house.get("/v1/operations/views", by="oper").json["items"]

    since = {one["name"]: one["building_since"] for one in items}
    assert since["areas"] == "2026-11-21T02:00:00.000Z"
    assert since["members"] is None
    assert "sessions" not in since
    assert house.get("/v1/operations/views", by="officer").status_code == 403
