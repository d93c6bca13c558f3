"""What members are told, as the gateway shows it: one's own inbox, the ledger, wishes."""

from dataclasses import replace

import pytest

from contracts.codec import encode
from contracts.notifications import states
from contracts.notifications.commands import (
    ConnectChannel,
    ReadNotice,
    RequeueDelivery,
    SetPreferences,
    Unsubscribe,
)
from gateway.question import Reply
from tests.support.gateway import answered, peopled
from tests.support.stated import BASE, NOW, later


def a_notice(id="n1", member_id="ayu", **more):
    given = {
        "kind": "registration_confirmed",
        "category": "registrations",
        "title": "Anda terdaftar",
        "body": "Sampai jumpa.",
        "language": "id",
        "fact_id": "f1",
    }
    return states.Notice(**{**BASE, "id": id, "member_id": member_id, **given, **more})


def a_delivery(id="d1", member_id="ayu", **more):
    given = {
        "notice_id": "n1",
        "kind": "announcement",
        "channel": "email",
        "state": "sent",
        "fact_id": "f1",
    }
    return states.Delivery(**{**BASE, "id": id, "member_id": member_id, **given, **more})


def preferences_of(member_id="ayu", **more):
    told = states.unsaid(language="id", timezone="Asia/Jakarta", quiet_hours=None)
    return states.Preferences(**{**BASE, "id": member_id, **told, **more})


def an_announcement(id, **more):
    given = {"audience": "role", "title": "Rapat", "body": "Jumat pukul 9."}
    told = {"sent_by": "officer", "recipients": 3, **given, **more}
    return states.Announcement(**{**BASE, "id": id, **told})


@pytest.fixture
def house():
    return peopled()


def test_the_inbox_is_one_s_own_newest_first(house):
    house.put(
        a_notice("n1"),
        a_notice("n2", created_at="2026-11-22T02:00:00.000Z", read_at=NOW),
        a_notice("n3", "budi"),
    )

    def ids(by, query=""):
        return [one["id"] for one in house.get(f"/v1/notifications{query}", by=by).json["items"]]

    assert ids("ayu") == ["n2", "n1"]
    assert ids("ayu", "?read=false") == ["n1"]
    assert ids("ayu", "?category=news") == []
    assert house.get("/v1/notifications/n3", by="ayu").status_code == 404
    assert house.get("/v1/notifications/n3", by="officer").status_code == 404
    assert house.get("/v1/notifications").status_code == 401


def test_a_read_notice_is_shown_as_read(house):
    house.put(a_notice())
    house.backend.replies[ReadNotice.verb] = answered(later(a_notice(), read_at=NOW))

    assert house.send("POST", "/v1/notifications/n1/read", by="ayu").json["read_at"] == NOW
    assert house.get("/v1/notifications/n1", by="ayu").json["read_at"] == NOW


def test_who_never_said_anything_is_shown_what_holds_for_him(house):
    answer = house.get("/v1/notification-preferences", by="ayu")
    told = answer.json

    assert (told["id"], told["version"], answer.headers["etag"]) == ("ayu", 0, '"0"')
    assert told["channels"] == ["email"]
    assert told["quiet_hours"] == {"from": "21:00", "to": "05:00"}
    assert told["timezone"] == "Asia/Jakarta"
    assert told["digest"] == "none"


def test_wishes_are_kept_and_shown(house):
    wanted = {
        "language": "en",
        "channels": ["telegram", "email"],
        "categories": {"news": {"email": False}},
        "quiet_hours": None,
        "digest": "weekly",
    }
    kept = preferences_of(**{**wanted, "channels": ("telegram", "email")})
    house.backend.replies[SetPreferences.verb] = answered(kept)

    answer = house.send("PUT", "/v1/notification-preferences", by="ayu", json=wanted)

    assert answer.status_code == 200, answer.json
    shown = house.get("/v1/notification-preferences", by="ayu").json
    assert {name: shown[name] for name in wanted} == wanted
    assert house.get("/v1/notification-preferences", by="budi").json["language"] == "id"


def test_the_regions_quiet_hours_are_those_of_who_never_said(house):
    for said, shown in (("22:00-04:30", {"from": "22:00", "to": "04:30"}), ("off", None)):
        house.front.settings = replace(house.front.settings, quiet_hours=said)
        told = house.get("/v1/notification-preferences", by="ayu").json
        assert told["quiet_hours"] == shown


def test_wishes_never_said_are_changed_by_their_etag(house):
    house.backend.replies[SetPreferences.verb] = answered(preferences_of())
    seen = house.get("/v1/notification-preferences", by="ayu").headers["etag"]
    wanted = {"language": "id", "channels": [], "categories": {}, "quiet_hours": None}

    answer = house.send(
        "PUT",
        "/v1/notification-preferences",
        by="ayu",
        json={**wanted, "digest": "none"},
        If_Match=seen,
    )

    assert answer.status_code == 200, answer.json
    assert house.backend.asked[-1].if_match == 0


