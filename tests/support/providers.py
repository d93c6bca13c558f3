"""Stand-ins for the providers of messages, by their public protocols, on one small HTTP server.

Telegram's sendMessage, WhatsApp's messages, a push service and a receiver of webhooks. What comes
next can be told: a status, a status with Retry-After, or `slow` (an answer after `slow_seconds`).
"""

import json
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "4242:stand-in"
PHONE_ID = "990011"
SLOW = "slow"


@dataclass
class Received:
    """One request that was answered as taken, or not."""

    path: str
    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Providers:
    """The server; `plan` is what the next requests get instead of a friendly answer."""

    port: int = 0
    slow_seconds: float = 3.0
    received: list[Received] = field(default_factory=list)
    plan: deque[Any] = field(default_factory=deque)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a service whose providers these are."""
        return {
            "TELEGRAM_URL": self.url,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_BOT": "jejaring_bot",
            "TELEGRAM_SECRET": "from the bot",
            "WHATSAPP_URL": f"{self.url}/v21.0",
            "WHATSAPP_TOKEN": "bearer of the stand-in",
            "WHATSAPP_PHONE_ID": PHONE_ID,
            "WEBHOOKS": "any",
        }

    def to(self, start: str) -> list[Received]:
        """What came to paths that begin so and was taken."""
        return [r for r in list(self.received) if r.path.startswith(start) and r.status < 300]

    def answer(self, path: str) -> tuple[int, dict[str, str], Any]:
        """Status, headers and body of the friendly answer."""
        number = len(self.received) + 1
        if path == f"/bot{TOKEN}/sendMessage":
            return 200, {}, {"ok": True, "result": {"message_id": number, "date": 0}}
        if path == f"/v21.0/{PHONE_ID}/messages":
            said = {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{number}"}]}
            return 200, {}, said
        if path.startswith("/push/"):
            return 201, {"Location": f"{self.url}/message/{number}"}, None
        if path.startswith("/hook"):
            return 204, {}, None
        return 404, {}, {"ok": False, "description": "Not Found"}

    def unfriendly(self, planned: Any, path: str) -> tuple[int, dict[str, str], Any]:
        """Status, headers and body of a planned answer: `500`, or `(429, 7)`."""
        status, wait = planned if isinstance(planned, tuple) else (planned, None)
        headers = {} if wait is None else {"Retry-After": str(wait)}
        said = {"ok": False, "error_code": status, "description": "planned"}
        if wait is not None and path.startswith("/bot"):
            said["parameters"] = {"retry_after": wait}
        return status, headers, said


def _handler(providers: Providers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            planned = providers.plan.popleft() if providers.plan else None
            status, headers, said = providers.answer(self.path)
            if planned == SLOW:
                time.sleep(providers.slow_seconds)
            elif planned is not None:
                status, headers, said = providers.unfriendly(planned, self.path)
            providers.received.append(
                Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body, status)
            )
            content = b"" if said is None else json.dumps(said).encode()
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # the sender did not wait

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler


@contextmanager
def running():
    """The stand-ins, for the length of a block."""
    providers = Providers()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(providers))
    server.daemon_threads = True
    providers.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield providers
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
