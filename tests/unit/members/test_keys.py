"""Signing keys change without a token failing in between."""

from chassis import signing
from services.members.handlers.keys import rotate_keys, signing_key
from tests.support.members import POLICY, a_region, later

DAY = 24 * 3600
MONTH = POLICY.signing_key_days * DAY


def test_the_first_key_signs_at_once():
    work = a_region()

    rotate_keys(work)

    assert work.said() == ["SigningKeyPublished"]
    assert signing_key(work).id in work.signing_keys.by_id


def test_a_key_is_made_when_the_first_token_needs_it():
    work = a_region()

    assert signing_key(work) == signing_key(work)
    assert work.said() == ["SigningKeyPublished"]


def test_the_public_fact_has_no_private_part():
    work = a_region()

    secret = signing_key(work)

    assert secret.private not in repr(work.facts)


def test_a_young_key_stays():
    work = a_region()
    signing_key(work)

    rotate_keys(work.by(now=later(MONTH - 1)))

    assert len(work.signing_secrets.all()) == 1


def test_a_successor_is_told_a_day_before_it_signs():
    work = a_region()
    old = signing_key(work)
    told = work.by(now=later(MONTH))

    rotate_keys(told)

    assert told.said() == ["SigningKeyPublished"]
    assert signing_key(work.by(now=later(MONTH + DAY - 1))) == old
    assert signing_key(work.by(now=later(MONTH + DAY))) != old


def test_the_old_key_retires_when_its_last_token_is_dead():
    work = a_region()
    old = signing_key(work)
    rotate_keys(work.by(now=later(MONTH)))
    after = work.by(now=later(MONTH + DAY))

    rotate_keys(after)

    assert after.said() == ["SigningKeyRetired"]
    assert work.signing_keys.get(old.id).retires_at == later(MONTH + DAY + 600)
    assert [key.id for key in work.signing_secrets.all()] != [old.id]
    assert len(work.signing_secrets.all()) == 1


def test_a_secret_without_its_public_fact_is_only_forgotten():
    work = a_region()
    old = signing_key(work)
    del work.signing_keys.by_id[old.id]
    rotate_keys(work.by(now=later(MONTH)))
    after = work.by(now=later(MONTH + DAY))

    rotate_keys(after)

    assert after.said() == []


def test_without_a_key_that_may_sign_there_is_none():
    assert signing.signing([], later(0)) is None
