"""What attackers send to every command that the OpenAPI document names: refused, and no trace."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.support.client import KOTA, Body, Community, Person, problem, told

PROVIDERS = "/v1/webhooks/"
KNOWN = {
    "{serial}": "JJR-2026-AAAAAAAA",
    "{channel}": "whatsapp",
    "{kind}": "registration_confirmed",
    "{area}": "35.06",
}
NOWHERE = "01a1fc80-0000-7000-8000-000000000000"
OPERATORS: list[Any] = [
    {"$ne": None},
    {"$gt": ""},
    {"$regex": ".*"},
    {"$where": "sleep(1000)"},
    ["$ne", None],
    {"a.b": 1},
]
SERVERS_OWN = {
    "id": NOWHERE,
    "version": 7,
    "region": "semarang",
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2020-01-01T00:00:00Z",
    "_id": NOWHERE,
    "$set": {"state": "active"},
    "roles": ["coordinator"],
    "is_admin": True,
}


def resolved(document: Body, schema: Body) -> Body:
    """A schema, once its reference is followed."""
    while "$ref" in schema:
        found: Any = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        schema = found
    return schema


def commands_of(document: Body) -> Iterator[tuple[str, str, Body]]:
    """Method, path and body schema of every command that takes JSON."""
    for path, item in document["paths"].items():
        for method in ("post", "put", "patch", "delete"):
            content = item.get(method, {}).get("requestBody", {}).get("content", {})
            if "application/json" in content:
                schema = resolved(document, content["application/json"]["schema"])
                if path.startswith(PROVIDERS):
                    continue  # they say what they like, under a secret; see test_webhooks.py
                for name, value in KNOWN.items():
                    path = path.replace(name, value)
                yield method.upper(), re.sub(r"\{\w+\}", NOWHERE, path), schema


@pytest.fixture(scope="module")
def commands(community: Community) -> list[tuple[str, str, Body]]:
    """All commands with their fields."""
    found = list(commands_of(told(community.visitor().get("/openapi.json"), 200)))
    assert len(found) >= 57
    assert sum(len(schema["properties"]) for _, _, schema in found) >= 270
    return found


@pytest.fixture
def person(community: Community) -> Person:
    """Nobody special, so that nothing he might succeed with hurts others."""
    return community.member()


def test_operators_are_refused_in_every_field_of_every_command(
    commands: list[tuple[str, str, Body]], person: Person
) -> None:
    accepted = []
    for method, path, schema in commands:
        for field in schema["properties"]:
            for operator in OPERATORS:
                answer = person.command(method, path, {field: operator})
                if answer.status_code not in (400, 422):
                    accepted.append((method, path, field, operator, answer.status_code))
    assert accepted == []


def test_fields_that_are_not_the_callers_to_set_are_refused(
    commands: list[tuple[str, str, Body]], person: Person
) -> None:
    accepted = []
    for method, path, schema in commands:
        for field, value in SERVERS_OWN.items():
            if field in schema["properties"]:
                continue
            answer = person.command(method, path, {field: value})
            pointers = {error["pointer"] for error in answer.json().get("errors", [])}
            if answer.status_code != 422 or f"/{field}" not in pointers:
                accepted.append((method, path, field, answer.status_code))
    assert accepted == []


def test_nul_and_a_hundred_thousand_brackets_reach_no_command(
    commands: list[tuple[str, str, Body]], person: Person
) -> None:
    bodies = (b'{"title": "a\\u0000b"}', b'{"x":' + b"[" * 100_000, b'{"a\\u0000": 1}')
    accepted = []
    for method, path, _ in commands:
        for body in bodies:
            headers = {"Content-Type": "application/json"}
            answer = person.client.request(method, path, content=body, headers=headers)
            if answer.status_code != 400:
                accepted.append((method, path, body[:20], answer.status_code))
    assert accepted == []


@pytest.mark.parametrize(
    "extra",
    [
        {"state": "active"},
        {"role": "coordinator"},
        {"roles": [{"role": "coordinator"}]},
        {"contact_proven": True},
        {"consents": [{"purpose": "directory", "granted": True, "text_version": "1"}]},
        {"affiliations": []},
        {"password": "rahasia-sekali-2026"},
    ],
    ids=str,
)
def test_nobody_signs_up_as_more_than_he_is(
    community: Community, visitor: Person, extra: Body
) -> None:
    body = {"name": "Naik Pangkat", "email": community.email(), "area": KOTA, **extra}
    problem(visitor.command("POST", "/v1/members", body), 422, "request.invalid")


@pytest.mark.parametrize(
    "extra",
    [{"state": "active"}, {"roles": []}, {"contact_proven": True}, {"version": 9}, {"id": NOWHERE}],
    ids=str,
)
def test_nobody_promotes_himself(community: Community, extra: Body) -> None:
    person = community.newcomer()
    before = told(person.get("/v1/me"), 200)
    for path in ("/v1/me", f"/v1/members/{person.id}"):
        problem(person.command("PATCH", path, extra), 422, "request.invalid")
    assert told(person.get("/v1/me"), 200) == before
    problem(person.command("POST", f"/v1/members/{person.id}/approve"), 403)


def test_operators_sign_nobody_in(visitor: Person) -> None:
    for grant in (
        {"grant_type": "password", "username": {"$ne": None}, "password": {"$ne": None}},
        {"grant_type": "password", "username": {"$regex": "^koor"}, "password": "x"},
        {"grant_type": "code", "username": "x", "code": {"$gt": ""}},
        {"grant_type": "refresh_token", "refresh_token": {"$ne": ""}},
        {"grant_type": {"$ne": ""}, "username": "x", "password": "x"},
    ):
        problem(visitor.post("/v1/auth/token", grant), 422)


def test_operators_in_paths_and_queries_find_nothing(person: Person) -> None:
    for path in (
        "/v1/institutions/%7B%22%24ne%22%3Anull%7D",
        "/v1/institutions/[$ne]",
        "/v1/members/$where",
        "/v1/areas/.*",
    ):
        problem(person.get(path), 404)
    for query in ("area[$ne]=x", "npsn[$gt]=", "q[$regex]=.*", "$where=1", "cursor[$ne]=x"):
        problem(person.get(f"/v1/institutions?{query}"), 400)


def test_others_things_are_not_there_or_not_ones_own(community: Community, person: Person) -> None:
    other = community.listed("35.06")
    foreign = f"/v1/members/{other.id}"
    attempts = [
        ("PATCH", foreign, {"name": "Dibajak"}),
        ("POST", f"{foreign}/approve", None),
        ("POST", f"{foreign}/suspend", {"reason": "?"}),
        ("PUT", f"{foreign}/competencies", {"ratings": []}),
        ("POST", f"{foreign}/competencies/evidence", {"area": "ICT", "level": 4, "title": "?"}),
        ("POST", f"{foreign}/competencies/endorsements", {"area": "ICT", "level": 4}),
    ]
    for method, path, body in attempts:
        assert person.command(method, path, body).status_code in (403, 404), path
    problem(person.get(f"{foreign}/competencies"), 404)
    assert told(other.get("/v1/me"), 200)["name"] != "Dibajak"


def test_the_operators_work_is_for_the_operator(community: Community, kota: Person) -> None:
    for who in (community.member(), kota, community.officer("coordinator")):
        problem(who.get("/v1/operations/parked"), 403)
        problem(who.post("/v1/operations/views/members/rebuild"), 403)
        problem(who.post(f"/v1/operations/parked/{NOWHERE}/drop"), 403)


def test_an_import_with_formulas_or_broken_quotes_hurts_nobody(kota: Person) -> None:
    header = (
        "npsn,name,level,form,status,address,village,district,district_code,regency,regency_code"
    )
    number = f"F{uuid4().int % 10**7:07}"
    rows = [f'{number},"=cmd()",SD,SD,Negeri,35.71', "x,y", '"never closed']
    answer = kota.client.post(
        "/v1/institutions/imports",
        content="\n".join([header, *rows]).encode(),
        headers={"Content-Type": "text/csv"},
    )
    assert answer.status_code in (200, 422), answer.text
    assert len(kota.all("/v1/institutions", npsn=number)) <= 1
