"""Signing keys (Ed25519) that change: one signs, its successor is told first, old ones verify."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json import JSONDecoder
from typing import Any, Final

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from chassis import clock

ALGORITHM: Final = "Ed25519"
DAY = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class SigningSecret:
    """The private part of a key; it signs from an instant on, until a newer one does."""

    id: str
    private: str
    public: str
    created_at: str
    signs_from: str


def new_secret(id: str, now: str, signs_from: str) -> SigningSecret:
    """A fresh key."""
    jwk = OKPKey.generate_key(ALGORITHM).as_dict(private=True)
    return SigningSecret(
        id=id,
        private=str(jwk["d"]),
        public=str(jwk["x"]),
        created_at=now,
        signs_from=signs_from,
    )


def signing(keys: Iterable[SigningSecret], now: str) -> SigningSecret | None:
    """The key that signs at the instant."""
    ready = [key for key in keys if key.signs_from <= now]
    return max(ready, key=lambda key: (key.signs_from, key.id), default=None)


def needs_next(keys: Sequence[SigningSecret], now: str, life_days: int) -> bool:
    """Whether the newest key is so old that its successor must be told."""
    newest = max((key.created_at for key in keys), default=None)
    return newest is None or clock.seconds_between(newest, now) >= life_days * DAY


def first_signature(keys: Sequence[SigningSecret], now: str, at_least_seconds: float = DAY) -> str:
    """When a key made now may sign: a day or longer after it was told; the first one at once."""
    return clock.later(now, max(DAY, at_least_seconds)) if keys else now


def signed(key: SigningSecret, typ: str, said: dict[str, Any]) -> str:
    """A compact JWS with the claims; the header names the key."""
    header = {"alg": ALGORITHM, "typ": typ, "kid": key.id}
    return jwt.encode(header, said, _key(key.public, key.private), algorithms=[ALGORITHM])


def claims_of(token: str, typ: str, public_of: Callable[[str], str | None]) -> dict[str, Any]:
    """The claims of a compact JWS of that type, its times unjudged; raises Forged.

    `public_of` gives the public part (base64url) of the key that the header names.
    """
    try:
        header = jws.extract_compact(token.encode()).headers()
        public = public_of(str(header.get("kid")))
        if header.get("typ") != typ or public is None:
            raise Forged("another type, or a key that is not ours")
        return jwt.decode(token, _key(public), [ALGORITHM], decoder_cls=Strictly).claims
    except (JoseError, ValueError) as error:
        raise Forged(str(error)) from error


class Strictly(JSONDecoder):
    """Reads only what can be kept and said again: no lone surrogates, no NaN."""

    def decode(self, s: str, *_: Any, **__: Any) -> Any:
        """The value; raises ValueError."""
        return orjson.loads(s)


@lru_cache(maxsize=16)
def _key(public: str, private: str | None = None) -> OKPKey:
    """Imported once: that takes longer than a signature."""
    parts: dict[str, str | list[str]] = {"kty": "OKP", "crv": ALGORITHM, "x": public}
    if private:
        parts["d"] = private
    return OKPKey.import_key(parts)


class Forged(Exception):
    """Not signed by one of our keys, or not what it is presented as."""
