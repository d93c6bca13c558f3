"""The wire: bytes that no well-behaved client sends, to gunicorn's own protocol over a socket."""

import asyncio
import contextlib
import sys
from dataclasses import dataclass
from types import SimpleNamespace

import orjson
import pytest
from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.config import Config

from gateway import arrival, server
from tests.support.gateway import peopled, token

HOST = b"Host: gateway.test\r\n"
TOKEN = b"POST /v1/auth/token HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
PATIENCE_SECONDS = 0.3


@dataclass(frozen=True)
class Answer:
    """One response as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self):
        assert self.headers["content-type"] == "application/problem+json"
        told = orjson.loads(self.body)
        assert told["status"] == self.status
        return told["code"]


def answers_in(raw):
    """The responses in what came, each framed by its Content-Length."""
    found = []
    while raw:
        head, _, rest = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        length = int(headers.get("content-length", 0))
        found.append(Answer(int(first.split()[1]), headers, rest[:length]))
        raw = rest[length:]
    return found


@contextlib.asynccontextmanager
async def listening(house):
    """gunicorn's protocol before the gateway of a test; gives the port."""
    server.install()
    told = Config()
    told.settings["timeout"].value = PATIENCE_SECONDS
    silent = SimpleNamespace(**dict.fromkeys(("debug", "info", "warning"), lambda *_: None))
    silent.access_log_enabled, silent.exception = False, lambda *said: pytest.fail(str(said))
    loop = asyncio.get_running_loop()
    worker = SimpleNamespace(
        cfg=told, log=silent, asgi=house.client.app, loop=loop, alive=True, state={}
    )
    worker.nr = worker.nr_conns = 0
    worker.max_requests = sys.maxsize
    ended = asyncio.Event()

    class Line(ASGIProtocol):
        def connection_lost(self, exc):
            super().connection_lost(exc)
            ended.set()

    listener = await loop.create_server(lambda: Line(worker), "127.0.0.1", 0)
    async with listener:
        yield listener.sockets[0].getsockname()[1]
        await ended.wait()


def said(house, *parts, until=b""):
    """What comes back for these bytes and pauses, until the server closes or `until` came."""

    async def story():
        async with listening(house) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for part in parts:
                pause = part if isinstance(part, float) else 0.01
                writer.write(b"" if isinstance(part, float) else part)
                await asyncio.sleep(pause)
            came = await (reader.readuntil(until) if until else reader.read())
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            return came

    return asyncio.run(asyncio.wait_for(story(), 10))


@pytest.fixture
def house():
    return peopled()


@pytest.mark.parametrize(
    "begun",
    [
        TOKEN + b"Content-Length: 100\r\n\r\n",
        TOKEN + b"Content-Length: 100\r\n\r\n{",
        TOKEN + b"Transfer-Encoding: chunked\r\n\r\n",
        TOKEN + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        TOKEN + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{",
    ],
)
def test_a_body_that_does_not_come_is_a_problem_and_the_end(house, begun):
    (answer,) = answers_in(said(house, begun))

    assert (answer.status, answer.code) == (408, "request.timeout")
    assert answer.headers["connection"] == "close"
    assert not house.backend.asked


@pytest.mark.parametrize(
    ("media", "begun"),
    [
        (b"text/csv", b"name,kind\nSDN 1,school\n"),
        (
            b"multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nname,kind\nSDN 1,school\n',
        ),
    ],
)
def test_a_file_that_was_cut_off_is_not_imported(house, media, begun):
    signed = f"Authorization: Bearer {token('officer')}\r\n".encode()
    head = b"POST /v1/institutions/imports HTTP/1.1\r\n" + HOST + signed
    told = b"Content-Type: " + media + b"\r\nContent-Length: 1000\r\n\r\n"
    (answer,) = answers_in(said(house, head + told + begun))

    assert (answer.status, answer.code) == (408, "request.timeout")
    assert not house.backend.asked


@pytest.mark.parametrize("begun", [b"", b"GET /healthz HTTP/1.1\r\n" + HOST, b"\x16\x03\x01"])
def test_headers_that_do_not_come_are_a_problem_and_the_end(house, begun, monkeypatch):
    monkeypatch.setattr(server, "HEAD_SECONDS", PATIENCE_SECONDS)
    (answer,) = answers_in(said(house, begun))

    assert (answer.status, answer.code) == (408, "request.timeout")


def test_a_connection_that_spoke_in_time_is_kept(house, monkeypatch):
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.1)
    get = b"GET /healthz HTTP/1.1\r\n" + HOST
    last = get + b"Connection: close\r\n\r\n"
    answers = answers_in(said(house, get + b"\r\n", PATIENCE_SECONDS, last))

    assert [answer.status for answer in answers] == [200, 200]


IMPORT = b"POST /v1/institutions/imports HTTP/1.1\r\n" + HOST + b"Content-Type: text/csv\r\n"
LONG = 8 * 1024 * 1024


