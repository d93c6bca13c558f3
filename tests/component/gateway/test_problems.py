"""Problems: one shape for everything that is no success, in two languages."""

from typing import Any

import pytest

from contracts.members import commands
from contracts.members.refusals import CREDENTIALS
from gateway import phrases
from gateway.problems import Problem
from gateway.question import Reply
from tests.support.gateway import House, peopled

AS_JSON = {"Content_Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "request.not_found"),
        ("GET", "/v1/areas/35.71/more", 404, "request.not_found"),
        ("DELETE", "/v1/areas", 405, "request.method_not_allowed"),
        ("GET", "/v1/me", 401, "auth.required"),
        ("GET", "/docs/secret", 404, "request.not_found"),
    ],
)
def test_what_the_framework_refuses_looks_the_same(method, path, status, code):
    answer = House().send(method, path, Accept_Language="en", X_Request_ID="abc")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "en"
    assert answer.json["code"] == code
    assert answer.json["request_id"] == answer.headers["x-request-id"] == "abc"


def test_405_says_what_is_allowed():
    answer = House().send("DELETE", "/v1/areas")

    assert {"GET", "HEAD", "POST"} <= set(answer.headers["allow"].split(", "))


def test_options_is_answered():
    answer = House().send("OPTIONS", "/v1/areas")

    assert answer.status_code in (200, 204)
    assert "POST" in answer.headers["allow"]


def test_another_format_is_406():
    house = House()

    assert house.get("/v1/areas", Accept="text/html").status_code == 406
    assert house.get("/v1/areas", Accept="text/html, */*;q=0.1").status_code == 200
    both = "application/problem+json, application/json"
    assert house.get("/v1/areas", Accept=both).status_code == 200


def test_a_bug_is_500_with_an_id_and_without_a_trace():
    house = House()

    async def broken(*_):
        raise ZeroDivisionError("secret inside")

    house.store.page = broken
    answer = house.get("/v1/areas")

    assert answer.status_code == 500
    assert answer.json["request_id"]
    assert "secret" not in answer.text


def test_who_asks_too_much_waits():
    house = peopled(rate_limit_per_minute=2)
    house.get("/v1/areas")
    house.get("/v1/areas")
    answer = house.get("/v1/areas")

    assert (answer.status_code, answer.json["code"]) == (429, "request.too_many")
    assert 1 <= int(answer.headers["retry-after"]) <= 61
    assert house.get("/v1/areas", by="ayu").status_code == 200


def test_bad_tokens_count_against_the_address():
    house = peopled(rate_limit_per_minute=1)
    house.get("/v1/me", Authorization="Bearer x")

    assert house.get("/v1/me", Authorization="Bearer x").status_code == 429


def test_signing_in_has_its_own_limit():
    house = peopled(auth_limit_per_minute=0)

    assert house.send("POST", "/v1/auth/token", json={}).status_code == 429
    assert house.get("/v1/areas").status_code == 200


def signing_in(question):
    if question.command.grant_type == "password":
        return Reply(result={"access_token": "a"})
    raise Problem(CREDENTIALS)


def test_only_what_fails_counts_against_signing_in_from_an_address():
    house = peopled(auth_limit_per_minute=2)
    house.backend.replies[commands.SignIn.verb] = signing_in
    house.backend.replies[commands.RequestCode.verb] = Reply(result={"sent": True})

    def statuses(path, body, times):
        return [house.send("POST", path, json=body).status_code for _ in range(times)]

    right, wrong = {"grant_type": "password"}, {"grant_type": "code"}
    assert statuses("/v1/auth/codes", {"username": "siti@example.org"}, 5) == [202] * 5
    assert statuses("/v1/auth/token", right, 5) == [200] * 5
    assert statuses("/v1/auth/token", wrong, 1) == [401]
    assert statuses("/v1/auth/token", right, 5) == [200] * 5
    assert statuses("/v1/auth/token", wrong, 2) == [401, 429]
    assert statuses("/v1/auth/token", right, 1) == [429]


@pytest.mark.parametrize(
    ("method", "path", "more", "said"),
    [
        ("GET", "/v1/areas?limit=0", {}, "limit adalah angka dari 1 sampai 100"),
        ("GET", "/v1/areas?x=1", {}, "parameter tidak dikenal: x"),
        ("GET", "/v1/areas/resolve", {}, "code wajib diisi"),
        ("POST", "/v1/members", {"body": b"{", **AS_JSON}, "isi permintaan bukan JSON yang benar"),
        ("POST", "/v1/members", {"body": b"{}"}, "kirim application/json"),
        ("PATCH", "/v1/me", {"If_Match": "x", "by": "ayu"}, 'If-Match berbentuk "<versi>"'),
        ("GET", "/v1/me", {"Authorization": "x"}, "kirim Authorization: Bearer <token>"),
        ("GET", "/v1/operations/parked", {"by": "ayu"}, "untuk operator"),
    ],
)
def test_what_the_edge_refuses_is_in_the_callers_language(
    method: str, path: str, more: dict[str, Any], said: str
) -> None:
    house = peopled()
    told = house.send(method, path, **more).json
    in_english = house.send(method, path, Accept_Language="en", **more).json

    assert told["detail"] == f"{told['title']}: {said}"
    assert phrases.in_indonesian(in_english["detail"]) == said
