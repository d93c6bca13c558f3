"""Real hashing: argon2id, and as much work for nobody as for somebody."""

from services.members.model import passwords


def test_the_right_password_matches_and_others_do_not():
    encoded = passwords.hashed("a good password")

    assert encoded.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(encoded, "a good password")
    assert not passwords.matches(encoded, "another password")


def test_nobody_has_no_password():
    assert not passwords.matches(None, "a password that nobody has")
    assert not passwords.matches("not a hash", "x")
