"""The phone's outbox: each command is carried out once, in order, and answered by itself."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support.client import KABUPATEN, KOTA, Body, Community, Person, problem, told

REGISTER = {"method": "POST", "path": "/v1/institutions"}


def registering(name: str, area: str = KOTA) -> Body:
    """A command of an outbox."""
    return {"key": uuid4().hex, **REGISTER, "body": {"name": name, "kind": "other", "area": area}}


def send(person: Person, commands: list[Any]) -> list[Body]:
    """The results."""
    body = told(person.post("/v1/sync/commands", {"commands": commands}), 200)
    results: list[Body] = body["results"]
    return results


def test_each_command_has_its_own_answer_and_a_refused_one_stops_nobody(kota: Person) -> None:
    commands = [
        registering("Pertama"),
        registering("Bukan wilayahnya", KABUPATEN),
        {"key": uuid4().hex, "method": "POST", "path": "/v1/institutions", "body": {"name": "x"}},
        {"key": uuid4().hex, "method": "POST", "path": "/v1/tidak-ada", "body": {}},
        registering("Terakhir"),
    ]
    results = send(kota, commands)
    assert [result["key"] for result in results] == [command["key"] for command in commands]
    assert [result["status"] for result in results] == [201, 403, 422, 404, 201]
    assert results[1]["body"]["code"] == "members.not_yours"
    assert {error["pointer"] for error in results[2]["body"]["errors"]} == {"/kind", "/area"}


def test_an_outbox_sent_twice_and_the_other_way_round_has_one_effect(kota: Person) -> None:
    commands = [registering(f"Luring {uuid4().hex[:6]}") for _ in range(10)]
    first = send(kota, commands)
    again = send(kota, commands[::-1])[::-1]
    assert again == first
    for command in commands:
        assert len(kota.all("/v1/institutions", q=command["body"]["name"])) == 1


def test_a_command_over_http_and_in_the_outbox_is_the_same_command(kota: Person) -> None:
    command = registering("Dua jalan")
    made = told(kota.command("POST", "/v1/institutions", command["body"], key=command["key"]), 201)
    (result,) = send(kota, [command])
    assert (result["status"], result["body"]) == (201, made)


def test_an_edit_of_something_that_changed_meanwhile_is_a_conflict(
    community: Community, kota: Person
) -> None:
    path = f"/v1/institutions/{community.institution()['id']}"
    edit = {"method": "PATCH", "path": path, "if_match": 1}
    results = send(
        kota,
        [
            {**edit, "key": uuid4().hex, "body": {"name": "Dari meja"}},
            {**edit, "key": uuid4().hex, "body": {"name": "Dari ponsel"}},
            {**edit, "key": uuid4().hex, "body": {"name": "Sesudahnya"}, "if_match": '"2"'},
        ],
    )
    assert [result["status"] for result in results] == [200, 412, 200]
    assert told(kota.get(path), 200)["name"] == "Sesudahnya"


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ({"method": "GET", "path": "/v1/me"}, 405),
        ({"method": "POST", "path": "/v1/sync/commands"}, 405),
        ({"method": "POST", "path": "/v1/auth/token"}, 405),
        ({"method": "POST", "path": "/v1/institutions?dry_run=true"}, 404),
        ({"method": "PATCH", "path": "//jahat.example/v1/me"}, 404),
        ({"method": "PATCH", "path": "/v1/../v1/me"}, 404),
        ({"method": "CONNECT", "path": "/v1/me"}, 405),
        ({"method": "PATCH", "path": "/v1/me", "key": None}, 400),
        ({"method": "PATCH", "path": "/v1/me", "key": "x" * 300}, 400),
        ({"method": "PATCH", "path": "/v1/me", "if_match": "abc"}, 400),
        ({"method": "PATCH", "path": "/v1/me", "if_match": -1}, 400),
        ({"method": "PATCH", "path": "/v1/me", "body": {"state": "active"}}, 422),
        ({"method": "PATCH", "path": "/v1/me", "body": {"name": {"$ne": None}}}, 422),
    ],
    ids=str,
)
def test_what_is_no_command_of_an_outbox_is_refused(
    kota: Person, command: Body, status: int
) -> None:
    (result,) = send(kota, [{"key": uuid4().hex, "body": {}, **command}])
    assert result["status"] == status, result


@pytest.mark.parametrize(
    "commands", [None, {}, "x", [1], [{"path": "/v1/me"}], [{}] * 51, [{"$ne": 1}]], ids=str
)
def test_an_outbox_that_is_none_is_invalid(kota: Person, commands: Any) -> None:
    problem(kota.post("/v1/sync/commands", {"commands": commands}), 422)


def test_a_stranger_has_no_outbox(visitor: Person) -> None:
    problem(visitor.post("/v1/sync/commands", {"commands": []}), 401)
