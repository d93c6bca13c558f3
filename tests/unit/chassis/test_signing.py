"""What we signed reads back; whatever else is presented is told as forged."""

import pytest

from chassis.signing import Forged, claims_of, new_secret, signed

NOW = "2026-11-21T02:00:00.000Z"
KEY, OTHER = new_secret("k1", NOW, NOW), new_secret("k2", NOW, NOW)
TOKEN = signed(KEY, "ticket+jwt", {"sub": "r1"})


def public_of(id):
    return {"k1": KEY.public}.get(id)


def test_what_was_signed_reads_back():
    assert claims_of(TOKEN, "ticket+jwt", public_of) == {"sub": "r1"}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c",
        "é.é.é",
        "eyJhbGciOiJub25lIiwidHlwIjoidGlja2V0K2p3dCIsImtpZCI6ImsxIn0.e30.",
        f"{TOKEN[:-6]}AAAAAA",
        TOKEN.replace(".", "", 1),
        signed(OTHER, "ticket+jwt", {"sub": "r1"}),
        signed(KEY, "checkin+jwt", {"sub": "r1"}),
    ],
)
def test_what_is_not_ours_or_something_else_is_forged(token):
    with pytest.raises(Forged):
        claims_of(token, "ticket+jwt", public_of)
