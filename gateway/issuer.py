"""An outside OpenID Connect issuer, by setting: its verified e-mail address names our member."""

import asyncio
import contextlib
import math
import time
import warnings
from collections.abc import Mapping
from typing import Any

import httpx
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from chassis import clock
from chassis.log import get_logger
from chassis.settings import Settings
from gateway.identity import Bearer, must_be_timely, part, refused, verified
from gateway.views.store import Store

log = get_logger()

FETCH_SECONDS = 3.0
REFRESH_SECONDS = 300.0
RETRY_SECONDS = 5.0
TYPES = (None, "JWT", "at+jwt")


class OutsideIssuer:
    """Keys of the issuer, fetched in the background; tokens verified against them."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.name = settings.oidc_issuer
        self._audience, self._uri = settings.oidc_audience, settings.oidc_jwks_uri
        self._discovery = f"{self.name.rstrip('/')}/.well-known/openid-configuration"
        self._store = store
        self._keys: dict[str, Any] = {}
        self._client: httpx.AsyncClient | None = None
        self._looking = asyncio.Lock()
        self._looked_at = -math.inf

    async def run(self) -> None:
        """Fetch the keys now and again; for ever."""
        async with httpx.AsyncClient(timeout=FETCH_SECONDS, follow_redirects=False) as client:
            self._client = client
            while True:
                known = await self._fetch(client)
                await asyncio.sleep(REFRESH_SECONDS if known else RETRY_SECONDS)

    async def _fetch(self, client: httpx.AsyncClient) -> bool:
        """Take the issuer's keys of now; False when it did not give any."""
        self._looked_at = time.monotonic()
        with contextlib.suppress(httpx.HTTPError, JoseError, ValueError, KeyError, TypeError):
            uri = self._uri or (await _json(client, self._discovery))["jwks_uri"]
            self.take(await _json(client, uri))
            return True
        return False

    async def _key(self, kid: str) -> Any:
        """The key; one never seen is looked for again, for the issuer may have changed its keys."""
        async with self._looking:
            aged = time.monotonic() - self._looked_at > RETRY_SECONDS
            if kid not in self._keys and aged and self._client:
                await self._fetch(self._client)
        return self._keys.get(kid)

    def take(self, jwks: Any) -> None:
        """Use these keys from now on."""
        found = KeySet.import_key_set(jwks).keys
        self._keys = {str(key.kid): key for key in found if algorithm_of(key)}
        log.info("issuer keys", count=len(self._keys))

    async def bearer(self, token: str) -> Bearer:
        """The member whose proven e-mail address the token states; raises Problem (401)."""
        header = part(token, 0)
        key = await self._key(str(header.get("kid")))
        algorithm = algorithm_of(key)
        if algorithm is None or header.get("alg") not in (algorithm, _old_name(algorithm)):
            raise refused("the key is not known")
        if header.get("typ") not in TYPES or "crit" in header:
            raise refused("the header is not usable")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # EdDSA is an old name, not a weak one
            claims = verified(token, key, str(header["alg"]))
        return await self._member(claims)

    async def _member(self, claims: Mapping[str, Any]) -> Bearer:
        expires = must_be_timely(claims, time.time())
        audience = claims.get("aud")
        told = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self.name or not self._audience or self._audience not in told:
            raise refused("the token is for somebody else")
        email = claims.get("email")
        if not isinstance(email, str) or claims.get("email_verified") is not True:
            raise refused("the token has no verified e-mail address")
        proven = {"member.email": {"$eq": email.lower()}, "member.contact_proven": True}
        found = await self._store.find("members", proven, 2)
        if len(found) != 1:
            raise refused("the e-mail address is no member's")
        return Bearer(found[0]["_id"], None, expires + clock.ahead())  # he goes by real time


async def _json(client: httpx.AsyncClient, uri: str) -> Any:
    answer = await client.get(uri)
    answer.raise_for_status()
    return answer.json()


def algorithm_of(key: Any) -> str | None:
    """The one algorithm we take with a key of this kind."""
    if isinstance(key, RSAKey):
        return "RS256"
    if isinstance(key, ECKey) and key.curve_name == "P-256":
        return "ES256"
    if isinstance(key, OKPKey) and key.curve_name == "Ed25519":
        return "Ed25519"
    return None


def _old_name(algorithm: str) -> str:
    """What most issuers still call Ed25519."""
    return "EdDSA" if algorithm == "Ed25519" else algorithm
