"""Posting over HTTP: what an answer means, and where strangers' addresses may lead."""

import ipaddress
import socket
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from chassis import clock
from services.notifications.senders import Away, Busy, Doubtful, Refused, Rejected

AWAY = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
LONGEST_WAIT_SECONDS = 3600.0
FIRST_WAIT_SECONDS = 30.0
TOO_MANY = 429
NOT_NOW = (408, 425, 500, 502, 503, 504)


class Web:
    """One client with a deadline; with `strangers` an address must be a public one over HTTPS.

    `anywhere` lifts that, for a region whose webhooks are in its own network.
    """

    def __init__(self, seconds: float, *, strangers: bool = False, anywhere: bool = False) -> None:
        self._client: httpx.Client | None = None
        self._seconds, self._guarded = seconds, strangers and not anywhere

    def post(self, url: str, *, headers: Mapping[str, str], content: bytes) -> httpx.Response:
        """The answer when it was taken; raises Rejected, Refused, Busy, Away or Doubtful."""
        try:
            answer = self.client.send(self._request(url, dict(headers), content))
        except httpx.InvalidURL as error:
            raise Rejected("not an address") from error
        except AWAY as error:
            raise Away(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise Doubtful(type(error).__name__) from error
        judge(answer)
        return answer

    @property
    def client(self) -> httpx.Client:
        """Made at the first use, in the process that uses it."""
        if self._client is None:
            limits = httpx.Limits(max_connections=8, keepalive_expiry=5)
            self._client = httpx.Client(
                timeout=self._seconds, limits=limits, follow_redirects=False, trust_env=False
            )
        return self._client

    def _request(self, url: str, headers: dict[str, str], content: bytes) -> httpx.Request:
        """A guarded request goes to the very address that was looked at, not to a later one."""
        if not self._guarded:
            return self.client.build_request("POST", url, headers=headers, content=content)
        parts = urlsplit(url)
        host = str(parts.hostname)
        address = public_address(host, parts.scheme, parts.port or 443)
        target = httpx.URL(url).copy_with(host=address)
        return self.client.build_request(
            "POST",
            target,
            headers={**headers, "Host": parts.netloc},
            content=content,
            extensions={"sni_hostname": host},
        )


def public_address(host: str, scheme: str, port: int) -> str:
    """The first address of the host, when all are public; raises Rejected and Away."""
    if scheme != "https":
        raise Rejected("only https is allowed")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Away("the host has no address") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not all(ipaddress.ip_address(address).is_global for address in addresses):
        raise Rejected("not a public address")
    return addresses[0]


def judge(answer: httpx.Response) -> None:
    """Raise what the status means; nothing when the message was taken."""
    if answer.is_success:
        return
    said = f"HTTP {answer.status_code}: {answer.text[:200]}"
    if answer.status_code == TOO_MANY:
        raise Busy(said, retry_after_seconds(answer))
    if answer.status_code in NOT_NOW:
        raise Refused(said)
    raise Rejected(said)


def retry_after_seconds(answer: httpx.Response) -> float:
    """How long the provider wants us to wait: the header in either form, or half a minute."""
    raw = answer.headers.get("retry-after", "")
    try:
        wait = float(raw)
    except ValueError:
        wait = _until(raw)
    return min(max(wait, 1.0), LONGEST_WAIT_SECONDS)


def _until(raw: str) -> float:
    try:
        moment = parsedate_to_datetime(raw)
    except (TypeError, ValueError):
        return FIRST_WAIT_SECONDS
    return clock.seconds_between(clock.real(), clock.instant(moment))


def json_of(answer: httpx.Response) -> dict[str, Any]:
    """The body as an object; empty when it is none."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
