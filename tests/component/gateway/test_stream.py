"""The stream: the same changes live, resumable, cut when a listener's standing changes."""

import asyncio
import contextlib

import orjson
import pytest

from gateway import hub as hubs
from gateway.api.stream import RESET
from gateway.cursor import Head, Place, read, widened
from gateway.hub import BEAT, RETRY, Hub, Listener
from gateway.identity import Bearer
from gateway.shown import KINDS, Kind, ready
from tests.support.gateway import peopled
from tests.support.stated import a_member, an_institution, consenting, later

HOVERCRAFT = Kind(
    name="hovercraft", view="hovercrafts", state=object, fields=("version", "body"), show=ready
)


@pytest.fixture
def house():
    found = peopled()
    found.store.log("area", "35.71", 1, ["*"])
    found.store.log("member", "ayu", 1, ["member:ayu", "area:35.71", "officers", "active"])
    return found


class Ear:
    """Listens to one stream."""

    def __init__(self, house, viewer, place=None, standing=None):
        self.house, self.viewer = house, viewer
        self.place, self.standing = place, standing or self.same

    async def same(self, viewer):
        return viewer

    async def open(self):
        head = await self.house.front.feed.head()
        place = self.place or Place(position=head.position, audiences=self.viewer.audiences)
        self.events = self.house.front.hub.events(self.viewer, place, head, self.standing)
        assert await anext(self.events) == RETRY
        return self

    async def heard(self):
        raw = await asyncio.wait_for(anext(self.events), 1)
        changes = [block for block in raw.decode().split("\n\n") if "data:" in block]
        return [orjson.loads(block.partition("data: ")[2]) for block in changes], raw


