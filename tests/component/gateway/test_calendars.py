"""Calendars: what any calendar program reads, checked with a parser that is not ours."""

import hashlib

import pytest
import vobject

from chassis import clock
from contracts.events import states
from contracts.events.commands import OpenCalendarFeed, RevokeCalendarFeed
from gateway.question import Reply
from tests.support.gateway import answered, peopled
from tests.support.stated import a_feed, a_registration, an_event, later

TOKEN = "a-token-of-more-than-twenty-signs"
DIGEST = hashlib.sha256(TOKEN.encode()).hexdigest()


@pytest.fixture(autouse=True)
def soon_after_the_announcement(monkeypatch):
    """The calendars of these tests are read in the year of their events."""
    monkeypatch.setattr(clock, "now", lambda: "2026-11-21T02:00:00.000Z")


def entries(house):
    """The entries of the calendar behind the token, by UID."""
    answer = house.get(f"/v1/calendar.ics?token={TOKEN}")
    assert answer.status_code == 200, answer.text
    parsed = vobject.readOne(answer.text)
    return {one.uid.value: one for one in getattr(parsed, "vevent_list", [])}, parsed


def test_an_entry_has_a_stable_uid_a_zone_and_a_place():
    house = peopled()
    house.put(a_feed(DIGEST), an_event(description="Bawa laptop.\nDan charger; ya, itu."))

    found, calendar = entries(house)
    entry = found["e1@kediri-raya.jejaring"]

    assert entry.summary.value == "Lokakarya barcode"
    assert entry.dtstart.value.isoformat() == "2026-12-10T09:00:00+07:00"
    assert entry.location.value == "Aula, Jl. Mawar 1"
    assert entry.description.value.startswith("10-12-2026 09.00–12.00 WIB")
    assert entry.description.value.endswith("Dan charger; ya, itu.")
    assert calendar.vtimezone.tzid.value == "Asia/Jakarta"
    assert calendar.method.value == "PUBLISH"


def test_a_place_without_coordinates_is_told_by_its_name():
    house = peopled()
    house.put(
        a_feed(DIGEST),
        an_event("e1"),
        an_event("e2", venue=states.Place(name="Balai desa")),
    )

    found, _ = entries(house)
    known, unknown = found["e1@kediri-raya.jejaring"], found["e2@kediri-raya.jejaring"]

    assert known.geo.value == "-7.8;112.0"
    assert unknown.location.value == "Balai desa"
    assert "geo" not in unknown.contents


@pytest.mark.parametrize(
    ("timezone", "printed"),
    [
        ("Asia/Jakarta", "09.00–12.00 WIB"),
        ("Asia/Makassar", "10.00–13.00 WITA"),
        ("Asia/Jayapura", "11.00–14.00 WIT"),
    ],
)
def test_the_zone_is_printed_as_people_call_it(timezone, printed):
    house = peopled()
    house.put(a_feed(DIGEST), an_event(timezone=timezone))

    assert printed in entries(house)[0]["e1@kediri-raya.jejaring"].description.value


def test_a_change_keeps_the_uid_and_grows_the_sequence():
    house = peopled()
    event = an_event()
    house.put(a_feed(DIGEST), event)
    before = entries(house)[0]["e1@kediri-raya.jejaring"].sequence.value
    house.put(later(event, starts_at="2026-12-11T02:00:00.000Z"))
    after = entries(house)[0]["e1@kediri-raya.jejaring"].sequence.value

    assert int(after) > int(before)


def test_a_cancelled_event_is_said_to_be_cancelled():
    house = peopled()
    house.put(a_feed(DIGEST), an_event(state="cancelled"))

    assert entries(house)[0]["e1@kediri-raya.jejaring"].status.value == "CANCELLED"


def test_an_area_s_calendar_holds_its_events_and_no_drafts():
    house = peopled()
    house.put(
        a_feed(DIGEST, scope="area", area="35.71", member_id="koko"),
        an_event("e1"),
        an_event("e2", area="35.06"),
        an_event("e3", state="draft", published_at=None),
    )

    assert entries(house)[0].keys() == {"e1@kediri-raya.jejaring"}


def test_a_member_s_calendar_follows_his_registrations():
    house = peopled()
    house.put(
        a_feed(DIGEST, scope="member"),
        *(an_event(f"e{number}") for number in range(1, 5)),
        a_registration("r1", event_id="e1"),
        a_registration("r2", event_id="e2", state="waiting"),
        a_registration("r3", event_id="e3", state="cancelled"),
    )

    told = {uid[:2]: entry.status.value for uid, entry in entries(house)[0].items()}
    assert told == {"e1": "CONFIRMED", "e2": "TENTATIVE", "e3": "CANCELLED"}


def test_a_revoked_or_unknown_token_opens_nothing():
    house = peopled()
    house.put(a_feed(DIGEST, revoked=True))

    assert house.get(f"/v1/calendar.ics?token={TOKEN}").status_code == 404
    for made_up in ("x" * 30, "x", "not a token"):
        assert house.get(f"/v1/calendar.ics?token={made_up}").status_code == 404
    assert house.get("/v1/calendar.ics").status_code == 400


def test_an_unchanged_calendar_is_not_sent_again():
    house = peopled()
    house.put(a_feed(DIGEST), an_event())
    etag = house.get(f"/v1/calendar.ics?token={TOKEN}").headers["ETag"]

    assert house.get(f"/v1/calendar.ics?token={TOKEN}", If_None_Match=etag).status_code == 304


def test_one_s_calendars_are_listed_without_anything_that_opens_them():
    house = peopled()
    house.put(a_feed(DIGEST))

    items = house.get("/v1/calendar-feeds", by="ayu").json["items"]
    assert [one["id"] for one in items] == ["f1"]
    assert DIGEST not in repr(items)
    assert house.get("/v1/calendar-feeds", by="budi").json["items"] == []


def test_the_address_is_told_once_and_revoking_hides_the_digest():
    house = peopled()
    url = f"http://gateway.test/v1/calendar.ics?token={TOKEN}"
    house.backend.replies[OpenCalendarFeed.verb] = Reply(result={"id": "f1", "url": url})
    house.backend.replies[RevokeCalendarFeed.verb] = answered(a_feed(DIGEST, revoked=True))

    opened = house.send("POST", "/v1/calendar-feeds", by="ayu", json={"scope": "region"})
    ended = house.send("DELETE", "/v1/calendar-feeds/f1", by="ayu")

    assert opened.json == {"id": "f1", "url": url}
    assert ended.json["revoked"] is True
    assert DIGEST not in ended.text
