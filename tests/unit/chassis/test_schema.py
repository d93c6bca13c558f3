"""The door takes exactly what the contract says, and nothing that only looks like it."""

from dataclasses import dataclass
from typing import Annotated

import pytest
from marshmallow import ValidationError

from chassis.schema import schema_of
from contracts.catalogue import COMMANDS
from contracts.codec import decode, field_types
from contracts.events.commands import Register, RescheduleEvent
from contracts.members.commands import (
    AddEvidence,
    ChangeArea,
    CreateArea,
    FoundRegion,
    ImportInstitutions,
    RateCompetencies,
    SetConsents,
    SignUp,
)
from contracts.notifications.commands import SetPreferences
from contracts.types import Number, Secret

AREA = {"id": "35.71", "name": "Kota Kediri", "codes": ["35.71"]}
OPERATORS = [
    {"$ne": None},
    {"$gt": ""},
    {"$regex": ".*"},
    {"$where": "sleep(1000)"},
    [{"$ne": None}],
    {"$in": ["35.71"]},
]


def load(cls, body, exclude=()):
    return schema_of(cls, exclude)().load(body)


def wrong(cls, body, exclude=()):
    with pytest.raises(ValidationError) as refused:
        load(cls, body, exclude)
    return refused.value.messages


def test_what_was_sent_comes_through_and_nothing_else():
    assert load(CreateArea, AREA) == AREA
    command = decode(CreateArea, load(CreateArea, {**AREA, "latitude": -8, "longitude": None}))
    assert (command.latitude, command.longitude) == (-8.0, None)


@pytest.mark.parametrize("verb", sorted(COMMANDS))
def test_every_command_has_a_schema_that_knows_all_its_fields(verb):
    schema = schema_of(COMMANDS[verb])

    known = {field.attribute or name for name, field in schema().fields.items()}
    assert known == set(field_types(COMMANDS[verb]))
    assert schema is schema_of(COMMANDS[verb]), "made once"


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("field", ["id", "name", "codes", "latitude"])
def test_operator_objects_are_never_values(field, operator):
    assert wrong(CreateArea, {**AREA, field: operator}).keys() == {field}


@pytest.mark.parametrize("name", ["role", "state", "version", "$where", "name.first", "region"])
def test_unknown_fields_are_refused(name):
    assert wrong(CreateArea, {**AREA, name: "x"}) == {name: ["Unknown field."]}


def test_fields_of_the_path_are_not_taken_from_the_body():
    schema = schema_of(ChangeArea, ("area_id",))

    assert schema.__name__ == "ChangeAreaBody"
    assert load(ChangeArea, {"name": "Kediri"}, ("area_id",)) == {"name": "Kediri"}
    assert "area_id" in wrong(ChangeArea, {"area_id": "x"}, ("area_id",))


@pytest.mark.parametrize("missing", ["id", "name", "codes"])
def test_needed_fields_are_needed(missing):
    body = {name: value for name, value in AREA.items() if name != missing}

    assert wrong(CreateArea, body) == {missing: ["Missing data for required field."]}


def test_partial_changes_need_nothing_and_null_is_only_null_where_it_may_be():
    assert load(ChangeArea, {}, ("area_id",)) == {}
    assert "name" in wrong(ChangeArea, {"name": None}, ("area_id",))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "x" * 41),
        ("id", "-kediri"),
        ("id", "Kediri"),
        ("id", "kediri\n"),
        ("id", 35),
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 161),
        ("name", "a\x00b"),
        ("name", "a\x1bb"),
        ("name", "a\ud800b"),
        ("name", None),
        ("name", 7),
        ("name", True),
        ("name", ["Kota"]),
        ("codes", "35.71"),
        ("codes", [35.71]),
        ("codes", ["35.7"]),
        ("codes", ["35.71"] * 61),
        ("codes", {"0": "35.71"}),
        ("latitude", "-8.1"),
        ("latitude", True),
        ("latitude", 90.1),
        ("latitude", float("nan")),
        ("latitude", float("inf")),
        ("latitude", 10**400),
    ],
)
def test_values_outside_the_contract_are_refused(field, value):
    assert wrong(CreateArea, {**AREA, field: value}).keys() == {field}


@pytest.mark.parametrize("level", [-1, 5, 1.0, "3", True, None])
def test_a_level_is_a_whole_number_from_0_to_4(level):
    body = {"ratings": [{"area": "LIB", "level": level}]}

    told = wrong(RateCompetencies, body, ("member_id",))

    assert told.keys() == {"ratings"}
    assert told["ratings"][0].keys() == {"level"}


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "21-11-2026", "2026-11-1", 20261121])
def test_a_date_is_a_day_of_the_calendar(day):
    body = {"area": "ICT", "level": 2, "title": "SLiMS", "expires_on": day}

    assert wrong(AddEvidence, body, ("member_id",)).keys() == {"expires_on"}


