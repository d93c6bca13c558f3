"""Access tokens: JWT (RFC 9068 `at+jwt`), and the public keys that verify them."""

from typing import Any

from chassis import clock
from chassis.aggregate import begun, moved
from chassis.signing import ALGORITHM, SigningSecret, new_secret, signed
from contracts.members import facts, states
from services.members.model.policy import Policy

AUDIENCE = "jejaring"


def new_key(
    id: str, region: str, now: str, signs_from: str
) -> tuple[SigningSecret, facts.SigningKeyPublished]:
    """A fresh key: its secret, and the fact that tells the public part."""
    secret = new_secret(id, now, signs_from)
    state = states.SigningKey(
        **begun(id, region, now), algorithm=ALGORITHM, curve=ALGORITHM, x=secret.public
    )
    return secret, facts.SigningKeyPublished(signing_key=state)


def retire(state: states.SigningKey, now: str, policy: Policy) -> facts.SigningKeyRetired:
    """The key signs no more; it verifies as long as its last token lives."""
    dead_at = clock.later(now, policy.access_token_seconds)
    return facts.SigningKeyRetired(signing_key=moved(state, now, retires_at=dead_at))


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
    return signed(key, "at+jwt", said)
