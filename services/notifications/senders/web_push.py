"""Web push: encrypted for the browser, vouched for by the region's key (RFC 8030, 8291, 8292)."""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import http_ece
import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from services.notifications.model.outgoing import Parcel
from services.notifications.senders import Send
from services.notifications.senders.web import Web

KEPT_SECONDS = 24 * 3600
VOUCHED_SECONDS = 12 * 3600
LONGEST = 1500


class WebPushSender:
    """Sends title, text and link; the push service cannot read them."""

    channel, group = "web_push", 4

    def __init__(self, private_key: str, contact: str, web: Web) -> None:
        """`private_key` is the 32 bytes of a P-256 key in base64url, as web push tools print it."""
        secret = int.from_bytes(unpacked(private_key))
        self._key = ec.derive_private_key(secret, ec.SECP256R1())
        self._contact, self._web = contact, web

    @property
    def public_key(self) -> str:
        """What browsers subscribe with: the uncompressed point in base64url."""
        return packed(point(self._key.public_key()))

    @contextmanager
    def opened(self) -> Iterator[Send]:
        """The client keeps its connections."""
        yield self.send

    def send(self, parcel: Parcel) -> str | None:
        """The message's address at the push service, if it says one."""
        subscription = orjson.loads(parcel.address)
        said = {
            "title": parcel.letter.subject,
            "body": parcel.letter.text[:LONGEST],
            "link": parcel.link,
            "lang": parcel.letter.language,
        }
        headers = {
            "TTL": str(KEPT_SECONDS),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Authorization": self._vouched(subscription["endpoint"]),
        }
        content = encrypted(orjson.dumps(said), subscription["keys"])
        answer = self._web.post(subscription["endpoint"], headers=headers, content=content)
        location: str | None = answer.headers.get("location")
        return location

    def _vouched(self, endpoint: str) -> str:
        """A token for the push service, and the key it is made with (source: RFC 8292)."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(time.time()) + VOUCHED_SECONDS,
            "sub": self._contact,
        }
        token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, ECKey.import_key(self._key))
        return f"vapid t={token},k={self.public_key}"


def encrypted(content: bytes, keys: dict[str, str]) -> bytes:
    """The body for one subscriber (source: RFC 8291): a fresh key for each message."""
    sealed: bytes = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=unpacked(keys["p256dh"]),
        auth_secret=unpacked(keys["auth"]),
        version="aes128gcm",
    )
    return sealed


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as its uncompressed point."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def packed(value: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """Its bytes; raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