def test_a_real_day_passes():
    body = {"area": "ICT", "level": 2, "title": "SLiMS", "expires_on": "2028-02-29"}

    assert load(AddEvidence, body, ("member_id",)) == body


def test_a_choice_is_one_of_the_choices():
    assert wrong(SignUp, {"name": "Dewi", "language": "jv"}).keys() == {"language"}
    assert load(SignUp, {"name": "Dewi", "language": "en", "motives": ["network"]})


@pytest.mark.parametrize("flag", ["true", "yes", 1, 0, None])
def test_a_flag_is_true_or_false(flag):
    assert wrong(ImportInstitutions, {"lines": [], "dry_run": flag}).keys() == {"dry_run"}
    assert load(ImportInstitutions, {"lines": [], "dry_run": True})["dry_run"] is True


def test_what_is_inside_is_as_strict_as_the_outside():
    body = {
        "name": "Kediri Raya",
        "timezone": "Asia/Jakarta",
        "areas": [{**AREA, "active": True}],
        "accounts": [],
    }

    assert wrong(FoundRegion, body) == {"areas": {0: {"active": ["Unknown field."]}}}


def test_a_secret_may_be_blank_and_is_never_dumped():
    @dataclass(frozen=True, kw_only=True)
    class Door:
        word: Secret
        height: Annotated[int, Number(least=0, most=9)]

    assert load(Door, {"word": "   ", "height": 2}) == {"word": "   ", "height": 2}
    assert schema_of(Door)().dump({"word": "x", "height": 2}) == {"height": 2}


@pytest.mark.parametrize("body", [None, [], "x", 7])
def test_a_body_is_an_object(body):
    assert wrong(CreateArea, body) == {"_schema": ["Invalid input type."]}


@pytest.mark.parametrize(
    "instant", ["2026-12-05", "2026-12-05T09:00:00", "0001-01-01T00:00:00Z", "besok"]
)
def test_an_instant_has_an_offset_and_lies_in_our_times(instant):
    body = {"reason": "ujian", "starts_at": instant}

    assert wrong(RescheduleEvent, body, ("event_id",)).keys() == {"starts_at"}


def test_an_instant_with_any_offset_passes():
    body = {"reason": "ujian", "starts_at": "2026-12-05T09:00:00+07:00"}

    assert load(RescheduleEvent, body, ("event_id",)) == body


@pytest.mark.parametrize("value", ["Ya", "", 3, 3.5, -(2**53) + 1, True])
def test_an_answer_is_a_text_a_number_or_a_boolean(value):
    body = {"answers": {"laptop": value}}

    assert load(Register, body, ("event_id",)) == body


@pytest.mark.parametrize(
    "answers",
    [
        *({"laptop": value} for value in [None, [], {}, {"$ne": 1}, "a\x00b", "x" * 1001]),
        *({"laptop": number} for number in [2**53, 10**400, float("nan"), float("inf")]),
        *({name: "Ya"} for name in ["", "$ne", "a.b", "a b", "x" * 65]),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_under_its_name(answers):
    (name,) = answers

    assert wrong(Register, {"answers": answers}, ("event_id",))["answers"].keys() == {name}


@pytest.mark.parametrize("answers", [7, "x", ["x"], {f"q{n}": True for n in range(51)}])
def test_answers_are_few_and_have_names(answers):
    assert list(wrong(Register, {"answers": answers}, ("event_id",))) == ["answers"]


def test_an_object_of_objects_is_checked_to_the_bottom():
    said = {"language": "id", "channels": [], "quiet_hours": None, "digest": "none"}

    assert load(SetPreferences, {**said, "categories": {"news": {"email": False}}})
    for email in ("no", 0, None, {}):
        categories = {"news": {"email": email}}
        messages = wrong(SetPreferences, {**said, "categories": categories})
        assert messages["categories"]["news"].keys() == {"email"}
    assert wrong(SetPreferences, {**said, "categories": {"news": False}})["categories"].keys()


def test_the_version_of_a_text_may_be_a_number():
    def said(version):
        answer = {"purpose": "directory", "granted": True, "text_version": version}
        return load(SetConsents, {"consents": [answer]})["consents"][0]["text_version"]

    assert (said("2026-1"), said(3)) == ("2026-1", "3")
    for other in (True, 1.5, None, {"$ne": None}, [1], -1, 10**41):
        with pytest.raises(ValidationError):
            said(other)
