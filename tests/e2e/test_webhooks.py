"""Providers talk back: a bot is started with a code, a message did not arrive."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.gatherings import announced, register
from tests.support.client import Body, Community, Person, consent, problem, told
from tests.support.infrastructure import until
from tests.support.providers import Providers

TELEGRAM, WHATSAPP = "/v1/webhooks/telegram", "/v1/webhooks/whatsapp"
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "from the bot"}
WISHES: Body = {"language": "id", "categories": {}, "quiet_hours": None, "digest": "none"}


def updates() -> Iterator[int]:
    """Numbers of updates, each once."""
    yield from range(10_000, 20_000)


NUMBERS = updates()


def started(code: str, chat: int, number: int | None = None) -> Body:
    """What Telegram sends when somebody taps the link; most of it is nothing to us."""
    who = {"id": chat, "is_bot": False, "first_name": "Ayu"}
    return {
        "update_id": number or next(NUMBERS),
        "message": {
            "message_id": 1,
            "from": who,
            "chat": {"id": chat, "type": "private", "first_name": "Ayu"},
            "date": 1795000000,
            "text": f"/start {code}",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        },
    }


def signed(visitor: Person, notice: Body, secret: str = "of the app") -> Any:
    """A notice as Meta sends it."""
    body = json.dumps(notice).encode()
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={mac}"}
    return visitor.client.post(WHATSAPP, content=body, headers=headers)


def connected(person: Person) -> list[str]:
    """The channels that reach him."""
    told_of = told(person.get("/v1/notification-preferences"), 200)
    return list(told_of["connected"])


def test_tapping_the_link_of_the_bot_connects_telegram_and_notices_come_there(
    community: Community, kota: Person, visitor: Person, outside: Providers
) -> None:
    ayu, chat = community.member(), 77_001
    consent(ayu, "telegram")
    link = ayu.do("PUT", "/v1/notification-channels/telegram", {})["link"]
    code = parse_qs(urlsplit(link).query)["start"][0]
    wrong = {**SECRET, "X-Telegram-Bot-Api-Secret-Token": "guessed"}
    problem(visitor.client.post(TELEGRAM, json=started(code, 13), headers=wrong), 403)
    problem(visitor.client.post(TELEGRAM, json=started(code, 13)), 403)
    assert connected(ayu) == []
    update = started(code, chat)
    for _ in range(3):
        assert told(visitor.client.post(TELEGRAM, json=update, headers=SECRET), 200)
    assert connected(ayu) == ["telegram"]
    for stale in (started(code, 13), started("tebakan", 13)):
        assert told(visitor.client.post(TELEGRAM, json=stale, headers=SECRET), 200)
    event = announced(kota)
    register(ayu, event)
    sent = until(
        lambda: [
            r.json
            for r in outside.to("/bot")
            if r.json["chat_id"] == str(chat) and event["title"] in r.json["text"]
        ]
    )
    assert not [r for r in outside.to("/bot") if r.json["chat_id"] == "13"]
    assert len({body["text"] for body in sent}) == len(sent), "each notice once"


def test_what_whatsapp_could_not_deliver_goes_by_mail(
    community: Community, kota: Person, visitor: Person, outside: Providers
) -> None:
    ayu = community.member()
    consent(ayu, "whatsapp")
    ayu.do("PUT", "/v1/notification-channels/whatsapp", {"address": "0812 3456 7890"})
    channels = {**WISHES, "channels": ["whatsapp", "email"]}
    ayu.do("PUT", "/v1/notification-preferences", channels)
    event = announced(kota)
    register(ayu, event)

    def rows() -> dict[str, Body]:
        found = ayu.all("/v1/deliveries", kind="registration_confirmed")
        return {one["channel"]: one for one in found}

    until(lambda: rows().get("whatsapp", {}).get("state") == "sent")
    assert rows().keys() == {"whatsapp"}
    error = {"code": 131026, "title": "Message undeliverable"}
    failed = [
        {"id": f"wamid.{number}", "status": "failed", "recipient_id": "62", "errors": [error]}
        for number in range(1, len(outside.received) + 2)
    ]
    notice = {"entry": [{"id": "0", "changes": [{"value": {"statuses": failed}}]}]}
    problem(signed(visitor, notice, "of somebody else"), 403)
    assert rows()["whatsapp"]["state"] == "sent"
    for _ in range(3):
        assert told(signed(visitor, notice), 200) == {"accepted": True}
    until(lambda: rows().get("email", {}).get("state") == "sent")
    assert rows()["whatsapp"]["state"] == "failed"
    assert "131026" in rows()["whatsapp"]["reason"]
    assert len(ayu.all("/v1/deliveries", kind="registration_confirmed")) == 2, "said three times"


def test_meta_makes_sure_that_the_webhook_is_ours(visitor: Person) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    answer = visitor.get(WHATSAPP, **query, **{"hub.verify_token": "of both sides"})
    assert (answer.status_code, answer.text) == (200, "1158201444")
    problem(visitor.get(WHATSAPP, **query, **{"hub.verify_token": "guessed"}), 403)
    problem(visitor.get(WHATSAPP, **query), 400)


@pytest.mark.parametrize("where", [TELEGRAM, WHATSAPP])
def test_five_megabytes_and_nonsense_are_refused(visitor: Person, where: str) -> None:
    body = b'{"update_id": 1, "x": "' + b"y" * 5_000_000 + b'"}'
    headers = {**SECRET, "Content-Type": "application/json"}
    problem(visitor.client.post(where, content=body, headers=headers), 413)
    deep = b"[" * 100_000
    mac = hmac.new(b"of the app", deep, hashlib.sha256).hexdigest()
    headers["X-Hub-Signature-256"] = f"sha256={mac}"
    problem(visitor.client.post(where, content=deep, headers=headers), 400)


def test_addresses_that_fit_no_channel_are_refused(community: Community) -> None:
    ayu = community.member()
    for channel, address in (
        ("whatsapp", "bukan nomor"),
        ("web_push", "{}"),
        ("webhook", "ftp://contoh.id"),
        ("email", "ayu@uji.example"),
    ):
        body = {"address": address, "secret": "x" * 20}
        refused = ayu.command("PUT", f"/v1/notification-channels/{channel}", body)
        problem(refused, 422, "notifications.channel_invalid")
    for unknown in ("inbox", "pigeon", "$ne"):
        answer = ayu.command("PUT", f"/v1/notification-channels/{unknown}", {"address": "x"})
        problem(answer, 404)
    assert re.match(
        r"https://t\.me/", ayu.do("PUT", "/v1/notification-channels/telegram", {})["link"]
    )
    assert connected(ayu) == []
