"""Tokens: a good one is good, everything else is 401."""

from datetime import timedelta

import pytest
from joserfc.jwk import ECKey

from gateway.identity import Identity, part
from gateway.issuer import algorithm_of
from gateway.problems import Problem
from gateway.views import sessions
from tests.support.memory import MemoryStore


@pytest.mark.parametrize(
    ("told", "hours"),
    [({}, 2), ({"ACCESS_TOKEN_SECONDS": "600"}, 2), ({"ACCESS_TOKEN_SECONDS": "x"}, 2)],
)
def test_a_revocation_is_kept_for_two_hours(told, hours):
    assert sessions.kept(told) == timedelta(hours=hours)


def test_a_revocation_is_kept_at_least_as_long_as_tokens_live():
    assert sessions.kept({"ACCESS_TOKEN_SECONDS": "604800"}) > timedelta(days=7)


def test_keys_of_other_kinds_are_not_taken():
    assert algorithm_of(ECKey.generate_key("P-384")) is None
    assert algorithm_of(None) is None


def test_parts_are_read_without_trust():
    with pytest.raises(Problem):
        part("a.b.c", 0)
    assert Identity(MemoryStore(), "x").published == []
