"""A small OpenID Connect issuer over real HTTP: discovery, its keys of now, and tokens."""

import json
import threading
import time
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import KeySet, OKPKey, RSAKey

Key = OKPKey | RSAKey


class Issuer:
    """Serves until left; `rotate` makes it sign with another key and publish only that."""

    def __init__(self) -> None:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = outer.pages().get(self.path)
                body = json.dumps(page).encode()
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.name = f"http://127.0.0.1:{self._server.server_port}"
        self.rotate("first")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def rotate(self, kid: str) -> None:
        """Another key from now on."""
        self.key: Key = RSAKey.generate_key(2048, parameters={"kid": kid, "use": "sig"})

    def pages(self) -> dict[str, Any]:
        """What it serves, by path."""
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.name,
                "jwks_uri": f"{self.name}/keys",
            },
            "/keys": KeySet([self.key]).as_dict(private=False),
        }

    def token(self, email: str, *, alg: str = "RS256", key: Any = None, **claims: Any) -> str:
        """A signed identity; claims override what it says."""
        now = int(time.time())
        said = {
            "iss": self.name,
            "aud": "jejaring-test",
            "sub": "somebody",
            "iat": now,
            "exp": now + 600,
            "email": email,
            "email_verified": True,
            **claims,
        }
        kid = self.key.as_dict(private=False)["kid"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            header = {"alg": alg, "kid": kid, "typ": "JWT"}
            return jwt.encode(header, said, key or self.key, algorithms=[alg])
