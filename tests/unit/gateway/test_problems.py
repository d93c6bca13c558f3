"""Problems: one shape for everything that is no success, in two languages."""

import asyncio

import falcon
import falcon.testing
import pytest

from chassis.errors import Invalid, Outage
from contracts.catalogue import REFUSALS
from gateway import problems
from gateway.language import field_errors, language_of
from gateway.limits import Limit
from gateway.problems import Problem
from tests.unit.gateway.house import House, peopled


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "id"),
        ("", "id"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("id;q=0.5, en;q=0.8", "en"),
        ("fr, en;q=0.1", "en"),
        ("fr", "id"),
        ("en;q=0", "id"),
        ("en;q=x", "id"),
        ("en;q=0.5,id", "id"),
    ],
)
def test_the_best_of_our_languages(accepted, language):
    assert language_of(accepted) == language


@pytest.mark.parametrize("code", REFUSALS.values(), ids=lambda code: code.code)
def test_every_refusal_has_both_titles_and_a_documented_status(code):
    english = Problem(code, "the case").body("en", "r1")
    indonesian = Problem(code).body("id", "r1")

    assert english["title"] == code.en
    assert english["detail"] == "the case"
    assert indonesian["detail"] == indonesian["title"] == code.id
    assert english["status"] == code.status
    assert english["request_id"] == "r1"


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


def test_refusals_and_outages_of_the_chassis_are_problems():
    assert problems.of(Invalid("d", pointer="/x")).errors[0]["pointer"] == "/x"
    assert problems.of(Outage("d", 9)).retry_after_seconds == 9


def test_allowed_moves_are_told():
    told = problems.of_refusal({"code": "members.member_state", "allowed": ["approve"]})

    assert told.body("en", "r")["allowed"] == ["approve"]


@pytest.mark.parametrize(
    ("code", "tells"),
    [
        ("events.registration_closed", True),
        ("events.feedback_closed", True),
        ("events.event_state_forbids", True),
        ("members.member_state", True),
        ("members.contact_taken", False),
        ("events.full", False),
    ],
)
def test_where_the_state_forbids_it_is_told_that_nothing_is_allowed(code, tells):
    told = problems.of_refusal({"code": code, "allowed": []}).body("en", "r")

    assert told.get("allowed") == ([] if tells else None)


def test_errors_of_the_service_keep_their_words():
    errors = [{"pointer": "/a", "code": "c", "message": "m"}]
    told = problems.of_refusal({"code": "request.invalid", "errors": errors, "pointer": "/z"})

    assert told.body("en", "r")["errors"] == errors


def test_nested_messages_become_pointers():
    found = field_errors(
        {"a": {0: {"b": ["Not one of ours."]}}, "_schema": ["Invalid input type."]}
    )

    assert [(one["pointer"], one["code"]) for one in found] == [("/a/0/b", "type"), ("", "type")]


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


def test_a_limit_starts_over_when_it_counts_too_many(monkeypatch):
    monkeypatch.setattr("gateway.limits.MOST_COUNTED", 1)
    limit = Limit(1)
    for key in ("a", "b", "c"):
        limit.take(key)
    with pytest.raises(Problem):
        limit.take("c")


def test_nobody_speaks_websocket_here():
    async def story():
        async with falcon.testing.ASGIConductor(peopled().client.app) as conductor:
            with pytest.raises(falcon.WebSocketDisconnected):
                async with conductor.simulate_ws("/v1/me"):
                    raise AssertionError("let in")

    asyncio.run(story())
