"""WhatsApp: an approved template with title and text (source: Cloud API, messages)."""

from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from services.notifications.model.outgoing import Parcel
from services.notifications.senders import Send
from services.notifications.senders.web import Web, json_of

LONGEST = 900


class WhatsAppSender:
    """Sends a template message from the region's number; outside a conversation no other goes."""

    channel, group = "whatsapp", 4

    def __init__(self, url: str, token: str, template: str, web: Web) -> None:
        self._target = f"{url.rstrip('/')}/messages"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._template, self._web = template, web

    @contextmanager
    def opened(self) -> Iterator[Send]:
        """The client keeps its connections."""
        yield self.send

    def send(self, parcel: Parcel) -> str | None:
        """WhatsApp's id of the message, under which its statuses come."""
        texts = [parcel.letter.subject, parcel.letter.text]
        parameters = [{"type": "text", "text": _flat(text)} for text in texts]
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": parcel.address,
            "type": "template",
            "template": {
                "name": self._template,
                "language": {"code": parcel.letter.language},
                "components": [{"type": "body", "parameters": parameters}],
            },
        }
        content = orjson.dumps(body)
        answer = self._web.post(self._target, headers=self._headers, content=content)
        messages = json_of(answer).get("messages") or [{}]
        return str(messages[0].get("id", "")) or None


def _flat(text: str) -> str:
    """One line: a parameter of a template may hold no line break."""
    return " ".join(text.split())[:LONGEST]
