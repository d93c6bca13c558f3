"""A refusal crosses the wire as a code with its case, never as a class."""

import pytest

from chassis.errors import (
    Busy,
    FieldError,
    Forbidden,
    Invalid,
    KeyMismatch,
    KeyRunning,
    Outage,
    Refusal,
    Stale,
)
from contracts.catalogue import REFUSALS


@pytest.mark.parametrize("cls", [Stale, Invalid, Forbidden, KeyMismatch, KeyRunning, Busy])
def test_every_refusal_has_a_released_code(cls):
    assert REFUSALS[cls.refusal.code] is cls.refusal
    assert str(cls()) == cls.refusal.en
    assert issubclass(cls, Refusal)


def test_a_refusal_tells_its_case():
    refusal = Invalid(
        "two values are wrong",
        pointer="/codes",
        allowed=("35.71", "35.06"),
        retry_after_seconds=3,
        errors=[FieldError(pointer="/name", code="short", message="Too short.")],
    )

    assert str(refusal) == "two values are wrong"
    assert refusal.as_dict() == {
        "code": "request.invalid",
        "detail": "two values are wrong",
        "pointer": "/codes",
        "allowed": ["35.71", "35.06"],
        "retry_after_seconds": 3,
        "errors": [{"pointer": "/name", "code": "short", "message": "Too short."}],
    }


def test_an_outage_says_when_to_come_back():
    assert Outage("database").retry_after_seconds == 2
    assert Outage("database", 7).retry_after_seconds == 7
