"""Who holds a token: only our own rules say what a token must look like, never the token itself."""

import asyncio
import time
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from chassis import clock
from chassis.errors import Outage
from contracts import common
from gateway.problems import Problem
from gateway.views.store import Store

ALGORITHM = "Ed25519"
AUDIENCE = "jejaring"
TYPE = "at+jwt"
LARGEST_TOKEN = 4096
LEEWAY_SECONDS = 5
RELOAD_SECONDS = 1.0
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a verified token speaks for, and until when (`clock.timestamp`)."""

    member_id: str
    session_id: str | None
    expires_at: float


class Issuer(Protocol):
    """Somebody else who may vouch for members."""

    name: str

    async def bearer(self, token: str) -> Bearer:
        """Whom the token speaks for; raises Problem (401)."""


def refused(why: str) -> Problem:
    """401 with the reason in the detail."""
    return Problem(common.TOKEN_INVALID, why)


def part(token: str, index: int) -> dict[str, Any]:
    """The header (0) or the claims (1) of a compact token, as they stand, unverified."""
    pieces = token.split(".")
    if len(token) > LARGEST_TOKEN or len(pieces) != 3:
        raise refused("this is not a token")
    try:
        raw = orjson.loads(urlsafe_b64decode(pieces[index] + "=" * (-len(pieces[index]) % 4)))
    except (ValueError, NotBase64):
        raise refused("this is not a token") from None
    if not isinstance(raw, dict):
        raise refused("this is not a token")
    return raw


def must_be_timely(claims: Mapping[str, Any], now: float) -> float:
    """The expiry, when the token is valid now; times must be plain numbers."""
    expires, begins = _seconds(claims.get("exp")), _seconds(claims.get("nbf", 0))
    if not begins - LEEWAY_SECONDS <= now < expires + LEEWAY_SECONDS:
        raise refused("the token has expired or is not valid yet")
    return expires


def _seconds(told: Any) -> float:
    if type(told) is not int and type(told) is not float:
        raise refused("exp is missing or nbf is odd")
    return float(told)


def verified(token: str, key: Any, algorithm: str) -> dict[str, Any]:
    """The claims, once the signature holds under the one algorithm that goes with the key."""
    try:
        checked = jws.deserialize_compact(token.encode(), key, algorithms=[algorithm])
        claims = orjson.loads(checked.payload)
    except (JoseError, ValueError):
        raise refused("the signature does not hold") from None
    if not isinstance(claims, dict):
        raise refused("the token says nothing")
    return claims


@dataclass
class Identity:
    """Verifies access tokens against the published keys and the ended sessions."""

    store: Store
    issuer: str
    outside: Issuer | None = None
    keys: dict[str, tuple[OKPKey, float | None]] = field(default_factory=dict)
    published: list[dict[str, Any]] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    remembered: OrderedDict[str, Bearer] = field(default_factory=OrderedDict)
    loaded_at: float | None = None
    _ended_meanwhile: set[str] = field(default_factory=set)
    _looked_at: float | None = None
    _failed: bool = False
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def reload(self) -> None:
        """Read keys and ended sessions from the views, one read after the other; raises Outage.

        A view without any key is being rebuilt: the keys of before stay good meanwhile.
        """
        async with self._reading:
            await self._reload()

    async def _reload(self) -> None:
        self._ended_meanwhile, self._failed = set(), True
        try:
            await self._read()
            self._failed = False
        finally:
            self._looked_at = time.monotonic()

    async def _read(self) -> None:
        """Read all; what ended since the read began may not be in it, and stays ended."""
        keys = await self.store.find("keys", {})
        ended = await self.store.find("sessions", {"ended": True})
        opening = [key for key in keys if key.get("opens", True)]
        if opening:
            keys.sort(key=lambda key: str(key["_id"]))
            self.keys = {key["_id"]: _imported(key["key"]) for key in opening}
            self.published = [_public(key["key"]) for key in keys]
        self.ended = {session["_id"] for session in ended} | self._ended_meanwhile
        self.remembered.clear()
        self.loaded_at = time.monotonic()

    def end(self, session_id: str) -> None:
        """A session is over: its tokens are worth nothing from now on."""
        self.ended.add(session_id)
        self._ended_meanwhile.add(session_id)

    async def bearer(self, token: str) -> Bearer:
        """Whom the token speaks for; raises Problem (401) for anything but a good one."""
        known = self.remembered.get(token)
        if known is None:
            known = await self._verified(token)
            self._remember(token, known)
        if known.expires_at + LEEWAY_SECONDS <= clock.timestamp():
            raise refused("the token has expired")
        if known.session_id in self.ended:
            raise refused("the session has ended")
        return known

    async def _verified(self, token: str) -> Bearer:
        header = part(token, 0)
        if self.outside and part(token, 1).get("iss") == self.outside.name:
            return await self.outside.bearer(token)
        if header.keys() != {"alg", "typ", "kid"} or header["alg"] != ALGORITHM:
            raise refused("the header is not one of ours")
        if header["typ"] != TYPE or not isinstance(header["kid"], str):
            raise refused("the header is not one of ours")
        claims = verified(token, await self._key(header["kid"]), ALGORITHM)
        return self._checked(claims)

    def _checked(self, claims: Mapping[str, Any]) -> Bearer:
        expires = must_be_timely(claims, clock.timestamp())
        if claims.get("iss") != self.issuer or claims.get("aud") != AUDIENCE:
            raise refused("the token is for somebody else")
        member_id, session_id = claims.get("sub"), claims.get("sid")
        if not isinstance(member_id, str) or not isinstance(session_id, str) or not member_id:
            raise refused("the token names nobody")
        return Bearer(member_id, session_id, expires)

    async def _key(self, kid: str) -> OKPKey:
        """The published key; raises Problem (401) or Outage."""
        if kid not in self.keys:
            await self._look_for(kid)
        (key, retires_at), now = self.keys.get(kid, (None, None)), clock.timestamp()
        if key is None or (retires_at is not None and retires_at + LEEWAY_SECONDS < now):
            raise refused("the key is not known")
        return key

    async def _look_for(self, kid: str) -> None:
        """Look for a kid never seen, at most once a second, however many ask; raises Outage."""
        async with self._reading:
            looked = self._looked_at
            if kid in self.keys:
                return
            if looked is None or time.monotonic() - looked > RELOAD_SECONDS:
                await self._reload()
            elif self._failed:
                raise Outage("the keys could not be read")

    def _remember(self, token: str, bearer: Bearer) -> None:
        self.remembered[token] = bearer
        if len(self.remembered) > MOST_REMEMBERED:
            self.remembered.popitem(last=False)


def _imported(key: Mapping[str, Any]) -> tuple[OKPKey, float | None]:
    retires = key.get("retires_at")
    moment = datetime.fromisoformat(retires).timestamp() if retires else None
    return OKPKey.import_key({"kty": "OKP", "crv": key["curve"], "x": key["x"]}), moment


def _public(key: Mapping[str, Any]) -> dict[str, Any]:
    """A JWK for /.well-known/jwks.json."""
    return {
        "kty": "OKP",
        "crv": key["curve"],
        "x": key["x"],
        "kid": key["id"],
        "alg": key["algorithm"],
        "use": "sig",
    }
