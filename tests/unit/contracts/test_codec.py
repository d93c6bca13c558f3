"""Contracts become plain JSON and come back the same; anything else is malformed, with a path."""

from dataclasses import dataclass

import pytest

from contracts.codec import Malformed, decode, encode, required
from contracts.members.commands import ChangeArea, CsvLine
from contracts.members.states import Area, Member
from contracts.types import UNSET

A_TIME = "2026-11-21T02:00:00.123Z"
AREA = {
    "id": "35.71",
    "version": 1,
    "region": "kediri-raya",
    "created_at": A_TIME,
    "updated_at": A_TIME,
    "name": "Kota Kediri",
    "codes": ["35.71"],
}


def test_what_was_not_given_is_not_sent():
    change = ChangeArea(area_id="35.71", name="Kota Kediri")

    assert change.codes is UNSET
    assert encode(change) == {"area_id": "35.71", "name": "Kota Kediri"}


def test_null_and_absent_are_different_things():
    assert decode(Area, {**AREA, "latitude": None}).latitude is None
    with pytest.raises(Malformed, match="/name: null is not allowed"):
        decode(ChangeArea, {"area_id": "35.71", "name": None})


def test_free_maps_are_encoded_part_by_part():
    line = CsvLine(line=2, cells={"npsn": "20541908"})

    assert encode({"lines": [line]}) == {"lines": [{"line": 2, "cells": {"npsn": "20541908"}}]}
    assert decode(CsvLine, encode(line)) == line


def test_a_whole_number_may_stand_where_a_number_is_needed():
    found = decode(Area, {**AREA, "latitude": -8})

    assert (found.latitude, type(found.latitude)) == (-8.0, float)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": "1"}, "/version: int is needed"),
        ({"version": True}, "/version: int is needed"),
        ({"version": 1.0}, "/version: int is needed"),
        ({"version": None}, "/version: null is not allowed"),
        ({"name": 7}, "/name: str is needed"),
        ({"name": {"$ne": None}}, "/name: str is needed"),
        ({"codes": "35.71"}, "/codes: a list is needed"),
        ({"codes": {"0": "35.71"}}, "/codes: a list is needed"),
        ({"codes": ["35.71", 3571]}, "/codes/1: str is needed"),
        ({"active": 1}, "/active: bool is needed"),
        ({"latitude": "-8"}, "/latitude: float is needed"),
        ({"latitude": True}, "/latitude: float is needed"),
    ],
)
def test_what_does_not_fit_is_named_with_its_path(change, message):
    if change == {"version": None}:
        message = "/version: int is needed"
    with pytest.raises(Malformed, match=message):
        decode(Area, {**AREA, **change})


@pytest.mark.parametrize("raw", [None, [], "35.71", 7, True])
def test_only_an_object_is_a_contract(raw):
    with pytest.raises(Malformed, match="Area: an object is needed"):
        decode(Area, raw)


def test_all_missing_fields_are_named_at_once():
    with pytest.raises(Malformed, match="Area: codes, name missing"):
        decode(Area, {k: v for k, v in AREA.items() if k not in ("name", "codes")})


def test_what_is_wrong_deep_inside_is_named_with_its_path():
    person = {**AREA, "state": "active", "consents": [{"purpose": "directory"}]}

    with pytest.raises(Malformed, match="/consents/0: decided_at, granted, text_version missing"):
        decode(Member, person)


def test_unknown_fields_are_ignored():
    assert decode(Area, {**AREA, "dari_masa_depan": 1}) == decode(Area, AREA)


def test_a_field_with_a_factory_is_optional():
    @dataclass(frozen=True, kw_only=True)
    class Shelf:
        label: str

    assert required(Shelf) == {"label"}


@pytest.mark.parametrize("cells", ["npsn", ["npsn"], 7, None])
def test_a_map_is_a_map(cells):
    with pytest.raises(Malformed, match="/cells: dict is needed"):
        decode(CsvLine, {"line": 2, "cells": cells})
