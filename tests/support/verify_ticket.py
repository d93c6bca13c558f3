"""A ticket verified offline: only the public key (a JWK) and a library for Ed25519."""

import json
from base64 import urlsafe_b64decode
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def verify_ticket(ticket: str, jwk: dict[str, str], event: str, now: int) -> str | None:
    """The registration id in a genuine ticket of the event; None otherwise (`now`: Unix time)."""
    try:
        signed, _, signature = ticket.rpartition(".")
        header, claims = (json.loads(decoded(part)) for part in signed.split("."))
        key = Ed25519PublicKey.from_public_bytes(decoded(jwk["x"]))
        key.verify(decoded(signature), signed.encode())
    except (InvalidSignature, ValueError):
        return None
    genuine = header["typ"] == "ticket+jwt" and header["kid"] == jwk["kid"]
    return claims["sub"] if genuine and claims["event"] == event and now < claims["exp"] else None


def decoded(part: str) -> Any:
    """Base64url without padding."""
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
