"""Live says only that the hub turns; ready says what is away."""

import eventlet
import orjson
import pytest

from chassis import health
from chassis.health import Health


def broken() -> bool:
    raise ConnectionError("away")


def asked(server: Health, path: str) -> tuple[str, dict]:
    told = []
    body = b"".join(server.answer({"PATH_INFO": path}, lambda status, _: told.append(status)))
    return told[0], orjson.loads(body)


def test_all_well_is_ready():
    server = Health("127.0.0.1", 0, {"broker": lambda: True})

    assert asked(server, "/readyz") == ("200 OK", {"broker": True, "not_draining": True})


@pytest.mark.parametrize("check", [lambda: False, broken])
def test_what_is_away_is_not_ready(check):
    server = Health("127.0.0.1", 0, {"broker": check, "database": lambda: True})

    status, told = asked(server, "/readyz")

    assert status == "503 Service Unavailable"
    assert told == {"broker": False, "database": True, "not_draining": True}


def test_a_check_that_takes_too_long_has_failed(monkeypatch):
    monkeypatch.setattr(health, "PING_SECONDS", 0.01)
    server = Health("127.0.0.1", 0, {"database": lambda: eventlet.sleep(5) or True})

    assert server.readiness()["database"] is False


def test_draining_is_not_ready():
    server = Health("127.0.0.1", 0, {})
    server.draining = True

    assert asked(server, "/readyz") == ("503 Service Unavailable", {"not_draining": False})


def test_live_asks_nobody():
    asked_for = []
    server = Health("127.0.0.1", 0, {"database": lambda: asked_for.append(1) or True})

    assert asked(server, "/healthz") == ("200 OK", {"live": True})
    assert asked_for == []


def test_metrics_and_nothing_else():
    server, told = Health("127.0.0.1", 0, {}), []

    (body,) = server.answer({"PATH_INFO": "/metrics"}, lambda status, _: told.append(status))

    assert told == ["200 OK"]
    assert b"jejaring" in body or b"python" in body
    assert asked(server, "/etc/passwd") == ("404 Not Found", {})


def test_an_alarm_is_told_but_keeps_nobody_from_being_ready():
    server = Health("127.0.0.1", 0, {"broker": lambda: True}, {"on_time": lambda: False})

    status, told = server._told("/readyz")

    assert status == "200 OK"
    assert told == {"broker": True, "not_draining": True, "on_time": False}
