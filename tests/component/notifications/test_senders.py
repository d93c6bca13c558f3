"""Senders speak the public protocols, and tell apart what did not go from what may have gone."""

import hmac
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from email.utils import format_datetime

import http_ece
import httpx
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from chassis import clock
from services.notifications.model.outgoing import Parcel
from services.notifications.model.rendering import Letter
from services.notifications.senders import Away, Busy, Doubtful, Refused, Rejected, smtp, web
from services.notifications.senders.telegram import TelegramSender
from services.notifications.senders.web import Web
from services.notifications.senders.web_push import WebPushSender, packed, point
from services.notifications.senders.webhook import WebhookSender, key_of
from services.notifications.senders.whatsapp import WhatsAppSender
from tests.support import providers as stand_ins
from tests.support.providers import PHONE_ID, SLOW, TOKEN

LETTER = Letter(
    subject="Jadwal berubah", text="Halo Ayu,\n\nBaris.\n", html="<p>Halo</p>", language="id"
)
PARCEL = Parcel(
    id="digest:ayu:email:2026-11-22T00:00:00.000Z",
    channel="email",
    address="77",
    secret="0123456789abcdef",
    letter=LETTER,
    written_at="2026-11-21T02:00:00.000Z",
    unsubscribe="https://kediri.example/v1/unsubscribe?token=" + "x" * 200,
    link="https://kediri.example/v1/events/barcode",
    kind="event_rescheduled",
)
VAPID = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def providers():
    with stand_ins.running() as running:
        yield running


@pytest.fixture
def net():
    """A client that waits half a second."""
    net = Web(0.5)
    yield net
    net.client.close()


def sent(sender, parcel=PARCEL):
    with sender.opened() as send:
        return send(parcel)


def test_telegram_gets_plain_text_for_the_chat(providers, net):
    assert sent(TelegramSender(providers.url, TOKEN, net)) == "1"

    (taken,) = providers.to("/bot")
    assert taken.json["chat_id"] == "77" and taken.json["text"] == LETTER.text


def test_whatsapp_gets_a_template_without_line_breaks(providers, net):
    sender = WhatsAppSender(f"{providers.url}/v21.0/{PHONE_ID}", "token", "jejaring_notice", net)

    assert sent(sender) == "wamid.1"

    (taken,) = providers.received
    assert taken.headers["authorization"] == "Bearer token"
    template = taken.json["template"]
    assert (template["name"], template["language"]) == ("jejaring_notice", {"code": "id"})
    texts = [p["text"] for p in template["components"][0]["parameters"]]
    assert texts == ["Jadwal berubah", "Halo Ayu, Baris."]


def test_a_webhook_is_signed_with_the_members_secret(providers, net):
    assert sent(WebhookSender(net), replace(PARCEL, address=f"{providers.url}/hook")) is None

    (taken,) = providers.received
    at = taken.headers["webhook-timestamp"]
    content = f"{PARCEL.id}.{at}.".encode() + taken.body
    mac = hmac.digest(b"0123456789abcdef", content, "sha256")
    version, _, signature = taken.headers["webhook-signature"].partition(",")
    assert (version, b64decode(signature)) == ("v1", mac)
    assert taken.json["data"]["link"] == PARCEL.link


def test_a_secret_of_the_standard_is_read_as_one():
    assert key_of("whsec_aGFsbw==") == b"halo"
    assert key_of("whsec_?") == b"whsec_?"


def test_a_push_can_be_read_by_the_browser_only(providers, net):
    browser = ec.generate_private_key(ec.SECP256R1())
    auth = b"sixteen bytes ok"
    keys = {"p256dh": packed(point(browser.public_key())), "auth": packed(auth)}
    address = orjson.dumps({"endpoint": f"{providers.url}/push/ayu", "keys": keys}).decode()
    secret = packed(VAPID.private_numbers().private_value.to_bytes(32))
    sender = WebPushSender(secret, "mailto:jejaring@kediri.example", net)

    assert sent(sender, replace(PARCEL, address=address)) == f"{providers.url}/message/1"

    (taken,) = providers.received
    assert (taken.headers["content-encoding"], taken.headers["ttl"]) == ("aes128gcm", "86400")
    plain = http_ece.decrypt(taken.body, private_key=browser, auth_secret=auth, version="aes128gcm")
    assert orjson.loads(plain)["title"] == "Jadwal berubah"
    vouched = dict(part.split("=", 1) for part in taken.headers["authorization"][6:].split(","))
    assert vouched["k"] == sender.public_key == packed(point(VAPID.public_key()))
    token = jwt.decode(vouched["t"], ECKey.import_key(VAPID.public_key()), algorithms=["ES256"])
    assert token.claims["aud"] == providers.url
    assert token.claims["sub"] == "mailto:jejaring@kediri.example"


@pytest.mark.parametrize(
    ("planned", "error"),
    [
        (400, Rejected),
        (403, Rejected),
        (410, Rejected),
        (500, Refused),
        (503, Refused),
        (SLOW, Doubtful),
    ],
)
def test_each_answer_has_its_meaning(providers, net, planned, error):
    providers.slow_seconds = 1
    providers.plan.append(planned)

    with pytest.raises(error) as caught:
        sent(TelegramSender(providers.url, TOKEN, net))

    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("path", ["bot", "v21.0"])
