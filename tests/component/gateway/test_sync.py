"""Sync: pages, tombstones, scope changes, epochs; and the phone's outbox."""

import pytest

from chassis.errors import Outage
from contracts.members import commands
from gateway import feed
from gateway.front import promised
from gateway.query import decode_opaque, encode_opaque
from gateway.shown import KINDS, Kind, ready
from tests.support.gateway import answered, peopled
from tests.support.stated import (
    a_member,
    an_appointment,
    an_area,
    an_institution,
    consenting,
    later,
)

HOVERCRAFT = Kind(
    name="hovercraft", view="hovercrafts", state=object, fields=("version", "body"), show=ready
)


@pytest.fixture
def house():
    found = peopled()
    found.store.log("area", "35.71", 1, ["*"])
    found.store.log("area", "35.06", 1, ["*"])
    for id, area in (("ayu", "35.71"), ("budi", "35.06"), ("koko", "35.71")):
        eyes = [f"member:{id}", f"area:{area}", "officers", *(["active"] if id == "ayu" else [])]
        found.store.log("member", id, 1, eyes)
    return found


class Phone:
    """A client that holds what sync told it."""

    def __init__(self, house, who, limit=2):
        self.house, self.who, self.limit = house, who, limit
        self.held, self.cursor, self.told, self.resets = {}, None, 0, 0

    def sync(self):
        more = True
        while more:
            cursor = f"&cursor={self.cursor}" if self.cursor else ""
            answer = self.house.get(f"/v1/sync?limit={self.limit}{cursor}", by=self.who)
            assert answer.status_code == 200, answer.text
            more = self.take(answer.json)
        return self

    def take(self, told):
        if told["reset"]:
            self.held, self.resets = {}, self.resets + 1
        for change in told["changes"]:
            self.told += 1
            key = (change["kind"], change["id"])
            self.held.pop(key, None)
            if change["resource"] is not None:
                self.held[key] = change["resource"]
        self.cursor = told["cursor"]
        return told["more"]

    def people(self):
        return {id for kind, id in self.held if kind == "member"}


def test_a_fresh_phone_gets_all_there_is_to_see_and_nothing_twice(house):
    phone = Phone(house, "koko").sync()

    assert phone.people() == {"ayu", "koko"}
    assert phone.told == 4
    assert phone.sync().told == 4


def test_rows_of_a_kind_nobody_here_knows_are_passed_over(house):
    phone = Phone(house, "koko").sync()
    house.store.log("hovercraft", "h1", 1, ["*"])
    house.store.log("area", "35.71", 2, ["*"])

    assert phone.sync().told == 5
    assert ("hovercraft", "h1") not in phone.held
    assert Phone(house, "koko", limit=1).sync().held == phone.held


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_kind_that_was_not_known_is_told_once_it_is(house, limit, monkeypatch):
    phone = Phone(house, "koko", limit=limit).sync()
    for id in ("h1", "h2", "h3"):
        house.store.log("hovercraft", id, 1, ["*"])
    house.store.log("hovercraft", "secret", 1, ["member:ayu"])
    fresh = Phone(house, "koko", limit=limit).sync()
    told = phone.sync().told

    monkeypatch.setitem(KINDS, "hovercraft", HOVERCRAFT)
    for id in ("h1", "h2", "h3"):
        house.store.views["hovercrafts"][id] = {"_id": id, "version": 1, "body": b"{}"}
    assert phone.sync().told == told + 3
    assert fresh.sync().held == phone.held == Phone(house, "koko").sync().held
    assert len(decode_opaque(phone.cursor)) == 7
    assert phone.sync().told == told + 3


def test_between_two_releases_a_kind_comes_again_but_is_not_lost(house, monkeypatch):
    house.store.views["hovercrafts"]["h1"] = {"_id": "h1", "version": 1, "body": b"{}"}
    house.store.log("hovercraft", "h1", 1, ["*"])
    phone = Phone(house, "koko").sync()
    with monkeypatch.context() as newer:
        newer.setitem(KINDS, "hovercraft", HOVERCRAFT)
        answer = house.get(f"/v1/sync?limit=1&cursor={phone.cursor}", by="koko").json
        assert phone.take(answer)
    house.store.views["hovercrafts"]["h2"] = {"_id": "h2", "version": 1, "body": b"{}"}
    house.store.log("hovercraft", "h2", 1, ["*"])
    phone.sync()
    assert ("hovercraft", "h2") not in phone.held

    monkeypatch.setitem(KINDS, "hovercraft", HOVERCRAFT)
    assert {("hovercraft", "h1"), ("hovercraft", "h2")} < set(phone.sync().held)


