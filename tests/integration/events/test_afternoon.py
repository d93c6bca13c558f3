"""The day itself and after, on a real broker and database: tickets, feedback, certificates."""

import pytest

from chassis import clock
from contracts.events import commands
from tests.support.house_of_events import announced, by
from tests.support.infrastructure import until
from tests.support.verify_ticket import verify_ticket

pytestmark = pytest.mark.cell

NAMES = [f"m{n:03d}" for n in range(6)]


@pytest.fixture
def event(house, asker):
    """An event that is about to begin; everybody has a seat."""
    event = announced(asker, capacity=10)
    at = clock.later(clock.now(), 600)
    times = {"starts_at": at, "ends_at": clock.later(at, 3600), "certificates": True}
    for name in NAMES:
        asker.ask(commands.Register(event_id=event), **by(name))
    house.books["event"].update_one({"_id": event}, {"$set": times})
    return event


def over(house, event):
    """The event ended an hour ago."""
    at = clock.later(clock.now(), -3 * 3600)
    times = {"starts_at": at, "ends_at": clock.later(at, 2 * 3600)}
    house.books["event"].update_one({"_id": event}, {"$set": times})


def come(house, asker, event, names):
    """They show their tickets."""
    rows = house.books["registration"].find({"member_id": {"$in": names}})
    scans = tuple(commands.Scan(ticket=row["ticket"]) for row in rows)
    answer = asker.ask(commands.CheckIn(event_id=event, scans=scans), **by("rudi"))
    return [one["outcome"] for one in answer["result"]["results"]]


def test_tickets_verify_with_the_public_keys_that_were_said(house, asker, event):
    keys = {row["_id"]: {**row, "kid": row["_id"]} for row in house.books["event_key"].find({})}
    now = int(clock.moment(clock.now()).timestamp())

    for row in house.books["registration"].find({}):
        found = [verify_ticket(row["ticket"], key, event, now) for key in keys.values()]
        assert found.count(row["_id"]) == 1


def test_who_was_there_is_certified_by_itself_after_the_closing(house, asker, event):
    assert come(house, asker, event, NAMES[:4]) == ["accepted"] * 4
    over(house, event)
    house.books["leases"].delete_many({})

    close = commands.CloseEvent(event_id=event, minutes_waiver="Tidak ada notulen")
    assert asker.ask(close, **by("rudi"))["result"]["state"] == "closed"

    until(lambda: house.books["certificate"].count_documents({}) == 4)
    until(lambda: house.books["certificate_batch"].count_documents({}) == 0)
    assert house.states() == {"attended": 4, "no_show": 2}
    again = asker.ask(commands.IssueCertificates(event_id=event), **by("rudi"))["result"]
    assert again == {"issued": 0, "remaining": 0}


def test_nothing_that_is_kept_leads_from_feedback_to_who_gave_it(house, asker, event):
    come(house, asker, event, NAMES)
    over(house, event)

    for score, name in enumerate(NAMES[:5], start=1):
        said = commands.GiveFeedback(event_id=event, score=score)
        assert asker.ask(said, key=f"k-{name}", **by(name))["result"]["score"] == score
    second = asker.ask(commands.GiveFeedback(event_id=event, score=1), key="k-m000", **by("m000"))

    assert second["refusal"]["code"] == "events.feedback_given"
    kept = [str(row["_id"]) for row in house.books["outbox"].find({"fingerprint": {"$ne": None}})]
    assert [row for row in kept if "give_feedback" in row] == []
    (mark,) = house.books["feedback_mark"].find({})
    assert mark.keys() == {"_id", "marks"}
    assert mark["marks"] == sorted(mark["marks"])
    assert len(mark["marks"]) == 5
    for row in house.books["feedback"].find({}):
        assert row["created_at"] == row["updated_at"] == f"{clock.now()[:10]}T00:00:00.000Z"
        assert not {"member_id", "registration_id", "name"} & row.keys()


def test_the_token_of_a_calendar_is_kept_nowhere(house, asker, event):
    answer = asker.ask(commands.OpenCalendarFeed(scope="member"), key="k1", **by("m000"))

    token = answer["result"]["url"].partition("token=")[2]
    assert len(token) == 32
    for name in ("calendar_feed", "outbox"):
        assert token not in str(list(house.books[name].find({})))
