"""Golden samples: what was once said is understood for ever, by speaker and hearer."""

import copy
import json

import pytest

from contracts.catalogue import FACTS
from contracts.codec import encode, field_types, required
from contracts.envelope import Envelope, open_fact, read, seal
from contracts.fact import Fact
from contracts.publish.released import LIST, SAMPLES, sample
from contracts.publish.schemas import inside

EVERY_FACT = pytest.mark.parametrize("name", sorted(FACTS))


def heard(raw: object) -> Fact:
    """The fact as a hearer of today gets it."""
    return open_fact(read(raw), FACTS)


def said_again(fact: Fact, told: Envelope) -> object:
    """The fact as its speaker puts it on the wire."""
    envelope = seal(
        fact,
        id=told.id,
        region=told.region,
        time=told.time,
        traceparent=told.traceparent,
        correlation=told.correlationid,
    )
    return encode(envelope)


@EVERY_FACT
def test_every_fact_has_a_sample(name):
    assert (SAMPLES / f"{name}.json").is_file(), f"add contracts/samples/{name}.json"


def test_there_is_no_sample_without_a_fact():
    assert {path.stem for path in SAMPLES.glob("*.json")} - {LIST.stem} == set(FACTS)


@EVERY_FACT
def test_the_speaker_says_exactly_the_sample(name):
    told = sample(name)

    assert said_again(heard(told), read(told)) == told


@EVERY_FACT
def test_a_sample_stays_the_same_after_one_more_trip_over_the_wire(name):
    fact = heard(sample(name))

    assert heard(json.loads(json.dumps(said_again(fact, read(sample(name)))))) == fact


@EVERY_FACT
def test_a_hearer_ignores_what_a_newer_speaker_adds(name):
    newer = with_strange_fields(sample(name))

    assert heard(newer) == heard(sample(name))


# Maps whose keys are no field names.
OWN_WORDS = ("answers", "categories", "quiet_hours", "before", "after")


def with_strange_fields(value: object) -> object:
    """The same JSON with an unknown field in every object."""
    if isinstance(value, dict):
        return {
            **{k: v if k in OWN_WORDS else with_strange_fields(v) for k, v in value.items()},
            "dari_masa_depan": {"v": 2},
        }
    return [with_strange_fields(part) for part in value] if isinstance(value, list) else value


@EVERY_FACT
def test_a_hearer_does_without_optional_fields(name):
    cls = FACTS[name]
    state_class = field_types(cls)[cls.kind]
    optional = field_types(state_class).keys() - required(state_class)
    whole = sample(name)

    for field in optional:
        older = copy.deepcopy(whole)
        older["data"][cls.kind].pop(field, None)  # what came later is not in a sample
        default = state_class.__dataclass_fields__[field].default
        assert getattr(heard(older).state, field) == default


@EVERY_FACT
def test_a_fact_about_people_carries_only_what_its_state_declares(name):
    told = sample(name)["data"]
    declared = {field for cls in inside(FACTS[name]) for field in field_types(cls)}

    assert set(names_in(told)) <= declared


def names_in(value: object) -> list[str]:
    """Every field name in a JSON value."""
    if isinstance(value, dict):
        named = [part for field, part in value.items() if field not in OWN_WORDS]
        return [*value, *(name for part in named for name in names_in(part))]
    return [n for part in value for n in names_in(part)] if isinstance(value, list) else []


def test_a_member_who_left_takes_his_personal_data_along():
    state = heard(sample("members.member_left.v1")).state

    told = encode(state)
    gone = ("email", "phone", "expectation", "institution_id", "education")
    assert [told[field] for field in gone] == [None] * len(gone)
    assert (told["consents"], told["affiliations"], told["motives"]) == ([], [], [])
