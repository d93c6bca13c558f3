"""Parked facts keep their reason and their place until somebody decides, and are spoken of."""

from base64 import urlsafe_b64encode

import bson
import orjson
import pytest

from chassis import parking
from chassis.call import Actor, Call
from chassis.errors import Outage
from chassis.keeping import KeepsParked
from chassis.parking import MOST_KEPT_BYTES, ParkedUnknown, park, restate_parked, unpark
from contracts.operations import DropParked, ReplayParked
from tests.support.plain import Deaf, MemoryDesk, a_delivery

FACT = orjson.dumps({"type": "jejaring.members.area_created.v1", "subject": "area/35.71"})
QUEUE = "hear.kediri-raya.notifications"


@pytest.fixture
def desk():
    return MemoryDesk()


@pytest.fixture
def publisher(monkeypatch):
    found = Deaf()
    monkeypatch.setattr(parking, "Publisher", lambda uri: found)
    return found


def parked(desk, body=FACT, reason="because"):
    park(desk, QUEUE, a_delivery(body), reason, 3)
    return list(desk.database["parked"].rows.values())[-1]


def said_of(row):
    return [row["parked"][name] for name in ("fact", "subject", "hearer", "reason", "attempts")]


def test_a_parked_fact_says_what_it_is_and_why(desk):
    row = parked(desk)

    told = ["jejaring.members.area_created.v1", "area/35.71", "notifications", "because", 3]
    assert said_of(row) == told
    assert (row["queue"], row["body"]) == (QUEUE, FACT)


def test_parking_is_a_fact_without_the_body_and_names_whom_to_ask(desk):
    row = parked(desk)

    (said,) = desk.said
    assert (said.type, said.sequence) == ("jejaring.operations.fact_parked.v1", 1)
    assert said.data == {"parked": row["parked"]}
    assert ReplayParked(id=row["_id"]).service == "notifications"


def test_who_has_no_relay_keeps_quiet():
    desk = MemoryDesk(speaks=False)

    row = parked(desk)
    answer = unpark(desk, DropParked(id=row["_id"]))

    assert (desk.said, answer.facts) == ([], [])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'{"type": 1}', b"\xff"])
def test_what_cannot_be_read_is_parked_as_it_is(desk, body):
    row = parked(desk, body)

    assert (*said_of(row)[:2], row["body"]) == ("unreadable", "", body)


def test_words_of_strangers_are_kept_short(desk):
    body = orjson.dumps({"type": "t" * 5000, "subject": {"a": "s" * 5000}})

    fact, subject, _, reason, _ = said_of(parked(desk, body, "r" * 5000))

    assert (len(fact), len(subject), len(reason)) == (200, 200, 2000)


def test_a_body_that_no_document_could_hold_is_cut(desk):
    row = parked(desk, b"x" * (MOST_KEPT_BYTES + 1))

    assert len(row["body"]) == MOST_KEPT_BYTES


def test_text_that_no_document_could_hold_is_written_out(desk):
    strange = {"x-origin": "jejaring.from.\ud800"}

    park(desk, QUEUE, a_delivery(b"{", application_headers=strange), "type '\udfff' is not ours", 1)

    (row,) = desk.database["parked"].rows.values()
    assert (row["origin"], row["parked"]["reason"]) == (
        r"jejaring.from.\ud800",
        r"type '\udfff' is not ours",
    )
    assert bson.encode(row)


def test_a_replayed_fact_goes_back_to_its_hearer_and_leaves(desk, publisher):
    row = parked(desk)

    answer = unpark(desk, ReplayParked(id=row["_id"]))

    (message,) = publisher.delivered
    assert (message.exchange, message.routing_key, message.body) == ("", QUEUE, FACT)
    assert (answer.facts[0]["sequence"], answer.facts[0]["data"]["parked"]["state"]) == (
        2,
        "replayed",
    )
    with pytest.raises(ParkedUnknown):
        unpark(desk, ReplayParked(id=row["_id"]))


def test_a_fact_that_did_not_arrive_stays_parked(desk, monkeypatch):
    row = parked(desk)
    monkeypatch.setattr(parking, "Publisher", lambda uri: Deaf(Outage("away")))

    with pytest.raises(Outage):
        unpark(desk, ReplayParked(id=row["_id"]))

    assert unpark(desk, DropParked(id=row["_id"])).facts[0]["data"]["parked"]["state"] == "dropped"
    with pytest.raises(ParkedUnknown):
        unpark(desk, DropParked(id=row["_id"]))


def test_what_is_still_parked_is_said_again(desk, publisher):
    kept, gone = parked(desk), parked(desk)
    service = KeepsParked()
    service.desk = desk
    service.unpark(Call(command=DropParked(id=gone["_id"]), actor=Actor(), deadline=0))
    desk.said.clear()

    service.restate_parked()

    assert [(said.name, said.state.id) for said in desk.said] == [
        ("operations.parked_restated.v1", kept["_id"])
    ]
    assert restate_parked(desk) == 1


def test_a_signed_fact_says_what_it_is_though_nobody_believed_it(desk):
    payload = urlsafe_b64encode(FACT).rstrip(b"=")
    row = parked(desk, b".".join((b"e30", payload, b"c2ln")))

    assert said_of(row)[:2] == ["members.area_created.v1", "area/35.71"] or said_of(row)[:2] == [
        "jejaring.members.area_created.v1",
        "area/35.71",
    ]
    assert said_of(parked(desk, b"halo.!.x"))[0] == "unreadable"


def test_what_came_from_elsewhere_goes_back_as_from_there(desk, publisher):
    park(desk, QUEUE, a_delivery(FACT, exchange="jejaring.from.semarang"), "because", 1)
    (row,) = desk.database["parked"].rows.values()

    unpark(desk, ReplayParked(id=row["_id"]))

    assert publisher.delivered[0].headers == {"x-origin": "jejaring.from.semarang"}
