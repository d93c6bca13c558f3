"""Other regions as the gateway shows them: peers, their events, one's place there."""

from dataclasses import replace

import pytest

from chassis import clock
from contracts.codec import decode
from contracts.events import commands, refusals, states
from contracts.federation import states as federation
from contracts.publish.released import sample
from gateway.problems import Problem
from gateway.projector import rebuilding
from gateway.views import fold_state, log
from tests.support.gateway import answered, peopled
from tests.support.stated import BASE, a_registration, an_event, later, seats_of

KEY = federation.Key(kid="k1", x="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
ABROAD = {"region": "semarang", "home": "Semarang", "scope": "network", "created_by": None}


def a_peer(id="semarang", state="active", **more):
    return federation.Peer(**{**BASE, "id": id}, name=id.title(), key=KEY, state=state, **more)


def an_identity():
    return federation.Identity(**{**BASE, "id": "kediri-raya"}, name="Kediri Raya", key=KEY)


def theirs(id="jauh", **more):
    return an_event(id, **{**ABROAD, "title": "Di Semarang", **more})


def hidden(**more):
    given = {"peer": "semarang", "title": "Di Semarang", "starts_at": "2026-12-10T02:00:00.000Z"}
    return federation.HiddenItem(**{**BASE, "id": "jauh"}, **given, **{"hidden": True, **more})


def away(**more):
    state = decode(
        states.AwayRegistration,
        sample("events.away_registration_asked.v1")["data"]["away_registration"],
    )
    given = {"id": "w1", "event_id": "jauh", "member_id": "ayu", "version": 1}
    return replace(state, **{**given, **more})


@pytest.fixture
def house():
    house = peopled()
    house.put(an_identity(), a_peer(), a_peer("surabaya", "blocked"))
    house.put(an_event(), seats_of(), theirs(), seats_of("jauh"))
    return house


def test_the_identity_is_everybodys_once_there_is_one(house):
    told = house.get("/v1/federation/identity")
    assert told.json == {
        "region": "kediri-raya",
        "name": "Kediri Raya",
        "key": {"kid": "k1", "x": KEY.x, "kty": "OKP", "crv": "Ed25519"},
    }
    assert peopled().get("/v1/federation/identity").status_code == 404


def test_the_region_names_those_that_hear_it(house):
    assert house.get("/v1/region").json["peers"] == [{"id": "semarang", "name": "Semarang"}]


@pytest.mark.parametrize("path", ["peers", "hidden", "erasures"])
def test_officers_and_the_operator_look_at_the_border_and_nobody_else(house, path):
    seen = {
        by: house.get(f"/v1/federation/{path}", by=by).status_code
        for by in (None, "ayu", "koko", "officer", "oper")
    }
    assert seen == {None: 401, "ayu": 403, "koko": 403, "officer": 200, "oper": 200}


def test_peers_are_listed_by_their_state_and_without_ourselves(house):
    def ids(query=""):
        items = house.get(f"/v1/federation/peers{query}", by="officer").json["items"]
        return [one["id"] for one in items]

    assert ids() == ["semarang", "surabaya"]
    assert ids("?state=blocked") == ["surabaya"]
    one = house.get("/v1/federation/peers/semarang", by="oper")
    assert (one.json["state"], one.headers["ETag"]) == ("active", '"1"')
    assert house.get("/v1/federation/peers/semarang", by="ayu").status_code == 404
    assert house.get("/v1/federation/peers/kediri-raya", by="officer").status_code == 404


def test_an_event_of_another_region_is_for_members_or_for_everybody(house):
    assert house.get("/v1/events/jauh").status_code == 404
    assert house.get("/v1/events/jauh", by="pandu").status_code == 404
    told = house.get("/v1/events/jauh", by="ayu").json
    assert (told["region"], told["home"], told["seats_left"]) == ("semarang", "Semarang", 2)
    house.put(theirs("umum", scope="public"), theirs("anggota", scope="public", audience="members"))
    assert house.get("/v1/events/umum").status_code == 200
    assert house.get("/v1/events/anggota").status_code == 404


def test_a_calendar_is_narrowed_to_a_region(house):
    def titles(query):
        return [one["title"] for one in house.get(f"/v1/events?{query}", by="ayu").json["items"]]

    assert titles("region=semarang") == ["Di Semarang"]
    assert titles("region=kediri-raya") == ["Lokakarya barcode"]
    assert len(titles("")) == 2


def test_what_is_hidden_is_shown_to_nobody_and_listed_for_officers(house):
    house.put(hidden())

    assert house.get("/v1/events/jauh", by="officer").status_code == 404
    assert house.get("/v1/events?region=semarang", by="ayu").json["items"] == []
    (item,) = house.get("/v1/federation/hidden", by="officer").json["items"]
    assert (item["id"], item["peer"]) == ("jauh", "semarang")
    house.put(later(hidden(), hidden=False))
    assert house.get("/v1/events/jauh", by="ayu").status_code == 200
    assert house.get("/v1/federation/hidden", by="officer").json["items"] == []


def test_what_is_withdrawn_leaves_nothing(house):
    gone = federation.Withdrawal(**{**BASE, "id": "jauh", "version": 2}, event_id="jauh")

    house.put(gone)

    document = house.store.views["calendar"]["jauh"]
    assert "Semarang" not in repr(document)
    assert house.get("/v1/events/jauh", by="officer").status_code == 404
    house.put(theirs(version=3))
    assert house.get("/v1/events/jauh", by="ayu").status_code == 200


def test_an_item_of_another_region_is_hidden_by_a_command(house):
    house.backend.replies["federation.hide_item"] = answered(hidden(reason="Tidak pantas"))

    done = house.send(
        "POST", "/v1/federation/items/jauh/hide", by="officer", json={"reason": "Tidak pantas"}
    )

    assert done.json["hidden"] is True
    assert house.backend.asked[-1].command.item_id == "jauh"
    assert house.get("/v1/events/jauh", by="ayu").status_code == 404


def test_an_erasure_without_a_receipt_is_silent_after_three_days(house):
    def erasure(id, hours, **more):
        at = clock.later(clock.now(), -hours * 3600)
        given = {"peer": "semarang", "event_id": "jauh", "state": "asked", "asked_at": at}
        return federation.Erasure(**{**BASE, "id": id}, **{**given, **more})

    house.put(erasure("lama", 73), erasure("baru", 71), erasure("sudah", 80, state="confirmed"))

    items = house.get("/v1/federation/erasures", by="officer").json["items"]
    assert {one["id"]: one["silent"] for one in items} == {
        "lama": True,
        "baru": False,
        "sudah": False,
    }


UNKNOWN = Problem(refusals.EVENT_UNKNOWN)


def test_who_registers_for_another_regions_event_asks_our_own_service_again(house):
    house.backend.replies[commands.Register.verb] = UNKNOWN
    house.backend.replies[commands.RegisterAbroad.verb] = answered(away())

    done = house.send("POST", "/v1/events/jauh/registrations", by="ayu", json={"answers": {"q": 1}})

    assert done.status_code == 201
    assert (done.json["state"], done.json["event_region"]) == ("asked", "semarang")
    assert done.headers["Location"] == "/v1/events/jauh/registrations/w1"
    asked = [question.command.verb for question in house.backend.asked]
    assert asked == ["events.register", "events.register_abroad"]
    assert house.get("/v1/events/jauh/registrations/w1", by="ayu").json["name"] == "Siti Aminah"
    assert house.get("/v1/events/jauh/registrations/w1", by="budi").status_code == 404


def test_a_place_abroad_is_told_as_its_owner_told_it_while_the_views_are_away(house):
    def asked_for(_):
        house.store.away = True
        return answered(away())

    house.backend.replies[commands.Register.verb] = UNKNOWN
    house.backend.replies[commands.RegisterAbroad.verb] = asked_for

    done = house.send("POST", "/v1/events/jauh/registrations", by="ayu", json={})
    house.store.away = False
    house.put(away())

    assert (done.status_code, done.headers["ETag"]) == (201, '"1"')
    assert done.json == house.get("/v1/events/jauh/registrations/w1", by="ayu").json


def test_an_event_that_nobody_knows_is_not_asked_for_abroad(house):
    house.backend.replies[commands.Register.verb] = UNKNOWN
    house.put(hidden())

    for event in ("tidak", "jauh", "e1"):
        path = f"/v1/events/{event}/registrations"
        assert house.send("POST", path, by="ayu", json={}).json["code"] == "events.event_unknown"
    assert len(house.backend.asked) == 3
    house.backend.replies[commands.Register.verb] = Problem(refusals.FULL)
    full = house.send("POST", "/v1/events/e1/registrations", by="ayu", json={})
    assert full.json["code"] == "events.full"


def test_it_is_changed_and_given_back_on_the_same_path(house):
    house.put(away())
    path = "/v1/events/jauh/registrations/w1"
    for here, there, state in (
        (commands.ChangeRegistration, commands.ChangeAwayRegistration, away(version=2)),
        (
            commands.CancelRegistration,
            commands.CancelAwayRegistration,
            away(version=3, state="cancelled"),
        ),
    ):
        house.backend.replies[here.verb] = UNKNOWN
        house.backend.replies[there.verb] = answered(state)

    assert house.send("PATCH", path, by="ayu", json={"reconfirm": True}).status_code == 200
    assert house.send("DELETE", path, by="ayu").json["state"] == "cancelled"


def test_everybody_sees_his_own_place_there_and_officers_all_of_the_region(house):
    house.put(away(), away(id="w2", member_id="budi", name="Budi"), a_registration("r1"))

    def names(by):
        found = house.get("/v1/events/jauh/registrations", by=by)
        return found.status_code, sorted(one["name"] for one in found.json.get("items", ()))

    assert names("ayu") == (200, ["Siti Aminah"])
    assert names("officer") == (200, ["Budi", "Siti Aminah"])
    assert house.get("/v1/events/e1/registrations", by="ayu").status_code == 403


def test_it_stands_in_the_agenda_even_when_the_event_is_shared_no_more(house):
    house.put(away())
    (line,) = house.get("/v1/me/agenda", by="ayu").json["items"]
    assert (line["title"], line["event_state"]) == ("Di Semarang", "published")

    house.put(federation.Withdrawal(**{**BASE, "id": "jauh", "version": 2}, event_id="jauh"))
    house.put(away(id="w2", occasion=replace(away().occasion, place=None)))
    lines = house.get("/v1/me/agenda", by="ayu").json["items"]

    assert [line["title"] for line in lines] == ["Lokakarya barcode"] * 2
    assert {line["venue"] and line["venue"]["name"] for line in lines} == {
        None,
        "Perpustakaan Kota Semarang, Jl. Pemuda 1",
    }


def test_the_log_tells_of_an_event_when_its_withdrawal_or_hiding_is_heard():
    assert log.touched({("hidden_item", "jauh"), ("withdrawal", "x")}) >= {
        ("event", "jauh"),
        ("event", "x"),
    }
    views = {change.view for change in fold_state("hidden_item", hidden())}
    assert views == {"calendar", "hidden", *views}


def test_a_view_of_other_regions_is_said_again_by_who_let_them_in():
    assert rebuilding.speakers_of("event") == {"events", "federation"}
    assert rebuilding.speakers_of("member") == {"members"}
