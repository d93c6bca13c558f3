"""Signed facts: the same bytes each time, believed only of their sender by their addressee."""

import pytest

from chassis.crossing import opened, sealed
from chassis.signing import Forged, new_secret
from contracts.codec import Malformed, decode
from contracts.envelope import Envelope
from contracts.publish.released import sample

NOW = "2026-11-21T02:00:00.000Z"
KEY = new_secret("k1", NOW, NOW)
FACT = decode(Envelope, sample("events.event_restated.v1"))


def public_of(kid: str) -> str | None:
    return KEY.public if kid == KEY.id else None


def test_the_same_fact_to_the_same_region_is_the_same_bytes():
    first, again = sealed(FACT, KEY, "semarang"), sealed(FACT, KEY, "semarang")

    assert first == again
    assert first != sealed(FACT, KEY, "surabaya")
    assert opened(first, "semarang", public_of) == FACT


def test_another_key_another_region_and_changed_bytes_are_forged():
    good = sealed(FACT, KEY, "semarang")
    stranger = sealed(FACT, new_secret("k2", NOW, NOW), "semarang")
    posing = sealed(FACT, new_secret("k1", NOW, NOW), "semarang")

    for body in (stranger, posing, good[:-2], b"halo", "é".encode(), b""):
        with pytest.raises(Forged):
            opened(body, "semarang", public_of)
    with pytest.raises(Forged, match="another region"):
        opened(good, "surabaya", public_of)


def test_what_is_signed_and_no_fact_is_malformed():
    odd = Envelope(**{**vars(FACT), "type": "strange"})

    with pytest.raises(Malformed):
        opened(sealed(odd, KEY, "semarang"), "semarang", public_of)
