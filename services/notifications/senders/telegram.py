"""Telegram: the bot writes to the chat (source: Bot API, sendMessage)."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import orjson

from services.notifications.model.outgoing import Parcel
from services.notifications.senders import Busy, Send
from services.notifications.senders.web import Web, json_of

LONGEST = 4096


class TelegramSender:
    """Sends plain text as the region's bot."""

    channel, group = "telegram", 4

    def __init__(self, url: str, token: str, web: Web) -> None:
        self._target = f"{url.rstrip('/')}/bot{token}/sendMessage"
        self._web = web

    @contextmanager
    def opened(self) -> Iterator[Send]:
        """The client keeps its connections."""
        yield self.send

    def send(self, parcel: Parcel) -> str | None:
        """The message's id in the chat."""
        body = {
            "chat_id": parcel.address,
            "text": parcel.letter.text[:LONGEST],
            "link_preview_options": {"is_disabled": True},
        }
        try:
            answer = self._post(orjson.dumps(body))
        except Busy as busy:
            raise _patient(busy) from busy
        return str(json_of(answer).get("result", {}).get("message_id", "")) or None

    def _post(self, content: bytes) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        return self._web.post(self._target, headers=headers, content=content)


def _patient(busy: Busy) -> Busy:
    """Telegram says how long to wait in the body: `parameters.retry_after` (source: Bot API)."""
    _, _, body = str(busy).partition(": ")
    try:
        wait = float(orjson.loads(body)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return busy
    return Busy(str(busy), max(wait, 1.0))