def test_who_is_refused_may_finish_what_he_says(house):
    async def story():
        async with listening(house) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(IMPORT + b"Content-Length: %d\r\n\r\n" % LONG)
            for _ in range(LONG // 65536):
                writer.write(b"x" * 65536)
                await writer.drain()
            came = await reader.read()
            writer.close()
            await writer.wait_closed()
            return came

    (answer,) = answers_in(asyncio.run(asyncio.wait_for(story(), 10)))
    assert (answer.status, answer.code) == (401, "auth.required")


async def talking_on(writer):
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


def test_who_is_refused_is_not_listened_to_for_long(house, monkeypatch):
    monkeypatch.setattr(server, "LINGER_SECONDS", 0.1)

    async def story():
        async with listening(house) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(IMPORT + b"Content-Length: %d\r\n\r\n" % LONG + b"name,kind\n")
            await reader.read()
            with pytest.raises(ConnectionError):
                await talking_on(writer)

    asyncio.run(asyncio.wait_for(story(), 10))


def test_a_body_that_trickles_is_a_problem_and_the_end(house, monkeypatch):
    monkeypatch.setattr(arrival, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr(server, "LINGER_SECONDS", 0.1)

    async def story():
        async with listening(house) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(TOKEN + b"Content-Length: 10000\r\n\r\n")
            talking = asyncio.create_task(talking_on(writer))
            came = await reader.read()
            with pytest.raises(ConnectionError):
                await talking
            return came

    (answer,) = answers_in(asyncio.run(asyncio.wait_for(story(), 10)))
    assert (answer.status, answer.code) == (408, "request.timeout")
    assert answer.headers["connection"] == "close"
    assert not house.backend.asked


def test_a_body_that_is_slow_may_take_as_long_as_it_is(house, monkeypatch):
    monkeypatch.setattr(arrival, "GRACE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(arrival, "SLOWEST_BYTES_PER_SECOND", 20)
    announced = b"Content-Length: 82\r\nConnection: close\r\n\r\n"
    slow = (b" " * 20, PATIENCE_SECONDS / 2) * 4
    (answer,) = answers_in(said(house, TOKEN + announced, *slow, b"{}"))

    assert (answer.status, answer.code) == (422, "request.invalid")


def test_what_is_too_large_is_refused_before_it_is_sent(house):
    announced = b"Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
    (answer,) = answers_in(said(house, TOKEN + announced))

    assert (answer.status, answer.code) == (413, "request.too_large")


def test_what_is_not_too_large_is_asked_for(house):
    announced = b"Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    first, second = answers_in(said(house, TOKEN + announced, b"{}"))

    assert (first.status, second.status) == (100, 422)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (
            TOKEN + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            400,
        ),
        (TOKEN + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
        (TOKEN + b"Content-Length: -1\r\n\r\n", 400),
        (TOKEN + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", 400),
        (TOKEN + b"Transfer-Encoding: x\r\n\r\n", 501),
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 65536 + b"\r\n\r\n", 431),
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 200 + b"\r\n", 431),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"CONNECT gateway.test:80 HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    ],
)
def test_what_is_no_request_is_a_problem_and_the_end(house, raw, status):
    (answer,) = answers_in(said(house, raw))

    assert answer.status == status
    assert answer.code.startswith("request.")


@pytest.mark.parametrize(
    ("method", "status", "code"),
    [
        (b"WEBSOCKET", 400, "request.malformed"),
        (b"FOO", 400, "request.malformed"),
        (b"UNLOCK", 405, "request.method_not_allowed"),
    ],
)
def test_methods_that_no_route_offers_are_refused_and_counted_as_one(house, method, status, code):
    (answer,) = answers_in(
        said(house, method + b" /v1/areas HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    )
    metrics = house.get("/metrics").text

    assert (answer.status, answer.code) == (status, code)
    assert orjson.loads(answer.body)["request_id"] == answer.headers["x-request-id"]
    assert 'method="OTHER"' in metrics
    assert f'method="{method.decode()}"' not in metrics


@pytest.mark.parametrize(
    ("target", "version"),
    [
        (b"http://gateway.test/v1/areas/35.71", b"1.1"),
        (b"HTTPS://gateway.test:443/v1/areas/35.71", b"1.1"),
        (b"/v1/areas/35.71", b"1.0"),
    ],
)
def test_an_address_may_be_whole_and_the_version_old(house, target, version):
    line = b"GET " + target + b" HTTP/" + version + b"\r\n"
    (answer,) = answers_in(said(house, line + HOST + b"Connection: close\r\n\r\n"))

    assert answer.status == 200
    assert orjson.loads(answer.body)["id"] == "35.71"


@pytest.mark.parametrize("target", [b"/v1/areas/35.71", b"http://gateway.test/v1/areas/35.71"])
def test_a_request_names_its_host(house, target):
    line = b"GET " + target + b" HTTP/"
    (bare,) = answers_in(said(house, line + b"1.1\r\nConnection: close\r\n\r\n"))
    (empty,) = answers_in(said(house, line + b"1.1\r\nHost:\r\nConnection: close\r\n\r\n"))
    (old,) = answers_in(said(house, line + b"1.0\r\n\r\n"))

    assert (bare.status, bare.code) == (400, "request.malformed")
    assert orjson.loads(bare.body)["request_id"] == bare.headers["x-request-id"]
    assert (empty.status, old.status) == (200, 200)


def test_a_wish_to_speak_websocket_is_not_heard(house):
    area = b"GET /v1/areas/35.71 HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n"
    nowhere = b"GET /v1/nowhere HTTP/1.1\r\n" + HOST + UPGRADE + b"\r\n"
    last = b"GET /v1/me HTTP/1.1\r\n" + HOST + UPGRADE.replace(b"13", b"8") + b"\r\n"
    raw = said(house, area, nowhere, last, until=b"auth.required")
    first, second, third = answers_in(raw)

    assert (first.status, second.status, third.status) == (200, 404, 401)
    assert second.code == "request.not_found"


def test_requests_may_follow_one_another_without_waiting(house):
    one = b"GET /v1/areas/35.71 HTTP/1.1\r\n" + HOST + b"\r\n"
    post = TOKEN + b"Content-Length: 2\r\n\r\n{}"
    last = b"GET /v1/nowhere HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    answers = answers_in(said(house, one + post + one + last))

    assert [answer.status for answer in answers] == [200, 422, 200, 404]