def test_wishes_as_they_were_read_can_be_said(house):
    house.put(preferences_of(connected=("telegram",)))
    house.backend.replies[SetPreferences.verb] = answered(later(preferences_of(digest="daily")))
    path = "/v1/notification-preferences"
    shown = house.get(path, by="ayu").json

    answer = house.send("PUT", path, by="ayu", json={**shown, "digest": "daily"})

    assert answer.status_code == 200, answer.json
    assert house.backend.asked[-1].command.digest == "daily"
    assert house.send("PUT", path, by="ayu", json={**shown, "member_id": "ayu"}).status_code == 422


def test_wishes_may_be_said_in_part(house):
    house.backend.replies[SetPreferences.verb] = answered(preferences_of(digest="weekly"))

    answer = house.send("PUT", "/v1/notification-preferences", by="ayu", json={"digest": "weekly"})

    assert answer.status_code == 200, answer.json
    assert encode(house.backend.asked[-1].command) == {"digest": "weekly"}


def test_telegram_is_connected_by_a_link_to_tap(house):
    told = {"link": "https://t.me/bot?start=abc"}
    house.backend.replies[ConnectChannel.verb] = Reply(result=told)

    assert house.send("PUT", "/v1/notification-channels/telegram", by="ayu", json={}).json == told
    assert house.backend.asked[-1].command.channel == "telegram"


def test_a_connected_channel_is_answered_and_shown_with_the_preferences(house):
    kept = preferences_of(channels=("whatsapp", "email"), connected=("whatsapp",))
    facts = answered(kept).facts
    house.backend.replies[ConnectChannel.verb] = Reply(
        result={"preferences": encode(kept)}, facts=facts
    )

    path, body = "/v1/notification-channels/whatsapp", {"address": "0812 3456 7890"}
    told = house.send("PUT", path, by="ayu", json=body).json

    assert told == {"preferences": house.get("/v1/notification-preferences", by="ayu").json}
    assert told["preferences"]["connected"] == ["whatsapp"]


def test_the_document_says_what_connecting_answers(house):
    document = house.get("/openapi.json").json
    operation = document["paths"]["/v1/notification-channels/{channel}"]["put"]
    (content,) = operation["responses"]["200"]["content"].values()

    assert set(content["schema"]["properties"]) == {"link", "preferences"}
    assert content["schema"]["properties"]["preferences"] == {
        "$ref": "#/components/schemas/Preferences"
    }


def test_the_ledger_shows_one_s_own_sends_and_all_to_the_operator(house):
    house.put(
        a_delivery("d1", "ayu", sender_id="koko"),
        a_delivery("d2", "budi", sender_id="officer", state="unknown"),
    )

    def ids(by, query=""):
        return {one["id"] for one in house.get(f"/v1/deliveries{query}", by=by).json["items"]}

    assert ids("koko") == {"d1"}
    assert ids("oper") == {"d1", "d2"}
    assert ids("oper", "?state=unknown") == {"d2"}
    assert ids("ayu") == {"d1"}
    assert ids("pandu") == set()


def test_an_unknown_delivery_is_sent_again_by_a_person(house):
    house.backend.replies[RequeueDelivery.verb] = answered(a_delivery(state="queued"))

    told = house.send("POST", "/v1/deliveries/d1/requeue", by="koko", json={"confirm": True})

    assert told.json["state"] == "queued"
    assert house.backend.asked[-1].command.confirm is True


def test_one_tap_stops_messages_without_signing_in(house):
    house.backend.replies[Unsubscribe.verb] = Reply(result={"accepted": True})

    tapped = house.send(
        "POST",
        "/v1/unsubscribe?token=abc.def",
        body=b"List-Unsubscribe=One-Click",
        Content_Type="application/x-www-form-urlencoded",
    )

    assert (tapped.status_code, tapped.json) == (200, {"accepted": True})
    assert house.backend.asked[-1].command.token == "abc.def"


def test_looking_at_the_page_stops_nothing_and_its_button_does(house):
    house.backend.replies[Unsubscribe.verb] = Reply(result={"accepted": True})

    page = house.get("/v1/unsubscribe?token=abc.def", Accept="text/html")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Berhenti" in page.text
    assert house.backend.asked == []

    done = house.send(
        "POST", "/v1/unsubscribe?token=abc.def", Accept="text/html", Accept_Language="en"
    )
    assert "These messages are stopped" in done.text


def test_a_token_cannot_write_into_the_page(house):
    assert house.get('/v1/unsubscribe?token="><script>', Accept="text/html").status_code == 400


def test_what_was_announced_everywhere_is_not_listed_for_one_area(house):
    house.put(an_announcement("a1", role="mentor"), an_announcement("a2", area="35.71"))

    def ids(by):
        return {one["id"] for one in house.get("/v1/announcements", by=by).json["items"]}

    assert (ids("officer"), ids("koko"), ids("ayu")) == ({"a1", "a2"}, {"a2"}, set())
    assert house.get("/v1/announcements/a1", by="koko").status_code == 404
