"""Envelopes are read strictly: what disagrees with itself is not heard."""

import pytest

from contracts.catalogue import FACTS
from contracts.codec import Malformed, encode
from contracts.envelope import open_fact, read, seal
from contracts.members.facts import AreaCreated
from contracts.members.states import Area

A_TIME = "2026-11-21T02:00:00.123Z"
FACT = AreaCreated(
    area=Area(
        id="35.71",
        version=1,
        region="kediri-raya",
        created_at=A_TIME,
        updated_at=A_TIME,
        name="Kota Kediri",
        codes=("35.71",),
    )
)


def an_envelope(**changes):
    sealed = seal(FACT, id="01", region="kediri-raya", time=A_TIME, correlation="req-1")
    return {**encode(sealed), **changes}


def test_an_envelope_says_who_said_what_about_whom():
    envelope = read(an_envelope())

    assert envelope.name == "members.area_created.v1" == AreaCreated.name
    assert (envelope.region, envelope.speaker) == ("kediri-raya", "members")
    assert (envelope.subject, envelope.sequence) == ("area/35.71", 1)
    assert envelope.correlationid == "req-1"
    assert open_fact(envelope, FACTS) == FACT


def test_a_fact_goes_where_its_name_says():
    assert AreaCreated.route("kediri-raya") == "kediri-raya.cell.members.area_created.v1"
    assert FACT.speaker == "members"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"specversion": "0.3"}, "specversion '0.3' is not known"),
        ({"specversion": 1.0}, "/specversion: str is needed"),
        ({"type": "org.evil.area_created.v1"}, "type 'org.evil.area_created.v1' is not ours"),
        ({"type": None}, "/type: str is needed"),
        ({"source": "members"}, "source 'members' names no speaker"),
        ({"source": "/regions/kediri-raya"}, "names no speaker"),
        ({"source": "/regions/kediri-raya/members/x"}, "names no speaker"),
        ({"source": "/cells/kediri-raya/members"}, "names no speaker"),
        ({"sequence": 0}, "sequence starts at 1"),
        ({"sequence": -1}, "sequence starts at 1"),
        ({"sequence": "1"}, "/sequence: int is needed"),
        ({"id": 7}, "/id: str is needed"),
    ],
)
def test_what_is_not_an_envelope_is_malformed(changes, message):
    with pytest.raises(Malformed, match=message):
        read(an_envelope(**changes))


@pytest.mark.parametrize("missing", ["id", "source", "type", "subject", "time", "sequence", "data"])
def test_an_envelope_needs_all_its_parts(missing):
    raw = an_envelope()
    del raw[missing]

    with pytest.raises(Malformed, match=f"Envelope: {missing} missing"):
        read(raw)


def test_traces_are_optional():
    raw = an_envelope()
    del raw["traceparent"], raw["correlationid"]

    assert (read(raw).traceparent, read(raw).correlationid) == ("", "")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"type": "jejaring.members.area_painted.v1"}, "nobody here knows members.area_painted.v1"),
        ({"type": "jejaring.members.member_joined.v1"}, "MemberJoined: member missing"),
        ({"subject": "area/35.06"}, "is not the subject of the data"),
        ({"subject": "member/35.71"}, "is not the subject of the data"),
        ({"sequence": 2}, "sequence and version differ"),
        ({"data": {"area": {"id": "35.71"}}}, "/area: codes, .* missing"),
    ],
)
def test_an_envelope_that_disagrees_with_its_data_is_malformed(changes, message):
    with pytest.raises(Malformed, match=message):
        open_fact(read(an_envelope(**changes)), FACTS)


@pytest.mark.parametrize("data", [None, [], "area", 7])
def test_the_data_of_an_envelope_is_an_object(data):
    with pytest.raises(Malformed, match="object|dict"):
        open_fact(read(an_envelope(data=data)), FACTS)


def test_nobody_speaks_in_the_name_of_another():
    with pytest.raises(Malformed, match="events does not say members.area_created.v1"):
        open_fact(read(an_envelope(source="/regions/kediri-raya/events")), FACTS)