def broken(house, *ids):
    """Institutions that cannot be shown: what was rendered of them is gone."""
    for id in ids:
        house.put(an_institution(id))
        del house.store.views["institutions"][id]["body"]
        house.store.log("institution", id, 1, ["*"])


@pytest.mark.parametrize("limit", [1, 100])
def test_a_change_that_cannot_be_shown_holds_up_nothing_and_comes_when_it_can(house, limit):
    phone = Phone(house, "koko", limit=limit).sync()
    broken(house, "i1")
    house.store.log("area", "35.71", 2, ["*"])
    told = phone.sync().told
    assert told == 5
    assert phone.sync().told == told

    house.put(later(an_institution("i1")))
    assert phone.sync().held[("institution", "i1")]["id"] == "i1"
    assert phone.told == told + 1
    assert len(decode_opaque(phone.cursor)) == 7


def test_a_change_that_moved_up_meanwhile_is_told_once(house):
    phone = Phone(house, "koko").sync()
    broken(house, "i1")
    told = phone.sync().told

    house.put(later(an_institution("i1")))
    house.store.log("institution", "i1", 2, ["*"])
    assert phone.sync().told == told + 1
    assert phone.sync().told == told + 1


def test_what_json_cannot_hold_is_left_out_too(house):
    phone = Phone(house, "koko").sync()
    house.store.views["members"]["ayu"]["member"]["name"] = object()
    house.store.log("member", "ayu", 2, ["member:ayu", "area:35.71", "officers", "active"])
    house.store.log("area", "35.71", 2, ["*"])

    assert phone.sync().told == 5


def test_too_much_that_cannot_be_shown_is_an_outage(house):
    phone = Phone(house, "koko").sync()
    broken(house, *"abcdef")
    answer = house.get(f"/v1/sync?cursor={phone.cursor}", by="koko")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


def test_everybody_may_sync_what_is_public(house):
    assert set(Phone(house, None).sync().held) == {("area", "35.71"), ("area", "35.06")}


def test_a_change_comes_once_with_its_newest_state(house):
    phone = Phone(house, "koko").sync()
    house.put(later(consenting("ayu"), name="Ayu L"))
    house.store.log("member", "ayu", 2, ["member:ayu", "area:35.71", "officers", "active"])

    assert phone.sync().held["member", "ayu"]["name"] == "Ayu L"
    assert phone.told == 5


def test_others_get_the_entry_and_lose_it_with_the_consent(house):
    phone = Phone(house, "budi").sync()
    assert "email" not in phone.held["member", "ayu"]

    house.put(later(consenting("ayu"), consents=()))
    house.store.log("member", "ayu", 2, ["member:ayu", "area:35.71", "officers"])
    assert phone.sync().people() == {"budi"}


def test_a_fresh_phone_is_told_of_no_one_it_may_not_know(house):
    house.put(later(consenting("ayu"), area="35.06"))
    house.store.log("member", "ayu", 2, ["member:ayu", "area:35.06", "officers"])
    phone = Phone(house, "koko").sync()

    assert phone.people() == {"koko"}
    assert phone.told == 3


def test_who_loses_an_area_loses_its_people(house):
    phone = Phone(house, "koko").sync()
    house.put(later(an_appointment("koko", "area_coordinator", area="35.71"), state="ended"))
    house.front.viewers.forget()
    house.put(later(a_member("koko"), area="35.71"))

    phone.sync()
    assert phone.people() == {"koko", "ayu"}
    assert "email" not in phone.held["member", "ayu"]


def test_who_loses_an_area_also_loses_what_changed_since_and_is_not_listed(house):
    phone = Phone(house, "koko", limit=1).sync()
    house.put(later(consenting("ayu"), consents=()))
    house.store.log("member", "ayu", 2, ["member:ayu", "area:35.71", "officers"])
    house.put(later(an_appointment("koko", "area_coordinator", area="35.71"), state="ended"))
    house.front.viewers.forget()

    assert phone.sync().people() == {"koko"}


