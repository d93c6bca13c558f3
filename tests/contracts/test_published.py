"""The written side of the contracts is true and up to date."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import jsonschema_rs
import pytest

from contracts.catalogue import COMMANDS, FACTS, REFUSALS
from contracts.members import states
from contracts.publish.__main__ import GENERATED, generated
from contracts.publish.released import sample
from contracts.publish.schemas import inside

DOCUMENT = json.loads(generated()["asyncapi.json"])
DRAFT = "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("name", ["catalogue.md", "asyncapi.json"])
def test_the_generated_files_are_up_to_date(name):
    assert (GENERATED / name).read_text() == generated()[name], "run `python -m contracts.publish`"


def test_the_page_names_every_contract():
    page = generated()["catalogue.md"]

    for name in (*FACTS, *COMMANDS, *REFUSALS):
        assert f"`{name}`" in page
    for refusal in REFUSALS.values():
        assert refusal.en in page
        assert refusal.id in page


def test_the_page_hides_no_empty_heading():
    assert not re.search(r"### Facts\n\n### ", generated()["catalogue.md"])


def test_the_document_has_what_asyncapi_3_requires():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["info"].keys() >= {"title", "version"}
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert set(operation) >= {"action", "channel", "messages"}
    for channel in DOCUMENT["channels"].values():
        assert channel["messages"]
        used = set(re.findall(r"\{(\w+)\}", channel["address"] or ""))
        assert used == set(channel.get("parameters", {}))


def test_every_contract_is_a_message():
    assert set(DOCUMENT["components"]["messages"]) == {*FACTS, *COMMANDS, "answer"}


def test_every_message_of_an_operation_belongs_to_its_channel():
    for operation in DOCUMENT["operations"].values():
        channel = operation["channel"]["$ref"]
        assert all(found["$ref"].startswith(f"{channel}/") for found in operation["messages"])


def references(value: object) -> Iterator[str]:
    """Every `$ref` in the document."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    for part in value if isinstance(value, list) else []:
        yield from references(part)


def resolved(reference: str) -> object:
    place = DOCUMENT
    rest = reference.removeprefix("#/")
    while rest:
        name = max((key for key in place if f"{rest}/".startswith(f"{key}/")), key=len)
        place, rest = place[name], rest[len(name) + 1 :]
    return place


def test_every_reference_leads_somewhere():
    for reference in set(references(DOCUMENT)):
        assert resolved(reference)


def validator(schema: dict):
    """A validator of one schema with the document's components at hand."""
    whole = {"$schema": DRAFT, "allOf": [schema], "components": DOCUMENT["components"]}
    return jsonschema_rs.validator_for(whole)


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_every_schema_is_a_json_schema(name):
    schema = DOCUMENT["components"]["schemas"][name]

    assert jsonschema_rs.meta.is_valid({"$schema": DRAFT, **schema})


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_sample_fits_its_published_schema(name):
    payload = validator(DOCUMENT["components"]["messages"][name]["payload"])

    payload.validate(sample(name))
    assert not payload.is_valid({**sample(name), "type": "jejaring.members.other.v1"})
    assert not payload.is_valid({**sample(name), "data": {}})


def test_published_limits_are_those_of_the_contracts():
    area = DOCUMENT["components"]["schemas"]["members.CreateArea"]["properties"]

    assert area["name"] == {"type": "string", "minLength": 1, "maxLength": 160}
    assert area["codes"]["maxItems"] == 60
    assert area["latitude"]["anyOf"][0] == {"type": "number", "minimum": -90, "maximum": 90}
    assert area["latitude"]["default"] is None


@pytest.mark.parametrize(
    "answer",
    [
        {"result": {"id": "35.71"}, "facts": [], "replayed": False},
        {"refusal": {"code": "request.stale", "detail": "", "pointer": None, "allowed": [],
                     "retry_after_seconds": None, "errors": []}},
        {"outage": "database", "retry_after_seconds": 2},
        {"bug": "01942fa0"},
    ],
)  # fmt: skip
def test_every_kind_of_answer_fits_the_published_answer(answer):
    validator(DOCUMENT["components"]["messages"]["answer"]["payload"]).validate(answer)


def test_a_dataclass_named_twice_is_described_once():
    @dataclass(frozen=True, kw_only=True)
    class Road:
        begins: states.Affiliation
        ends: states.Affiliation | None = None

    assert list(inside(Road)) == [Road, states.Affiliation]
