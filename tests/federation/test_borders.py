"""What may not cross does not: forged facts are parked, and nobody's secrets are on the wire."""

import json
from typing import Any

import amqp

from chassis.crossing import sealed
from chassis.signing import SigningSecret, new_secret
from contracts.codec import decode, encode
from contracts.envelope import Envelope, seal
from contracts.events.facts import EventRestated
from contracts.federation.crossing import CROSSING
from contracts.publish.released import sample
from tests.federation.regions import Pair, registers
from tests.support.infrastructure import until

FROM = "jejaring.from.semarang"


def signs(both: Pair) -> SigningSecret:
    """Semarang's own key."""
    row = both.semarang.mongo["jejaring_federation"]["signing_secret"].find_one({})
    return decode(SigningSecret, row)


def event_fact(both: Pair, **fields: Any) -> Envelope:
    """An event as Semarang would share it; its own unless told otherwise."""
    row = both.semarang.mongo["jejaring_federation"]["said"].find_one({"shared": True})
    told = decode(Envelope, row["envelope"])
    state = dict(told.data["event"]) | {"id": "palsu", "title": "Palsu", "version": 7} | fields
    fact = decode(EventRestated, {"event": state})
    return seal(fact, id="palsu-1", region="semarang", time="2026-11-21T02:00:00.000Z")


def refused(both: Pair, body: bytes) -> str:
    """Why what came from Semarang's direction was not heard."""
    with both.kediri.channel() as channel:
        channel.basic_publish(amqp.Message(body, delivery_mode=2), FROM, "border")
    (parked,) = until(
        lambda: [one for one in both.kediri.parked() if one["hearer"] == "federation"]
    )
    both.kediri.drop_parked()
    until(lambda: not both.kediri.parked())
    return str(parked["reason"])


def test_unsigned_changed_and_stolen_facts_are_parked_and_not_heard(both: Pair):
    shared = both.semarang.announces("Asli")
    until(lambda: both.kediri.sees(shared["id"]))
    key, good = signs(both), event_fact(both)
    signed = sealed(good, key, "kediri-raya")
    head, payload, tail = signed.split(b".")
    stranger = new_secret(key.id, key.created_at, key.signs_from)
    bad = {
        "unsigned": json.dumps(encode(good)).encode(),
        "changed": b".".join((head, payload[:-9] + b"A" + payload[-8:], tail)),
        "another key": sealed(good, stranger, "kediri-raya"),
        "said to another region": sealed(good, key, "surabaya"),
        "nothing": b"halo",
    }

    for what, body in bad.items():
        assert refused(both, body).startswith("from semarang: "), what
    assert not both.kediri.sees("palsu")


def test_a_peer_speaks_of_its_own_public_events_and_of_nothing_else(both: Pair):
    shared, mine = both.semarang.announces(), both.kediri.announces(scope="cell")
    until(lambda: both.kediri.sees(shared["id"]))
    key = signs(both)

    def said(envelope: Envelope) -> str:
        return refused(both, sealed(envelope, key, "kediri-raya"))

    member = decode(Envelope, sample("members.member_joined.v1"))
    assert "nobody here knows members.member_joined.v1" in said(member)
    case = decode(Envelope, sample("mentoring.mentorship_requested.v1"))
    assert "nobody here knows mentoring.mentorship_requested.v1" in said(case)
    elsewhere = event_fact(both, region="surabaya")
    assert "speaks for" in said(elsewhere)
    assert "what must stay there" in said(event_fact(both, scope="cell"))
    assert "what must stay there" in said(event_fact(both, created_by="koordinator"))
    claimed = event_fact(both, id=mine["id"], version=99)
    assert "belongs to another region" in said(claimed)
    assert both.kediri.sees(mine["id"])["title"] == mine["title"]


def test_a_fact_of_another_region_in_the_house_itself_is_parked(both: Pair):
    forged = json.dumps(encode(event_fact(both))).encode()
    with both.kediri.channel() as channel:
        key = "semarang.cell.events.event_restated.v1"
        channel.basic_publish(amqp.Message(forged, delivery_mode=2), "jejaring.facts", key)

    parked = until(lambda: both.kediri.parked())

    assert {one["reason"] for one in parked} == {"unreadable: semarang does not speak here"}
    assert not both.kediri.sees("palsu")
    both.kediri.drop_parked()


def test_the_wire_carries_what_is_on_the_list_and_nothing_personal(both: Pair):
    event = both.semarang.announces("Di kawat", capacity=50)
    until(lambda: both.kediri.sees(event["id"]))
    shy = both.kediri.joins("Pemalu Sekali")
    open_ = both.kediri.joins("Terbuka Sekali", "network")
    house = {"npsn": "20541908", "name": "SMAN Rahasia", "level": "SMA", "area": both.kediri.area}
    both.kediri.coordinator.command("POST", "/v1/institutions", house)
    competencies = {"ratings": [{"area": "LIB", "level": 3}]}
    open_.do("PUT", f"/v1/members/{open_.id}/competencies", competencies)
    registers(open_, event)
    until(lambda: "Terbuka Sekali" in str(both.kediri.wire.facts()))

    facts = [fact for wire in both.wires for fact in wire.facts()]
    taken = b"".join(bytes(wire.taken) for wire in both.wires)
    names = {fact["type"].removeprefix("jejaring.") for fact in facts}
    assert len(facts) > 5
    assert names <= set(CROSSING)
    told = json.dumps(facts)
    for secret in ("Pemalu Sekali", "SMAN Rahasia", shy.id, open_.id, "@kediri-raya.example"):
        assert secret not in told, secret
        assert secret.encode() not in taken, secret
    words = ("mentorship", "competenc", "notice", "delivery", "appointment", "ratings")
    for word in words:
        assert f'"{word}' not in told, word
    for fact in facts:
        for part in fact["data"].values():
            assert not {"member_id", "registered_by", "created_by"} & {
                name for name, value in part.items() if value is not None
            }, fact["type"]