def test_who_gains_an_area_gets_its_people(house):
    phone = Phone(house, "budi").sync()
    house.put(an_appointment("budi", "area_coordinator", area="35.71"))
    house.front.viewers.forget()

    assert phone.sync().people() == {"ayu", "budi", "koko"}
    assert phone.held["member", "ayu"]["email"]


def test_a_scope_that_changes_again_midway_is_gone_through_whole(house):
    phone = Phone(house, "officer", limit=1).sync()
    assert phone.people() == {"ayu", "budi", "koko"}
    house.put(later(an_appointment("officer", "coordinator"), state="ended"))
    house.front.viewers.forget()
    told = house.get(f"/v1/sync?limit=1&cursor={phone.cursor}", by="officer").json
    phone.take(told)
    house.put(an_appointment("officer", "area_coordinator", area="35.06"))
    house.front.viewers.forget()

    assert phone.sync().people() == {"ayu", "budi"}
    assert "email" not in phone.held["member", "ayu"]


def test_signing_out_takes_away_what_was_private(house):
    phone = Phone(house, "koko").sync()
    phone.who = None

    assert phone.sync().people() == set()


def test_another_epoch_means_starting_over(house):
    phone = Phone(house, "koko").sync()
    house.store.views["meta"]["log"]["epoch"] = "e2"

    assert phone.sync().resets == 1
    assert phone.people() == {"ayu", "koko"}


def test_before_the_projector_ever_ran_there_is_nothing(house):
    house.store.views["meta"].clear()
    house.store.views["changes"].clear()

    assert Phone(house, "koko").sync().held == {}


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "W10", encode_opaque([1, 2, 3, 4, 5, 6, 7])])
def test_a_cursor_that_is_not_ours_is_refused(house, cursor):
    answer = house.get(f"/v1/sync?cursor={cursor}")

    assert (answer.status_code, answer.json["code"]) == (400, "request.cursor")


def test_a_cursor_that_was_changed_is_refused(house):
    phone = Phone(house, "budi").sync()
    told = decode_opaque(phone.cursor)
    told[2] = ["*", "officers"]

    assert house.get(f"/v1/sync?cursor={encode_opaque(told)}", by="budi").status_code == 400


def test_while_a_document_is_missing_nothing_is_taken_away_and_nobody_waits(house):
    phone = Phone(house, "koko").sync()
    kept = house.store.views["members"].pop("ayu")
    house.store.log("member", "ayu", 2, ["member:ayu", "area:35.71", "officers"])
    house.store.log("area", "35.71", 2, ["*"])
    told = phone.sync().told
    assert (told, "ayu" in phone.people()) == (5, True)

    house.store.views["members"]["ayu"] = kept
    assert phone.sync().told == told + 1


def test_a_row_shown_to_nobody_is_a_tombstone():
    row = {"_id": "member:x", "kind": "member", "id": "x", "version": 1, "now": []}

    assert feed.change(row, None)["resource"] is None


# -- the outbox -------------------------------------------------------------------------------


def sent(house, *items, by="koko"):
    answer = house.send("POST", "/v1/sync/commands", by, json={"commands": list(items)})
    assert answer.status_code == 200, answer.text
    return answer.json["results"]


def item(key="k1", method="PATCH", path="/v1/institutions/i1", body=None, **more):
    return {"key": key, "method": method, "path": path, "body": body or {}, **more}


@pytest.fixture
def writing(house):
    house.backend.replies[commands.ChangeInstitution.verb] = answered(an_institution())
    house.backend.replies[commands.CreateArea.verb] = Outage("away")
    return house


def test_commands_are_carried_out_in_order_and_answered_each(writing):
    results = sent(
        writing,
        item("a"),
        item("b", body={"name": 7}),
        item("c", "POST", "/v1/areas", {"id": "x", "name": "X", "codes": ["35.71"]}),
        item("d"),
    )

    assert [(r["key"], r["status"]) for r in results] == [
        ("a", 200),
        ("b", 422),
        ("c", 503),
        ("d", 200),
    ]
    assert results[1]["body"]["errors"][0]["pointer"] == "/name"
    assert [question.key for question in writing.backend.asked] == ["a", "c", "d"]