def test_a_provider_says_how_long_to_wait(providers, net, path):
    providers.plan.append((429, 7))
    telegram = TelegramSender(providers.url, TOKEN, net)
    whatsapp = WhatsAppSender(f"{providers.url}/v21.0/{PHONE_ID}", "token", "t", net)

    with pytest.raises(Busy) as caught:
        sent(telegram if path == "bot" else whatsapp)

    assert caught.value.retry_after_seconds == 7


def test_telegram_without_a_number_of_its_own_goes_by_the_header(providers, net):
    providers.plan.append(429)

    with pytest.raises(Busy) as caught:
        sent(TelegramSender(providers.url, TOKEN, net))

    assert caught.value.retry_after_seconds == web.FIRST_WAIT_SECONDS


def test_a_wait_may_be_a_date():
    at = clock.moment(clock.later(clock.now(), 90))
    answer = httpx.Response(429, headers={"Retry-After": format_datetime(at, usegmt=True)})

    assert 85 < web.retry_after_seconds(answer) <= 90


def test_nobody_there_is_away(net):
    with pytest.raises(Away):
        sent(TelegramSender("http://127.0.0.1:9", TOKEN, net))


@pytest.mark.parametrize(
    "address",
    ["http://example.org/hook", "https://127.0.0.1/hook", "https://10.0.0.7/", "https://[::1]/"],
)
def test_strangers_addresses_lead_nowhere_inside(address):
    guarded = WebhookSender(Web(0.5, strangers=True))

    with pytest.raises(Rejected):
        sent(guarded, replace(PARCEL, address=address))


def test_a_guarded_request_goes_to_the_address_that_was_looked_at(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 8443))]
    monkeypatch.setattr(web.socket, "getaddrinfo", lambda *_, **__: found)
    guarded = Web(0.5, strangers=True)

    request = guarded._request("https://hooks.example:8443/in", {}, b"{}")

    assert str(request.url) == "https://93.184.216.34:8443/in"
    assert request.headers["Host"] == "hooks.example:8443"
    assert request.extensions["sni_hostname"] == "hooks.example"
    guarded.client.close()


def test_an_unknown_host_is_away(monkeypatch):
    def nowhere(*_, **__):
        raise OSError("no such host")

    monkeypatch.setattr(web.socket, "getaddrinfo", nowhere)
    with pytest.raises(Away):
        web.public_address("nowhere.example", "https", 443)


def test_an_answer_that_is_no_object_is_empty():
    assert web.json_of(httpx.Response(200, text="ok")) == {}
    assert web.json_of(httpx.Response(200, text="[1]")) == {}


def test_a_letter_keeps_its_name_and_its_long_link_whole():
    parcel = replace(PARCEL, address="ayu@sekolah.id")

    first, again = (smtp.written(parcel, "jejaring@kediri.example") for _ in range(2))

    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"].endswith("@kediri.example>") and ":" not in first["Message-ID"]
    assert f"List-Unsubscribe: <{PARCEL.unsubscribe}>\r\n".encode() in first.as_bytes()
    assert first["Content-Language"] == "id" and first.get_content_type() == "multipart/alternative"
    assert "List-Unsubscribe" not in smtp.written(replace(parcel, unsubscribe=None), "a@b.c")


class Server:
    """A mail server's answers."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def _say(self, verb):
        self.asked.append(verb)
        answer = self.answers.get(verb, (250, b"fine"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ehlo_or_helo_if_needed(self):
        self._say("ehlo")

    def mail(self, _):
        return self._say("mail")

    def rcpt(self, _):
        return self._say("rcpt")

    def data(self, _):
        return self._say("data")

    def rset(self):
        return self._say("rset")


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"rcpt": (550, b"no such box")}, Rejected),
        ({"rcpt": (450, b"later")}, Refused),
        ({"mail": (421, b"closing")}, Away),
        ({"mail": smtp.smtplib.SMTPServerDisconnected("gone")}, Away),
        ({"data": (452, b"full")}, Refused),
        ({"data": smtp.smtplib.SMTPDataError(554, b"spam")}, Rejected),
        ({"data": smtp.smtplib.SMTPServerDisconnected("gone")}, Doubtful),
        ({"data": TimeoutError()}, Doubtful),
    ],
)
def test_what_a_mail_server_says_has_its_meaning(answers, error):
    sender = smtp.SmtpSender("smtp://127.0.0.1:9", "jejaring@kediri.example", seconds=1)

    with pytest.raises(error):
        sender.send(Server(**answers), replace(PARCEL, address="ayu@sekolah.id"))


def test_after_a_refused_address_the_next_message_starts_afresh():
    sender = smtp.SmtpSender("smtp://127.0.0.1:9", "jejaring@kediri.example", seconds=1)
    server = Server(rcpt=(550, b"no such box"))

    with pytest.raises(Rejected):
        sender.send(server, replace(PARCEL, address="ayu@sekolah.id"))

    assert server.asked[-1] == "rset"


def test_no_mail_server_is_away():
    with pytest.raises(Away), smtp.SmtpSender("smtp://127.0.0.1:9", "a@b.c", seconds=1).opened():
        pass


def test_base64url_has_no_padding():
    assert packed(b"a") == urlsafe_b64encode(b"a").decode().rstrip("=")
    assert urlsafe_b64decode(packed(b"a") + "==") == b"a"


def test_an_address_that_is_none_is_rejected(net):
    with pytest.raises(Rejected):
        sent(WebhookSender(net), replace(PARCEL, address="https://contoh.id:port/"))
