"""Parked facts keep their reason and their place until somebody decides."""

import orjson
import pytest

from chassis.errors import Outage
from chassis.parking import MOST_KEPT_BYTES, drop, park, parked_page, replay
from tests.support.plain import Deaf, MemoryDatabase, a_delivery

FACT = orjson.dumps({"type": "jejaring.members.area_created.v1", "subject": "area/35.71"})


@pytest.fixture
def database():
    return MemoryDatabase()


def parked(database, body=FACT, reason="because"):
    park(database, "hear.kediri-raya.projector", a_delivery(body), reason, 3)
    return list(database["parked"].rows.values())[-1]


def test_a_parked_fact_says_what_it_is_and_why(database):
    row = parked(database)

    assert (row["fact"], row["subject"]) == ("jejaring.members.area_created.v1", "area/35.71")
    assert (row["hearer"], row["attempts"]) == ("hear.kediri-raya.projector", 3)
    assert (row["reason"], row["body"]) == ("because", FACT)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'{"type": 1}', b"\xff"])
def test_what_cannot_be_read_is_parked_as_it_is(database, body):
    row = parked(database, body)

    assert (row["fact"], row["subject"], row["body"]) == ("unreadable", "", body)


def test_words_of_strangers_are_kept_short(database):
    body = orjson.dumps({"type": "t" * 5000, "subject": {"a": "s" * 5000}})

    row = parked(database, body, "r" * 5000)

    assert (len(row["fact"]), len(row["subject"]), len(row["reason"])) == (200, 200, 2000)


def test_a_body_that_no_document_could_hold_is_cut(database):
    row = parked(database, b"x" * (MOST_KEPT_BYTES + 1))

    assert len(row["body"]) == MOST_KEPT_BYTES


def test_pages_follow_the_order_of_arrival(database):
    ids = [parked(database)["_id"] for _ in range(5)]

    first = parked_page(database, limit=3)
    rest = parked_page(database, after=first[-1]["_id"])

    assert [row["_id"] for row in [*first, *rest]] == sorted(ids)
    assert all("body" not in row for row in first)


def test_a_replayed_fact_goes_back_to_its_hearer_and_leaves(database):
    row, publisher = parked(database), Deaf()

    assert replay(database, publisher, row["_id"]) is True

    (message,) = publisher.delivered
    assert (message.exchange, message.routing_key) == ("", "hear.kediri-raya.projector")
    assert message.body == FACT
    assert replay(database, publisher, row["_id"]) is False


def test_a_fact_that_did_not_arrive_stays_parked(database):
    row = parked(database)

    with pytest.raises(Outage):
        replay(database, Deaf(Outage("away")), row["_id"])

    assert drop(database, row["_id"]) is True
    assert drop(database, row["_id"]) is False
