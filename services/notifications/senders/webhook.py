"""Webhooks: a signed POST to the member's own address (source: the Standard Webhooks scheme)."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from chassis import clock
from services.notifications.model.outgoing import Parcel
from services.notifications.senders import Send
from services.notifications.senders.web import Web

PREFIX = "whsec_"


class WebhookSender:
    """Sends the notice as JSON; the receiver verifies it with the secret it gave."""

    channel, group = "webhook", 4

    def __init__(self, web: Web) -> None:
        self._web = web

    @contextmanager
    def opened(self) -> Iterator[Send]:
        """The client keeps its connections."""
        yield self.send

    def send(self, parcel: Parcel) -> str | None:
        """Nothing: a webhook has no name for what it took."""
        body = orjson.dumps(
            {
                "type": parcel.kind,
                "timestamp": parcel.written_at,
                "data": {
                    "title": parcel.letter.subject,
                    "text": parcel.letter.text,
                    "language": parcel.letter.language,
                    "link": parcel.link,
                },
            }
        )
        self._web.post(parcel.address, headers=signed(parcel, body), content=body)
        return None


def signed(parcel: Parcel, body: bytes) -> dict[str, str]:
    """The headers: the id stays the same when a message is sent again."""
    at = str(int(clock.moment(clock.real()).timestamp()))
    mac = hmac.digest(
        key_of(parcel.secret or ""), b".".join((parcel.id.encode(), at.encode(), body)), "sha256"
    )
    return {
        "Content-Type": "application/json",
        "webhook-id": parcel.id,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{b64encode(mac).decode()}",
    }


def key_of(secret: str) -> bytes:
    """The key in a secret: base64 after `whsec_`, else the text itself."""
    if secret.startswith(PREFIX):
        try:
            return b64decode(secret.removeprefix(PREFIX), validate=True)
        except ValueError:
            pass
    return secret.encode()
