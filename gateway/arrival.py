"""What comes in over the wire, put right before Falcon sees it: addresses, methods, bodies."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gateway.problems import TIMEOUT, Problem

Receive = Callable[[], Awaitable[dict[str, Any]]]
FALCONS_OWN = "WEBSOCKET"
BEGUN = {"type": "http.request", "body": b"", "more_body": True}
ANNOUNCING = {b"content-length", b"transfer-encoding"}
GRACE_SECONDS = 60.0
SLOWEST_BYTES_PER_SECOND = 2048  # a photo of 10 MB over a bad line takes an hour and a half


def as_meant(scope: dict[str, Any]) -> dict[str, Any]:
    """The ASGI scope, a whole address in it without its host (RFC 9112 §3.2.2).

    A method that Falcon keeps for itself is one that nobody knows: it would refuse it too early,
    before there is a request id.
    """
    scope["headers"] = [(name, value) for name, value in scope["headers"]]  # to be read twice
    path: str = scope["path"]
    if path[:1] != "/" and "://" in path:
        scope["path"] = "/" + path.partition("://")[2].partition("/")[2]
    if scope["method"] == FALCONS_OWN:
        scope["method"] = "OTHER"
    return scope


def of_body(scope: Mapping[str, Any], receive: Receive) -> Receive:
    """How Falcon receives the body that a request announces, if it does; else as it is."""
    told = dict(scope["headers"])
    if told.keys() & ANNOUNCING:
        return Arriving(receive, held_back=b"expect" in told).receive
    return receive


class Arriving:
    """A body that comes whole or not at all: Falcon takes a client that left for its end.

    gunicorn bounds each pause; all of it has a minute, and longer for what came.
    When the client holds it back until `100 Continue` it is asked for only when somebody reads it;
    Falcon itself would ask before it knows whether it is too large.
    """

    def __init__(self, receive: Receive, *, held_back: bool) -> None:
        self._receive, self._held_back = receive, held_back
        self._begun = self._whole = False
        self._ends_at = time.monotonic() + GRACE_SECONDS

    async def receive(self) -> dict[str, Any]:
        """The next ASGI event; raises Problem (408) to who reads on when too little came."""
        begun, self._begun = self._begun, True
        if self._held_back and not begun:
            return BEGUN
        event = await self._receive()
        if event["type"] == "http.request":
            self._whole = not event.get("more_body", False)
            self._ends_at += len(event.get("body", b"")) / SLOWEST_BYTES_PER_SECOND
            if begun and not self._whole and time.monotonic() > self._ends_at:
                raise Problem(TIMEOUT)
        elif not begun:
            return BEGUN  # nobody catches here; the next word is the same
        elif not self._whole:
            raise Problem(TIMEOUT)
        return event
