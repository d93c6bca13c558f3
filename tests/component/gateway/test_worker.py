"""A worker: put together, started, stopped, and what the server itself refuses."""

import asyncio
import contextlib
import os
from types import SimpleNamespace

import httpx
import orjson
import pytest
from joserfc.jwk import KeySet, OKPKey

from chassis.settings import Settings
from gateway import front as fronts
from gateway import gunicorn, issuer, server
from gateway.app import Lifespan
from gateway.front import Front
from gateway.issuer import OutsideIssuer
from gateway.middleware import Edge
from gateway.views.store import Store
from tests.support.memory import MemoryStore

SETTINGS = Settings(
    region="kediri-raya",
    amqp_uri="amqp://127.0.0.1:1/",
    mongo_uri="mongodb://127.0.0.1:1/?connectTimeoutMS=50&serverSelectionTimeoutMS=50",
    oidc_issuer="https://issuer.test",
    oidc_jwks_uri="http://127.0.0.1:1/jwks",
)


def test_everything_starts_and_stops_with_nothing_around():
    async def story():
        front = Front.of(SETTINGS)
        around = Lifespan(front)
        await around.process_startup({}, {})
        assert len(front.tasks) == 5
        await asyncio.sleep(0.01)
        await around.process_shutdown({}, {})
        assert all(task.done() for task in front.tasks)

    asyncio.run(asyncio.wait_for(story(), 5))


def test_without_an_outside_issuer_nobody_fetches_its_keys():
    async def story():
        settings = Settings(region="r", amqp_uri="amqp://x/", mongo_uri=SETTINGS.mongo_uri)
        front = Front.of(settings)
        assert front.outside is None
        front.start()
        assert len(front.tasks) == 4
        await front.stop()

    asyncio.run(asyncio.wait_for(story(), 5))


def test_what_ends_by_a_fault_is_logged_and_runs_again(monkeypatch, capsys):
    monkeypatch.setattr(fronts, "AGAIN_SECONDS", 0.0)
    runs, enough = [], asyncio.Event()

    async def failing():
        runs.append(1)
        if len(runs) < 3:
            raise KeyError("unforeseen")
        enough.set()
        await asyncio.sleep(60)

    async def story():
        running = asyncio.create_task(fronts.kept_running(failing))
        await enough.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(story(), 5))
    assert len(runs) == 3
    told = capsys.readouterr()
    assert (told.out + told.err).count("unforeseen") >= 2


def test_keys_of_an_outside_issuer_are_fetched_and_fetched_again(monkeypatch):
    key = OKPKey.generate_key("Ed25519", parameters={"kid": "o"})
    answers = [httpx.Response(500), httpx.Response(200, text="no json")]
    enough = asyncio.Event()

    def answer(_):
        if answers:
            return answers.pop()
        enough.set()
        return httpx.Response(200, json=KeySet([key]).as_dict(private=False))

    client = httpx.AsyncClient

    def offline(**options):
        return client(transport=httpx.MockTransport(answer), **options)

    monkeypatch.setattr(issuer, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(issuer.httpx, "AsyncClient", offline)

    async def story():
        outside = OutsideIssuer(SETTINGS, MemoryStore())
        running = asyncio.create_task(outside.run())
        await enough.wait()
        await asyncio.sleep(0.01)
        assert outside._keys.keys() == {"o"}
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(story(), 5))


def test_lines_that_wait_are_written_once(capsys):
    edge = Edge(SETTINGS)
    edge._lines = [b"{}\n", b"[]\n"]
    edge.flush()
    edge.flush()

    assert capsys.readouterr().err == "{}\n[]\n"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (414, "request.uri_too_long"),
        (431, "request.headers_too_large"),
        (400, "request.malformed"),
        (501, "request.malformed"),
    ],
)
def test_what_the_server_refuses_is_a_problem_too(status, code):
    sent = []
    line = SimpleNamespace(_safe_write=sent.append, _get_reason_phrase=lambda _: "Reason")
    server.send_problem(line, status, "secret", [("Upgrade", "h2c")])
    head, body = sent

    assert head.startswith(f"HTTP/1.1 {status} Reason\r\n".encode())
    assert b"application/problem+json" in head
    assert b"Upgrade: h2c" in head
    told = orjson.loads(body)
    assert (told["status"], told["code"]) == (status, code)
    assert b"secret" not in body


def a_worker(order, handlers, later):
    return SimpleNamespace(
        asgi=SimpleNamespace(
            front=SimpleNamespace(hub=SimpleNamespace(close=lambda: order.append("streams")))
        ),
        handle_exit_signal=lambda: order.append("worker"),
        loop=SimpleNamespace(
            add_signal_handler=lambda number, handle: handlers.update(s=handle),
            call_later=lambda seconds, look: later.append((seconds, look)),
        ),
        ppid=os.getppid(),
    )


def test_a_stop_ends_the_streams_first():
    order, handlers = [], {}
    gunicorn.post_worker_init(a_worker(order, handlers, []))
    handlers["s"]()

    assert order == ["streams", "worker"]


def test_a_worker_whose_master_is_gone_stops_as_if_told_to():
    order, later = [], []
    worker = a_worker(order, {}, later)
    gunicorn.post_worker_init(worker)
    ((seconds, look),) = later
    look()
    assert (seconds, order, len(later)) == (1.0, [], 2)

    worker.ppid = -1
    look()
    assert (order, len(later)) == (["streams", "worker"], 2)


def test_a_store_that_reaches_nothing_is_an_outage_for_everybody():
    async def story():
        store = Store(SETTINGS.mongo_uri)
        await store.close()

    asyncio.run(story())
