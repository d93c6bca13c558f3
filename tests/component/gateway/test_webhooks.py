"""What providers tell us is heard from them alone, and whatever else they say is ignored."""

import hashlib
import hmac
import json

import pytest

from contracts.notifications import refusals
from contracts.notifications.commands import HearTelegram, HearWhatsApp
from gateway.problems import Problem
from gateway.question import Reply
from tests.support.gateway import House, peopled

TELEGRAM, WHATSAPP = "/v1/webhooks/telegram", "/v1/webhooks/whatsapp"
SECRETS = {
    "telegram_secret": "from the bot",
    "whatsapp_app_secret": "of the app",
    "whatsapp_verify_token": "ours",
}
CHAT = {"id": 4711, "type": "private"}
START = {"update_id": 7, "message": {"text": "/start kode", "chat": CHAT, "photo": [{"x": 1}]}}


@pytest.fixture
def house():
    house = peopled(**SECRETS)
    house.backend.replies = {
        HearTelegram.verb: Reply(result={"connected": True}),
        HearWhatsApp.verb: Reply(result={"failed": 1}),
    }
    return house


def telegram(house, update, secret="from the bot"):
    headers = {"X_Telegram_Bot_Api_Secret_Token": secret} if secret else {}
    return house.send("POST", TELEGRAM, json=update, **headers)


def signed(body, secret="of the app"):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def whatsapp(house, notice, signature=None):
    body = notice if isinstance(notice, bytes) else json.dumps(notice).encode()
    headers = {"X_Hub_Signature_256": signature or signed(body)}
    return house.send("POST", WHATSAPP, body=body, **headers)


def about(*statuses):
    return {"object": "x", "entry": [{"changes": [{"value": {"statuses": list(statuses)}}]}]}


def asked(house):
    return [question.command for question in house.backend.asked]


def test_a_started_bot_is_heard_with_its_code(house):
    answer = telegram(house, START)

    assert (answer.status_code, answer.json) == (200, {"accepted": True})
    assert asked(house) == [
        HearTelegram(secret="from the bot", update_id=7, chat_id="4711", text="/start kode")
    ]


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 8},
        {"update_id": 8, "message": None},
        {"update_id": 8, "message": {"chat": CHAT}},
        {"update_id": 8, "message": {"chat": {"id": -100, "type": "group"}, "text": "/start x"}},
        {"update_id": 8, "message": {"chat": {"id": "x", "type": "private"}, "text": "/start x"}},
        {"update_id": 8, "message": {"chat": {**CHAT, "id": 10**40}, "text": "/start x"}},
        {"update_id": 8, "edited_message": {"chat": CHAT, "text": "/start x"}},
    ],
)
def test_other_updates_are_answered_and_say_nothing(house, update):
    assert telegram(house, update).status_code == 200
    assert asked(house) == []


@pytest.mark.parametrize("number", [None, "7", -1, True, 10**20])
def test_an_update_has_a_number(house, number):
    assert telegram(house, {**START, "update_id": number}).status_code == 400


@pytest.mark.parametrize("secret", ["", "guessed", "from the bot."])
def test_nobody_else_is_the_bot(house, secret):
    assert telegram(house, START, secret).status_code == 403
    assert asked(house) == []


def test_a_code_that_lapsed_is_not_sent_again_and_an_outage_is(house):
    house.backend.replies[HearTelegram.verb] = Problem(refusals.LINK_INVALID)
    assert telegram(house, START).status_code == 200
    house.backend.replies[HearTelegram.verb] = Problem(refusals.THROTTLED)
    assert telegram(house, START).status_code == 429


def test_what_became_of_messages_is_heard_one_by_one(house):
    error = {"code": 131026, "title": "Undeliverable", "error_data": {"details": "x"}}
    failed = {"id": "wamid.1", "status": "failed", "errors": [error], "recipient_id": "62812"}
    notice = about(failed, {"id": "wamid.2", "status": "read"}, {"id": 3, "status": "read"}, "?")

    assert whatsapp(house, notice).json == {"accepted": True}
    assert asked(house) == [
        HearWhatsApp(message_id="wamid.1", status="failed", detail="131026 Undeliverable"),
        HearWhatsApp(message_id="wamid.2", status="read"),
    ]


@pytest.mark.parametrize("notice", [{}, {"entry": 7}, {"entry": [{"changes": [{"value": None}]}]}])
def test_a_notice_about_something_else_says_nothing(house, notice):
    assert whatsapp(house, notice).status_code == 200
    assert asked(house) == []


def test_a_notice_is_signed_as_it_came(house):
    body = json.dumps(about({"id": "wamid.1", "status": "failed"})).encode()

    assert whatsapp(house, body, signed(body + b" ")).status_code == 403
    assert whatsapp(house, body, signed(body, "other")).status_code == 403
    assert house.send("POST", WHATSAPP, body=body).status_code == 403
    assert whatsapp(house, b"{", signed(b"{")).status_code == 400
    assert asked(house) == []


def test_five_megabytes_are_refused(house):
    assert telegram(house, {**START, "x": "y" * 5_000_000}).status_code == 413
    assert whatsapp(house, b"x" * 5_000_000).status_code == 413
    assert asked(house) == []


def test_the_challenge_goes_back_to_who_knows_the_token(house):
    query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="

    answer = house.get(f"{WHATSAPP}?{query}ours")
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert house.get(f"{WHATSAPP}?{query}theirs").status_code == 403
    assert house.get(f"{WHATSAPP}?{query}ours&hub.challenge=<script>").status_code == 400


def test_where_a_channel_is_not_set_up_there_is_nothing():
    house = House()

    assert telegram(house, START).status_code == 404
    assert whatsapp(house, {}).status_code == 404
    query = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=x"
    assert house.get(f"{WHATSAPP}?{query}").status_code == 404


def test_a_phone_s_outbox_is_no_provider(house):
    command = {"key": "k", "method": "POST", "path": TELEGRAM, "body": START}
    sent = house.send("POST", "/v1/sync/commands", "ayu", json={"commands": [command]})

    assert sent.json["results"][0]["status"] == 405
    assert asked(house) == []