def test_what_may_be_sent_again_says_when(writing):
    area = item("a", "POST", "/v1/areas", {"id": "x", "name": "X", "codes": ["35.71"]})
    away, fine, wrong = sent(writing, area, item("b"), item("c", body={"name": 7}))
    alone = writing.send("POST", "/v1/areas", "koko", json=area["body"])

    assert (away["status"], away["retry_after_seconds"]) == (503, int(alone.headers["retry-after"]))
    assert "retry_after_seconds" not in fine
    assert "retry_after_seconds" not in wrong


def test_a_key_means_the_same_alone_and_in_an_outbox(writing):
    sent(writing, item("a", body={"name": "N"}))
    writing.send("PATCH", "/v1/institutions/i1", "koko", json={"name": "N"}, Idempotency_Key="a")
    alone, inside = writing.backend.asked

    assert alone.fingerprint == inside.fingerprint


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"key": None}, 400),
        ({"key": "ä"}, 400),
        ({"method": "GET"}, 405),
        ({"path": "/v1/institutions/i1?x=1"}, 404),
        ({"path": "/nowhere"}, 404),
        ({"path": "/v1/auth/token", "method": "POST"}, 405),
        ({"path": "/v1/institutions/imports", "method": "POST"}, 405),
        ({"path": "/v1/operations/parked/x/drop", "method": "POST"}, 405),
        ({"if_match": -1}, 400),
        ({"if_match": 2**64}, 400),
        ({"if_match": "x"}, 400),
    ],
)
def test_a_wrong_item_is_its_own_problem(writing, wrong, status):
    results = sent(writing, {**item(), **wrong}, item("b"))

    assert [r["status"] for r in results] == [status, 200]


@pytest.mark.parametrize("match", [3, "3", '"3"'])
def test_a_version_may_be_a_number_or_an_etag(writing, match):
    sent(writing, item(if_match=match))

    assert writing.backend.asked[0].if_match == 3


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"commands": [{}]},
        {"commands": [item()] * 51},
        {"commands": [{**item(), "role": "x"}]},
        {"commands": [item(if_match={})]},
        {"commands": {}},
    ],
)
def test_an_outbox_that_is_none_is_refused_whole(writing, body):
    assert writing.send("POST", "/v1/sync/commands", "koko", json=body).status_code == 422


def test_an_outbox_needs_somebody(writing):
    assert writing.send("POST", "/v1/sync/commands", json={"commands": []}).status_code == 401
    assert an_area().id == "35.71"


# -- read your writes -----------------------------------------------------------------------------


@pytest.fixture
def approving(house):
    """Koko approves Budi; the log does not know of it yet."""
    changed = later(a_member("budi", area="35.71"))
    house.backend.replies[commands.ApproveMember.verb] = answered(changed)
    return house.send("POST", "/v1/members/budi/approve", "koko")


def test_a_sync_waits_until_the_log_has_what_its_caller_was_answered(house, approving, monkeypatch):
    assert approving.status_code == 200
    waits = []

    async def meanwhile(seconds):
        waits.append(seconds)
        if len(waits) == 3:
            house.store.log("member", "budi", 2, ["member:budi", "area:35.71", "officers"])

    monkeypatch.setattr(feed, "paused", meanwhile)
    phone = Phone(house, "koko", limit=100).sync()

    assert phone.held["member", "budi"]["version"] == 2
    assert len(waits) == 3
    assert sorted(waits) == waits
    phone.sync()
    assert len(waits) == 3


def test_a_sync_does_not_wait_for_what_others_were_answered(house, approving, monkeypatch):
    monkeypatch.setattr(feed, "paused", None)

    assert Phone(house, "budi").sync().told


def test_a_sync_waits_for_a_bounded_time_only(house, approving, monkeypatch):
    monkeypatch.setattr(feed, "PATIENCE_SECONDS", 0.02)

    assert Phone(house, "koko").sync().people() == {"ayu", "koko"}


def test_of_very_many_changes_the_last_are_promised():
    states = [("area", an_area(f"a{number}")) for number in range(200)]
    states.append(("signing_key", an_area("k")))

    assert list(promised(states)) == [f"area:a{number}" for number in range(150, 200)]
