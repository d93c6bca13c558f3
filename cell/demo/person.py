"""A person with an HTTP client: signs in, asks, and repeats a command with its key."""

import ssl
import time
from functools import cache
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

Body = dict[str, Any]

AGAIN = (409, 429, 503)
PATIENCE_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 2.0


@cache
def trusted() -> ssl.SSLContext:
    """Whom everybody trusts: to read all certificates takes longer than several requests."""
    return httpx.create_ssl_context()


class Broke(Exception):
    """A step did not hold; the text says what was observed instead."""


class Person:
    """Somebody who uses the API of one gateway; nobody in particular until signed in."""

    def __init__(self, base_url: str, timeout: float = 15.0) -> None:
        brief = httpx.Limits(keepalive_expiry=3.0)  # the gateway hangs up after five seconds
        self.client = httpx.Client(
            base_url=base_url, timeout=timeout, limits=brief, verify=trusted()
        )
        self.id, self.refresh_token = "", ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.close()

    def sign_in(self, grant_type: str = "password", **grant: str) -> Self:
        """Get tokens, and use them from now on."""
        tokens = told(self.post("/v1/auth/token", {"grant_type": grant_type, **grant}), 200)
        self.use(tokens)
        self.id = told(self.get("/v1/me"), 200)["id"]
        return self

    def use(self, tokens: Body) -> None:
        """Speak with these tokens from now on."""
        self.refresh_token = tokens["refresh_token"]
        self.client.headers["Authorization"] = f"Bearer {tokens['access_token']}"

    def get(self, path: str, headers: Body | None = None, **query: Any) -> httpx.Response:
        """Read something."""
        return self.client.get(path, params=query or None, headers=headers)

    def post(self, path: str, body: Body | None = None, **headers: str) -> httpx.Response:
        """Have something done, without a key."""
        return self.client.post(path, json=body, headers=headers)

    def command(
        self, method: str, path: str, body: Body | None = None, *, key: str = "", **headers: str
    ) -> httpx.Response:
        """Have something done once: with a key, a fresh one unless it is given."""
        keyed = {"Idempotency-Key": key or uuid4().hex, **headers}
        return self.client.request(method, path, json=body, headers=keyed)

    def do(self, method: str, path: str, body: Body | None = None, status: int = 200) -> Body:
        """A command that must succeed; gives its answer."""
        return told(self.command(method, path, body), status)

    def insist(
        self, method: str, path: str, body: Body, key: str, seconds: float = PATIENCE_SECONDS
    ) -> httpx.Response:
        """Repeat a command with its key, through outages, until it is decided."""
        until = time.monotonic() + seconds
        while True:
            answer = self._tried(method, path, body, key)
            if answer is not None and answer.status_code not in AGAIN:
                return answer
            if time.monotonic() > until:
                raise Broke(f"{method} {path} was not decided within {seconds:g} s")
            time.sleep(min(wait_of(answer), LONGEST_WAIT_SECONDS))

    def all(self, path: str, **query: Any) -> list[Body]:
        """Every item of a list, page by page."""
        items: list[Body] = []
        query = {"limit": 100, **query}
        while True:
            page = told(self.get(path, **query), 200)
            items += page["items"]
            if page["next"] is None:
                return items
            query["cursor"] = page["next"]

    def _tried(self, method: str, path: str, body: Body, key: str) -> httpx.Response | None:
        try:
            return self.command(method, path, body, key=key)
        except httpx.TransportError:
            return None


def told(answer: httpx.Response, status: int) -> Body:
    """The body of an answer that must have this status; raises Broke with the problem."""
    if answer.status_code != status:
        asked = f"{answer.request.method} {answer.request.url.path}"
        raise Broke(f"{asked} answered {answer.status_code}, not {status}: {answer.text[:300]}")
    body: Body = answer.json() if answer.content else {}
    return body


def wait_of(answer: httpx.Response | None) -> float:
    """How long to wait before the next try."""
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    return float(asked) if asked.isdigit() else 0.2
