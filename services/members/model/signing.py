"""Signing keys and access tokens: JWT with Ed25519 (RFC 9068 `at+jwt`), keys that change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis import clock
from contracts.members import facts, states
from services.members.model.aggregate import begun, moved
from services.members.model.policy import Policy

ALGORITHM: Final = "Ed25519"
AUDIENCE = "jejaring"
DAY = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class SigningSecret:
    """The private part of a key; it signs from an instant on, until a newer one does."""

    id: str
    private: str
    public: str
    created_at: str
    signs_from: str


def new_key(
    id: str, region: str, now: str, signs_from: str
) -> tuple[SigningSecret, facts.SigningKeyPublished]:
    """A fresh key: its secret, and the fact that tells the public part."""
    jwk = OKPKey.generate_key(ALGORITHM).as_dict(private=True)
    public = str(jwk["x"])
    secret = SigningSecret(
        id=id, private=str(jwk["d"]), public=public, created_at=now, signs_from=signs_from
    )
    state = states.SigningKey(
        **begun(id, region, now), algorithm=ALGORITHM, curve=ALGORITHM, x=public
    )
    return secret, facts.SigningKeyPublished(signing_key=state)


def retire(state: states.SigningKey, now: str, policy: Policy) -> facts.SigningKeyRetired:
    """The key signs no more; it verifies as long as its last token lives."""
    dead_at = clock.later(now, policy.access_token_seconds)
    return facts.SigningKeyRetired(signing_key=moved(state, now, retires_at=dead_at))


def signing(keys: Iterable[SigningSecret], now: str) -> SigningSecret | None:
    """The key that signs at the instant."""
    ready = [key for key in keys if key.signs_from <= now]
    return max(ready, key=lambda key: (key.signs_from, key.id), default=None)


def needs_next(keys: Sequence[SigningSecret], now: str, policy: Policy) -> bool:
    """Whether the newest key is so old that its successor must be told."""
    newest = max((key.created_at for key in keys), default=None)
    life = policy.signing_key_days * DAY
    return newest is None or clock.seconds_between(newest, now) >= life


def first_signature(keys: Sequence[SigningSecret], now: str, policy: Policy) -> str:
    """When a key made now may sign: a day, at least a token's life, after it was told."""
    return clock.later(now, max(DAY, policy.access_token_seconds)) if keys else now


def claims(
    member_id: str, session_id: str, token_id: str, now: str, policy: Policy
) -> dict[str, Any]:
    """What an access token says: who, in which session, until when; never what he may do."""
    issued = int(clock.moment(now).timestamp())
    return {
        "iss": policy.issuer,
        "aud": AUDIENCE,
        "sub": member_id,
        "sid": session_id,
        "iat": issued,
        "exp": issued + policy.access_token_seconds,
        "jti": token_id,
    }


def access_token(key: SigningSecret, said: dict[str, Any]) -> str:
    """The signed token."""
    jwk = OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": key.public, "d": key.private})
    header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.id}
    return jwt.encode(header, said, jwk, algorithms=[ALGORITHM])
