"""Problems: one shape for everything that is no success, in two languages."""

import pytest

from chassis.errors import Invalid, Outage
from contracts import common
from contracts.catalogue import REFUSALS
from gateway import problems
from gateway.language import field_errors, language_of
from gateway.limits import Limit
from gateway.problems import Problem


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
def test_every_refusal_speaks_one_language_and_has_a_documented_status(code):
    errors = [{"pointer": "/name", "code": "request.invalid", "message": "an answer is needed"}]
    problem = Problem(code, "there is no event e1", errors=errors)
    english, indonesian = problem.body("en", "r1"), problem.body("id", "r1")

    assert (english["title"], indonesian["title"]) == (code.en, code.id)
    assert english["detail"] == "there is no event e1"
    assert indonesian["detail"] == f"{code.id}: tidak ada kegiatan e1"
    assert english["errors"][0]["message"] == "an answer is needed"
    assert indonesian["errors"][0]["message"] == "jawaban wajib diisi"
    assert Problem(code).body("id", "r1")["detail"] == code.id
    assert (english["status"], english["request_id"]) == (code.status, "r1")


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


def test_what_is_invalid_as_a_whole_points_at_the_whole_body():
    known = problems.of_refusal({"code": "members.contact_missing", "detail": "neither"})
    (error,) = known.body("en", "r")["errors"]
    told = Problem(common.KEY_MISMATCH).body("id", "r")

    assert error == {"pointer": "", "code": known.code.code, "message": "neither"}
    assert told["errors"] == [{"pointer": "", "code": told["code"], "message": told["detail"]}]
    assert "errors" not in Problem(common.NOT_FOUND).body("en", "r")


def test_nested_messages_become_pointers():
    found = field_errors(
        {"a": {0: {"b": ["Not one of ours."]}}, "_schema": ["Invalid input type."]}
    )

    assert [(one["pointer"], one["code"]) for one in found] == [("/a/0/b", "type"), ("", "type")]


def test_what_is_under_way_counts_as_if_it_failed():
    limit = Limit(1)
    limit.take("a")
    with pytest.raises(Problem):
        limit.take("a")
    limit.give_back("a")
    limit.give_back("b")
    limit.take("b")


def test_a_limit_starts_over_when_it_counts_too_many(monkeypatch):
    monkeypatch.setattr("gateway.limits.MOST_COUNTED", 1)
    limit = Limit(1)
    for key in ("a", "b", "c"):
        limit.take(key)
    with pytest.raises(Problem):
        limit.take("c")
