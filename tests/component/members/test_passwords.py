"""Real hashing: argon2id, and as much work for nobody as for somebody."""

import time

from chassis.call import Actor, Call
from contracts.members.commands import Leave
from services.members.model import passwords
from services.members.repository.work import OffloadedPasswords


def test_the_right_password_matches_and_others_do_not():
    encoded = passwords.hashed("a good password")

    assert encoded.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(encoded, "a good password")
    assert not passwords.matches(encoded, "another password")


def test_nobody_has_no_password():
    assert not passwords.matches(None, "a password that nobody has")
    assert not passwords.matches("not a hash", "x")


def test_a_call_that_is_tried_again_does_not_hash_again(monkeypatch):
    encoded = OffloadedPasswords(a_call()).hashed("a good password")
    call, hashing = a_call(), []

    def matches(encoded, password):
        hashing.append(encoded)
        return kept(encoded, password)

    kept = passwords.matches
    monkeypatch.setattr(passwords, "matches", matches)
    tries = [OffloadedPasswords(call).matches(encoded, "a good password") for _ in range(2)]

    assert tries == [True, True]
    assert hashing == [encoded]


def a_call():
    return Call(command=Leave(), actor=Actor(), deadline=time.time() + 5)
