"""Signing keys: one signs, its successor is told a day before it does, old ones only verify."""

from chassis import clock, signing
from chassis.signing import SigningSecret
from services.members.model.ports import Work
from services.members.model.signing import new_key, retire


def signing_key(work: Work) -> SigningSecret:
    """The key that signs now; the very first is made when it is needed."""
    key = signing.signing(work.signing_secrets.all(), work.now)
    return key or _add_key(work, work.now)


def rotate_keys(work: Work) -> None:
    """Make the successor when the newest key is old, and retire those that a newer one replaced."""
    keys = work.signing_secrets.all()
    if signing.needs_next(keys, work.now, work.policy.signing_key_days):
        told_for = work.policy.access_token_seconds
        _add_key(work, signing.first_signature(keys, work.now, told_for))
    current = signing.signing(keys, work.now)
    for key in keys:
        if current and key.signs_from < current.signs_from:
            _retire(work, key)


def _add_key(work: Work, signs_from: str) -> SigningSecret:
    secret, fact = new_key(clock.new_id(), work.region, work.now, signs_from)
    work.signing_secrets.add(secret)
    work.record(fact)
    return secret


def _retire(work: Work, key: SigningSecret) -> None:
    work.signing_secrets.remove(key.id)
    state = work.signing_keys.get(key.id)
    if state:
        work.record(retire(state, work.now, work.policy))
