"""The house: health, metrics, headers, and what keeps a worker's memory honest."""

import asyncio
import contextlib

import pytest

from chassis import clock
from chassis.errors import Outage
from contracts.members import states
from gateway import freshness as fresh
from gateway import tail as tails
from tests.support.gateway import peopled
from tests.support.stated import BASE, an_area, later


@pytest.fixture
def house():
    return peopled()


def test_it_is_live_whatever_is_away(house):
    house.store.away = True

    assert house.get("/healthz").json == {"live": True}


def test_it_is_ready_when_everything_is_there(house):
    assert house.get("/readyz").status_code == 200

    house.backend.connected = False
    answer = house.get("/readyz")
    assert (answer.status_code, answer.json["broker"], answer.json["database"]) == (
        503,
        False,
        True,
    )

    house.store.away = True
    assert house.get("/readyz").json["database"] is False


def test_reads_are_answered_without_a_broker_but_not_without_a_database(house):
    house.backend.connected = False
    answer = house.get("/readyz/reads")
    assert (answer.status_code, answer.json) == (
        200,
        {"database": True, "views": True, "not_draining": True},
    )

    house.store.away = True
    assert house.get("/readyz/reads").status_code == 503


def test_a_clock_that_may_be_set_is_told_with_the_readiness(house, tmp_path):
    assert "real_clock" not in house.get("/readyz").json
    clock.follow(str(tmp_path / "clock"))
    try:
        answer = house.get("/readyz")
    finally:
        clock.follow("")

    assert (answer.status_code, answer.json["real_clock"]) == (200, False)


def test_a_slow_database_is_not_ready(house, monkeypatch):
    monkeypatch.setattr("gateway.api.house.PING_SECONDS", 0.01)

    async def slow():
        await asyncio.sleep(5)

    house.store.ping = slow
    assert house.get("/readyz").json["database"] is False


def test_it_is_not_ready_before_the_views_are_declared_or_while_it_stops(house):
    house.front.hub.close()
    del house.store.views["meta"]["log"]
    told = house.get("/readyz").json

    assert (told["views"], told["not_draining"]) == (False, False)


def test_metrics_name_routes_not_ids(house):
    house.get("/v1/institutions/very-secret-id")
    house.get("/very-secret-path")
    answer = house.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain")
    assert 'route="/v1/institutions/{id}"' in answer.text
    assert "very-secret" not in answer.text


def test_log_lines_hold_no_personal_data(house, capsys):
    house.get("/v1/institutions?q=siti", by="ayu")
    logged = capsys.readouterr().err

    assert '"route":"/v1/institutions"' in logged
    assert "siti" not in logged
    assert "127.0.0.1" not in logged
    assert "ayu" not in logged


def test_browsers_are_told_to_be_careful(house):
    headers = house.get("/v1/areas").headers

    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in headers
    assert house.get("/v1/me", by="ayu").headers["cache-control"].startswith("private")


def test_https_is_kept_once_it_is_used():
    house = peopled(public_url="https://jejaring.test")

    assert "max-age" in house.get("/v1/areas").headers["strict-transport-security"]


def test_cors_is_closed_until_it_is_opened(house):
    origin = {"Origin": "https://app.test"}
    assert "access-control-allow-origin" not in house.get("/v1/areas", **origin).headers

    opened = peopled(cors_origins=("https://app.test",))
    answer = opened.get("/v1/areas", **origin)
    assert answer.headers["access-control-allow-origin"] == "https://app.test"
    other = opened.get("/v1/areas", Origin="https://evil.test")
    assert "access-control-allow-origin" not in other.headers
    preflight = opened.send("OPTIONS", "/v1/areas", Access_Control_Request_Method="POST", **origin)
    assert "POST" in preflight.headers["access-control-allow-methods"]


@pytest.mark.parametrize(("sent", "kept"), [("abc-1", True), ("a b", False), ("x" * 65, False)])
def test_a_sane_request_id_is_kept(house, sent, kept):
    answer = house.get("/v1/areas", X_Request_ID=sent)

    assert (answer.headers["x-request-id"] == sent) is kept


# -- the tail ---------------------------------------------------------------------------------


def test_the_tail_forgets_what_changed(house):
    async def story():
        tail, viewers = house.front.tail, house.front.viewers
        for who in ("koko", "ayu", "budi"):
            await viewers.load(who, "2026-11-21")
        await tail.note("members", "ayu")
        assert "2026-11-21/ayu" not in viewers.kept
        await tail.note("appointments", "koko-area_coordinator")
        assert "2026-11-21/koko" not in viewers.kept
        await tail.note("appointments", "gone")
        assert "2026-11-21/budi" in viewers.kept
        house.put(later(an_area("35.06"), acting_coordinator="budi"))
        await tail.note("areas", "35.06")
        assert "2026-11-21/budi" not in viewers.kept
        acting = await viewers.load("budi", "2026-11-21")
        assert acting.areas == {"35.06"}
        house.put(later(later(an_area("35.06"))))
        await tail.note("areas", "35.06")
        assert not (await viewers.load("budi", "2026-11-21")).areas
        await tail.note("institutions", "i1")
        await tail.note("changes", "area:35.71")
        assert house.front.hub._woken.is_set()

    asyncio.run(story())


def test_the_tail_follows_and_comes_back(house, monkeypatch):
    monkeypatch.setattr(tails, "AGAIN_SECONDS", 0.0)
    seen, enough = [], asyncio.Event()

    async def watch(_):
        yield None
        seen.append(house.front.pages.fresh)
        if len(seen) == 2:
            enough.set()
        yield "members", "ayu"
        raise Outage("lost")

    house.store.watch = watch

    async def story():
        running = asyncio.create_task(house.front.tail.run())
        await enough.wait()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(story(), 2))
    assert seen[:2] == [True, True]


def test_the_tail_that_cannot_read_forgets_all_the_same(house):
    async def story():
        await house.front.viewers.load("ayu", "2026-11-21")
        house.store.away = True
        with pytest.raises(Outage):
            await house.front.tail._forget_all()
        assert not house.front.viewers.kept

    asyncio.run(story())


def test_the_tail_keeps_nothing_before_it_read_what_ended_meanwhile(house, monkeypatch):
    monkeypatch.setattr(tails, "AGAIN_SECONDS", 0.0)
    opened, enough = [], asyncio.Event()
    house.front.pages.fresh = False

    async def watch(_):
        opened.append(house.front.pages.fresh)
        house.store.away = len(opened) == 1
        yield None
        enough.set()
        await asyncio.sleep(60)

    house.store.watch = watch
    house.put(states.Session(**BASE, id="s1", member_id="ayu", ended=True, reason="out"))

    async def story():
        running = asyncio.create_task(house.front.tail.run())
        await enough.wait()
        assert opened == [False, False]
        assert house.front.pages.fresh
        assert house.front.identity.ended == {"s1"}
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(story(), 2))


def test_a_tail_that_fails_keeps_nothing(house):
    async def watch(_):
        yield None
        raise KeyError("unforeseen")

    house.store.watch = watch

    with pytest.raises(KeyError):
        asyncio.run(house.front.tail.run())
    assert not house.front.pages.fresh


def test_freshness_is_looked_up_again_and_again(house, monkeypatch):
    monkeypatch.setattr(fresh, "REFRESH_SECONDS", 0.0)

    async def story():
        running = asyncio.create_task(house.front.freshness.run())
        reads = house.store.reads
        await asyncio.sleep(0.005)
        house.store.away = True
        await asyncio.sleep(0.005)
        assert house.store.reads > reads + 3
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(story(), 2))
