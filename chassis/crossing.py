"""A fact that crosses a border: its CloudEvent as a compact JWS, signed by the region that says it.

The same fact to the same region is the same bytes whenever it is said (Ed25519 is deterministic),
so nobody can tell a repetition from the first time, and nobody needs to.
"""

from collections.abc import Callable

from chassis.signing import Forged, SigningSecret, claims_of, signed
from contracts.codec import encode
from contracts.envelope import Envelope, read

TYPE = "fact+jwt"
CONTENT_TYPE = "application/jose"


def sealed(envelope: Envelope, key: SigningSecret, to: str) -> bytes:
    """The bytes that say the fact to one region."""
    return signed(key, TYPE, {**encode(envelope), "aud": to}).encode()


def opened(body: bytes, to: str, public_of: Callable[[str], str | None]) -> Envelope:
    """The envelope inside; raises Forged, and Malformed when it is none.

    `public_of` gives the public part of the key with an id, if it is the sender's.
    """
    try:
        claims = claims_of(body.decode("ascii"), TYPE, public_of)
    except UnicodeDecodeError as error:
        raise Forged("not a signed fact") from error
    if claims.get("aud") != to:
        raise Forged("said to another region")
    return read(claims)
