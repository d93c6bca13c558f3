"""Calendars behind tokens, as any calendar program reads them."""

import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import vobject

from tests.e2e.gatherings import announced, at, give_back, path, planned, register
from tests.support.client import KABUPATEN, KOTA, Body, Person, Phone, problem, told

REASON = {"reason": "Aula dipakai ujian"}


def opened(person: Person, **body: Any) -> Body:
    """A calendar with its address, which is told this once."""
    feed = person.do("POST", "/v1/calendar-feeds", body, 201)
    assert feed.keys() == {"id", "url"}
    return feed


def read(visitor: Person, feed: Body) -> dict[str, Any]:
    """The entries by summary, read by a program that knows nothing of us."""
    address = urlsplit(feed["url"])
    answer = visitor.client.get(f"{address.path}?{address.query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/calendar")
    calendar = vobject.readOne(answer.text)
    return {entry.summary.value: entry for entry in getattr(calendar, "vevent_list", [])}


@pytest.fixture
def event(kota: Person) -> Body:
    """An announced event with a place."""
    return announced(kota, venue={"name": "Aula, lantai 2", "latitude": -7.8, "longitude": 112.0})


def test_an_entry_keeps_its_uid_and_each_change_is_a_newer_sequence(
    crowd: list[Person], kota: Person, visitor: Person, event: Body
) -> None:
    ayu = crowd[0]
    register(ayu, event)
    feed = opened(ayu, scope="member")
    first = read(visitor, feed)[event["title"]]
    assert first.status.value == "CONFIRMED"
    assert first.location.value == "Aula, lantai 2"
    assert first.dtstart.value.isoformat() == f"{first.dtstart.value:%Y-%m-%dT%H:%M:%S}+07:00"
    assert "WIB" in first.description.value
    times = {"starts_at": at(days=33), "ends_at": at(days=33, hours=2), **REASON}
    kota.do("POST", path(event, "reschedule"), times)
    moved = read(visitor, feed)[event["title"]]
    assert moved.uid.value == first.uid.value
    assert int(moved.sequence.value) > int(first.sequence.value)
    assert moved.dtstart.value.timestamp() == pytest.approx(
        first.dtstart.value.timestamp() + 3 * 86_400, abs=120
    )
    kota.do("POST", path(event, "cancel"), REASON)
    gone = read(visitor, feed)[event["title"]]
    assert (gone.uid.value, gone.status.value) == (first.uid.value, "CANCELLED")
    assert int(gone.sequence.value) > int(moved.sequence.value)


def test_ones_own_calendar_says_where_one_stands(
    crowd: list[Person], kota: Person, visitor: Person
) -> None:
    event = announced(kota, capacity=1)
    ayu, budi = crowd[:2]
    mine = register(ayu, event)
    register(budi, event)
    feeds = [opened(person, scope="member") for person in (ayu, budi)]
    status = [read(visitor, feed)[event["title"]].status.value for feed in feeds]
    assert status == ["CONFIRMED", "TENTATIVE"]
    give_back(ayu, mine)
    status = [read(visitor, feed)[event["title"]].status.value for feed in feeds]
    assert status == ["CANCELLED", "CONFIRMED"]


def test_an_areas_calendar_holds_what_its_owner_may_see(
    crowd: list[Person], kota: Person, kabupaten: Person, visitor: Person
) -> None:
    shown = announced(kota)
    officers = announced(kota, audience="officers")
    draft, elsewhere = planned(kota), announced(kabupaten, area=KABUPATEN)
    mine = read(visitor, opened(crowd[0], scope="area", area=KOTA))
    hers = read(visitor, opened(kota, scope="area", area=KOTA))
    all_of_them = read(visitor, opened(crowd[0], scope="region"))
    assert shown["title"] in mine and officers["title"] not in mine
    assert {shown["title"], officers["title"]} <= hers.keys()
    assert not {draft["title"], elsewhere["title"]} & (mine.keys() | hers.keys())
    assert {shown["title"], elsewhere["title"]} <= all_of_them.keys()
    unsaid = crowd[0].command("POST", "/v1/calendar-feeds", {"scope": "area"})
    problem(unsaid, 422, "events.feed_invalid")


def test_a_revoked_token_opens_nothing_and_is_kept_nowhere(
    crowd: list[Person], visitor: Person, databases: dict[str, Any]
) -> None:
    ayu, budi = crowd[:2]
    phone = Phone(ayu)
    feed = opened(ayu, scope="region")
    token = parse_qs(urlsplit(feed["url"]).query)["token"][0]
    read(visitor, feed)
    (kept,) = [one for one in ayu.all("/v1/calendar-feeds") if one["id"] == feed["id"]]
    assert "token_digest" not in kept
    found = databases["events"]["calendar_feed"].find_one({"_id": feed["id"]})
    assert found["token_digest"] == hashlib.sha256(token.encode()).hexdigest()
    for name in ("events", "gateway"):
        for collection in databases[name].list_collection_names():
            rows = databases[name][collection].find({})
            assert not any(token in repr(row) for row in rows), (name, collection)
    phone.settle(0.2)
    assert not any("token_digest" in one for one in phone.held.values())
    problem(budi.command("DELETE", f"/v1/calendar-feeds/{feed['id']}"), 404)
    assert ayu.do("DELETE", f"/v1/calendar-feeds/{feed['id']}")["revoked"] is True
    address = urlsplit(feed["url"])
    problem(visitor.client.get(f"{address.path}?{address.query}"), 404)


def test_a_guessed_token_opens_nothing(visitor: Person) -> None:
    for token in ("x" * 32, "..", "%00", "a" * 500, ""):
        answer = visitor.client.get("/v1/calendar.ics", params={"token": token})
        assert answer.status_code in (400, 404), token


def test_a_calendar_that_has_not_changed_is_not_sent_again(
    crowd: list[Person], visitor: Person
) -> None:
    feed = opened(crowd[0], scope="member")
    address = urlsplit(feed["url"])
    where = f"{address.path}?{address.query}"
    first = visitor.client.get(where)
    again = visitor.client.get(where, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert told(visitor.get("/healthz"), 200)