@contextlib.asynccontextmanager
async def running(house):
    task = asyncio.create_task(house.front.hub.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def run(story):
    asyncio.run(asyncio.wait_for(story, 5))


async def viewer_of(house, who):
    return await house.front.viewers.load(who, house.front.today())


def changed(house):
    house.put(later(consenting("ayu"), name="Ayu L"))
    house.store.log("member", "ayu", 2, ["member:ayu", "area:35.71", "officers", "active"])
    house.front.hub.wake()


def test_each_hears_what_he_may_see(house):
    async def story():
        koko = await Ear(house, await viewer_of(house, "koko")).open()
        budi = await Ear(house, await viewer_of(house, "budi")).open()
        hears = [asyncio.create_task(ear.heard()) for ear in (koko, budi)]
        async with running(house):
            await asyncio.sleep(0.01)
            changed(house)
            (full, _), (entry, raw) = await asyncio.gather(*hears)
        assert full[0]["resource"]["email"] == "ayu@example.org"
        assert entry[0]["resource"]["name"] == "Ayu L"
        assert "email" not in entry[0]["resource"]
        cursor = raw.decode().partition("id: ")[2].partition("\n")[0]
        head = await house.front.feed.head()
        assert read(cursor, budi.viewer, head).position == 3
        await koko.events.aclose()
        await budi.events.aclose()

    run(story())


def test_a_kind_nobody_here_knows_stops_no_stream(house):
    async def story():
        koko = await Ear(house, await viewer_of(house, "koko")).open()
        hearing = asyncio.create_task(koko.heard())
        async with running(house):
            await asyncio.sleep(0.01)
            house.store.log("hovercraft", "h1", 1, ["*"])
            changed(house)
            heard, _ = await hearing
        assert [change["id"] for change in heard] == ["ayu"]
        await koko.events.aclose()

    run(story())


def cursor_in(raw):
    return raw.decode().rpartition("id: ")[2].partition("\n")[0]


def broken(house, *ids):
    """Institutions that cannot be shown: what was rendered of them is gone."""
    for id in ids:
        house.put(an_institution(id))
        del house.store.views["institutions"][id]["body"]
        house.store.log("institution", id, 1, ["*"])


@pytest.mark.parametrize("live", [True, False])
def test_a_change_that_cannot_be_shown_holds_up_nobody_and_comes_when_it_can(house, live, capsys):
    async def story():
        viewer = await viewer_of(house, "koko")
        head = await house.front.feed.head()
        place = Place(position=head.position, audiences=viewer.audiences)
        if not live:
            broken(house, "i1")
            changed(house)
        ear = await Ear(house, viewer, place).open()
        hearing = asyncio.create_task(ear.heard())
        async with running(house):
            await asyncio.sleep(0.01)
            if live:
                broken(house, "i1")
                changed(house)
            heard, raw = await hearing
        assert [change["id"] for change in heard] == ["ayu"]
        await ear.events.aclose()

        house.put(later(an_institution("i1")))
        back = await Ear(house, viewer, read(cursor_in(raw), viewer, head)).open()
        heard, raw = await back.heard()
        assert [change["id"] for change in heard] == ["i1"]
        await back.events.aclose()

    run(story())
    told = capsys.readouterr()
    assert (told.out + told.err).count("institution:i1") == 1


def test_what_can_be_shown_again_carries_no_cursor_past_what_was_not_told_yet(house):
    async def story():
        viewer = await viewer_of(house, "koko")
        head = await house.front.feed.head()
        owing = Place(
            position=head.position, audiences=viewer.audiences, unshown=("institution:i1",)
        )
        changed(house)
        house.put(later(an_institution("i1")))
        house.store.log("institution", "i1", 2, ["*"])
        ear = await Ear(house, viewer, owing).open()
        first, raw = await ear.heard()
        await ear.events.aclose()

        place = read(cursor_in(raw), viewer, await house.front.feed.head())
        back = await Ear(house, viewer, place).open()
        second, _ = await back.heard()
        await back.events.aclose()
        assert [change["id"] for change in first + second] == ["ayu", "i1"]

    run(story())


def test_a_change_that_can_be_shown_by_then_comes_once(house, monkeypatch):
    async def story():
        viewer = await viewer_of(house, "koko")
        head = await house.front.feed.head()
        broken(house, "i1")
        place = Place(position=head.position, audiences=viewer.audiences)
        koko = await Ear(house, viewer, place).open()
        hearing = asyncio.create_task(koko.heard())
        async with running(house):
            await asyncio.sleep(0.01)
            house.put(later(an_institution("i1")))
            house.store.log("institution", "i1", 2, ["*"])
            house.front.hub.wake()
            heard, _ = await hearing
            monkeypatch.setattr(hubs, "BEAT_SECONDS", 0.01)
            assert [await anext(koko.events) for _ in range(3)] == [BEAT] * 3
        assert [change["id"] for change in heard] == ["i1"]
        await koko.events.aclose()

    run(story())


def test_a_stream_that_cannot_go_on_says_when_to_come_back(house):
    async def story():
        viewer = await viewer_of(house, "koko")
        head = await house.front.feed.head()
        broken(house, *"abcdef")
        place = Place(position=head.position, audiences=viewer.audiences)
        koko = await Ear(house, viewer, place).open()
        assert [chunk async for chunk in koko.events] == [b"retry: 60000\n\n"]

    run(story())


def test_of_too_much_that_cannot_be_shown_the_stream_ends(house):
    async def story():
        koko = await Ear(house, await viewer_of(house, "koko")).open()
        hearing = asyncio.create_task(anext(koko.events))
        async with running(house):
            await asyncio.sleep(0.01)
            broken(house, *"abcdef")
            house.front.hub.wake()
            assert await hearing == b""
            assert [chunk async for chunk in koko.events] == []

    run(story())


def test_a_kind_that_was_not_known_is_told_once_it_is(house, monkeypatch):
    async def story():
        viewer = await viewer_of(house, "koko")
        koko = await Ear(house, viewer).open()
        hearing = asyncio.create_task(koko.heard())
        async with running(house):
            await asyncio.sleep(0.01)
            house.store.log("hovercraft", "h1", 1, ["*"])
            changed(house)
            _, raw = await hearing
        await koko.events.aclose()

        monkeypatch.setitem(KINDS, "hovercraft", HOVERCRAFT)
        house.store.views["hovercrafts"]["h1"] = {"_id": "h1", "version": 1, "body": b"{}"}
        place = read(cursor_in(raw), viewer, await house.front.feed.head())
        back = await Ear(house, viewer, place).open()
        heard, _ = await back.heard()
        assert [change["id"] for change in heard] == ["h1"]
        await back.events.aclose()

    run(story())


def test_a_listener_who_comes_back_is_told_what_he_missed(house):
    async def story():
        viewer = await viewer_of(house, "koko")
        ear = Ear(house, viewer, Place(position=1, audiences=viewer.audiences))
        await ear.open()
        heard, _ = await ear.heard()
        assert [change["id"] for change in heard] == ["ayu"]
        await ear.events.aclose()

    run(story())


def test_coming_back_with_other_roles_goes_through_them_again(house):
    async def story():
        viewer = await viewer_of(house, "koko")
        place = widened(Place(position=2, audiences=("*",)), viewer)
        ear = await Ear(house, viewer, place).open()
        heard, raw = await ear.heard()
        assert [change["id"] for change in heard] == ["ayu"]
        head = await house.front.feed.head()
        cursor = raw.decode().partition("id: ")[2].partition("\n")[0]
        assert read(cursor, viewer, head).again == 0
        await ear.events.aclose()

    run(story())


def test_silence_is_broken_by_a_beat(house, monkeypatch):
    monkeypatch.setattr(hubs, "BEAT_SECONDS", 0.01)

    async def story():
        ear = await Ear(house, await viewer_of(house, "koko")).open()
        assert await anext(ear.events) == BEAT
        await ear.events.aclose()

    run(story())


def test_who_loses_his_standing_is_cut_off(house, monkeypatch):
    monkeypatch.setattr(hubs, "POLL_SECONDS", 0.01)

    async def gone(_):
        return None

    async def story():
        ear = await Ear(house, await viewer_of(house, "koko"), standing=gone).open()
        async with running(house):
            rest = [chunk async for chunk in ear.events]
        assert rest in ([], [b""])

    run(story())


def test_a_worker_that_stops_ends_its_streams(house):
    async def story():
        ear = await Ear(house, await viewer_of(house, "koko")).open()
        waiting = asyncio.create_task(anext(ear.events))
        await asyncio.sleep(0.01)
        house.front.hub.close()
        assert await waiting == b""
        assert [chunk async for chunk in ear.events] == []

    run(story())


def test_who_is_too_slow_reads_the_log_himself(house, monkeypatch):
    monkeypatch.setattr(hubs, "MOST_WAITING", 1)
    viewer = a_viewer(house)
    place = Place(position=0, audiences=viewer.audiences)
    head = Head(epoch="e", secret="s", position=0)
    listener = Listener(viewer=viewer, place=place, head=head, standing=None)

    listener.offer({"position": 1}, b"caught up later")
    listener.behind = False
    listener.offer({"position": 1}, b"a")
    listener.offer({"position": 2}, b"b")

    assert listener.behind
    assert not listener.waiting
    assert listener.event({"_id": "area:1", "position": 3}, b"c").startswith(b"id: ")


def a_viewer(house):
    return asyncio.run(viewer_of(house, "koko"))


def test_a_missing_document_is_told_when_it_is_back_and_others_before(house, monkeypatch):
    monkeypatch.setattr(hubs, "BEAT_SECONDS", 0.01)

    async def story():
        ear = await Ear(house, await viewer_of(house, "koko")).open()
        kept = house.store.views["members"].pop("ayu")
        hearing = asyncio.create_task(heard_of_late(ear))
        async with running(house):
            house.store.log("member", "ayu", 2, ["area:35.71"])
            house.store.log("area", "35.71", 2, ["*"])
            house.front.hub.wake()
            assert [change["kind"] for change in await hearing] == ["area"]
            house.store.views["members"]["ayu"] = kept
            assert [change["version"] for change in await heard_of_late(ear)] == [2]
        await ear.events.aclose()

    run(story())


async def heard_of_late(ear):
    """The next changes, however many beats come before them."""
    while not (heard := (await ear.heard())[0]):
        pass
    return heard


def test_one_reading_of_the_log_serves_all_who_see_the_same(house, monkeypatch):
    monkeypatch.setattr(hubs, "BATCH", 1)

    async def story():
        ears = [await Ear(house, await viewer_of(house, "koko")).open() for _ in range(2)]
        hears = [asyncio.create_task(ear.heard()) for ear in ears]
        async with running(house):
            await asyncio.sleep(0.01)
            house.store.log("area", "35.71", 2, ["*"])
            changed(house)
            first = await asyncio.gather(*hears)
            await asyncio.sleep(0.01)
            changed(house)
            second = await asyncio.gather(*[ear.heard() for ear in ears])
        assert [change["id"] for change in first[0][0]] == ["35.71", "ayu"]
        assert first[0] == first[1]
        assert [change["id"] for change in second[0][0]] == ["ayu"]
        for ear in ears:
            await ear.events.aclose()

    run(story())


def test_what_is_said_while_he_catches_up_is_told_once(house, monkeypatch):
    rows = house.store.rows

    async def interrupted(query, limit):
        monkeypatch.setattr(house.store, "rows", rows)
        changed(house)
        await asyncio.sleep(0.01)
        return await rows(query, limit)

    async def story():
        ear = await Ear(house, await viewer_of(house, "koko")).open()
        async with running(house):
            monkeypatch.setattr(house.store, "rows", interrupted)
            caught_up, _ = await ear.heard()
            assert [change["version"] for change in caught_up] == [2]
            assert await anext(ear.events) == b""
        await ear.events.aclose()

    run(story())


def test_the_hub_knows_nobody_when_all_have_left(house):
    async def story():
        hub: Hub = house.front.hub
        first = await Ear(house, await viewer_of(house, "koko")).open()
        second = await Ear(house, await viewer_of(house, "koko")).open()
        await first.events.aclose()
        assert hub._by_audience["*"]
        await second.events.aclose()
        assert not hub._by_audience
        assert not hub._listeners

    run(story())


def test_standing_follows_token_session_and_state(house):
    async def story():
        front = house.front
        viewer = await viewer_of(house, "ayu")
        assert await front.standing(None, viewer) is viewer
        assert await front.standing(Bearer("ayu", "s", 9e12), viewer) is viewer
        assert await front.standing(Bearer("ayu", "s", 0), viewer) is None
        front.identity.end("s")
        assert await front.standing(Bearer("ayu", "s", 9e12), viewer) is None
        house.put(later(a_member("ayu"), state="suspended"))
        front.viewers.forget()
        assert await front.standing(Bearer("ayu", "t", 9e12), viewer) is None

    run(story())


def test_a_stream_over_http_begins_now_or_at_the_last_event(house):
    house.front.hub.close()
    head = house.get("/v1/sync").json["cursor"]
    for headers in ({}, {"Last_Event_ID": head}):
        answer = house.send("HEAD", "/v1/stream", "koko", Accept="text/event-stream", **headers)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
    answer = house.send("GET", "/v1/stream", Accept="text/event-stream")
    assert answer.content.startswith(RETRY)
    assert house.get("/v1/stream?cursor=x").status_code == 400
    odd = house.get("/v1/stream", Last_Event_ID="not ours", Accept="text/event-stream")
    assert (odd.status_code, odd.json["code"]) == (400, "request.cursor")
    assert house.get("/v1/stream", Accept="application/json").status_code == 406


def test_who_comes_back_asks_for_nothing_unknown_either(house):
    house.front.hub.close()
    first = house.get("/v1/sync").json["cursor"]
    back = {"Accept": "text/event-stream", "Last_Event_ID": first}

    assert house.get("/v1/stream?evil=1", **back).status_code == 400
    assert house.get(f"/v1/stream?cursor={first}&cursor={first}", **back).status_code == 400
    again = house.get(f"/v1/stream?cursor={first}", **back)
    assert (again.status_code, again.content) == (200, RETRY)


def test_a_place_before_a_restore_is_told_to_be_worth_nothing(house):
    cursor = house.get("/v1/sync").json["cursor"]
    house.store.views["meta"]["log"]["epoch"] = "another"
    house.front.hub.close()

    answer = house.send("GET", "/v1/stream", Accept="text/event-stream", Last_Event_ID=cursor)

    assert answer.content.startswith(RESET + RETRY)
