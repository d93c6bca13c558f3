"""What a refusal says, in both languages."""

import time

import pytest

from contracts import common
from gateway import phrases
from gateway.language import BEGINNINGS, MESSAGES
from gateway.problems import Problem, of_refusal


def test_words_that_the_book_lacks_are_left_out_in_indonesian() -> None:
    problem = Problem(common.UNAVAILABLE, "database: AutoReconnect")

    assert problem.body("en", "r")["detail"] == "database: AutoReconnect"
    assert problem.body("id", "r")["detail"] == common.UNAVAILABLE.id


@pytest.mark.parametrize("text", ["", "the roof of the house is broken", "a new roof is needed"])
def test_the_book_takes_nothing_for_its_own_that_is_not(text: str) -> None:
    assert phrases.in_indonesian(text) is None


def test_what_stands_in_a_slot_is_never_taken_for_a_slot() -> None:
    assert phrases.in_indonesian("there is no case {0} {}") == "tidak ada pendampingan {0} {}"


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_every_message_about_a_value_is_in_both_languages(message: dict[str, str]) -> None:
    assert set(message) == {"en", "id"}
    assert message["en"] != message["id"]


def test_what_the_library_says_is_in_both_languages() -> None:
    assert {code for _, code in BEGINNINGS} | {"type"} == MESSAGES.keys()


def test_what_a_service_says_of_a_field_is_told_in_both() -> None:
    told = {"code": "members.contact_taken", "detail": "this phone is registered"}
    problem = of_refusal({**told, "pointer": "/phone"})

    assert problem.body("en", "r")["errors"][0]["message"] == "this phone is registered"
    assert problem.body("id", "r")["errors"][0]["message"] == "isian phone ini sudah terdaftar"


def test_a_text_that_somebody_made_long_holds_up_nobody() -> None:
    began = time.monotonic()

    assert phrases.in_indonesian("=" * 30_000) is None
    assert time.monotonic() - began < 1
