"""Certificates: for who was there, once, signed, revocable, and nameless when the person left."""

import re
from dataclasses import replace

import pytest

from chassis.signing import claims_of
from contracts.events import commands, states
from services.events.errors import (
    CertificateStateForbids,
    CertificateUnknown,
    EventStateForbids,
    Forbidden,
)
from services.events.handlers import certificates
from services.events.handlers.certificates import (
    due,
    issue_batch,
    issue_certificates,
    revoke_certificate,
)
from services.events.model.certificate import BATCH
from tests.support.events import a_region, a_registration, an_event

AWARD = states.Award(area="ICT", level=2)


@pytest.fixture
def work():
    """Event e1 with certificates was held and closed; ayu was there, budi was not."""
    event = an_event(state="closed", certificates=True, hours=3, awards=(AWARD,))
    there = a_registration("ayu", state="attended")
    return a_region(event, there, a_registration("budi", state="no_show"))


def issue(work, by="rudi", **fields):
    return issue_certificates(work.by(by), commands.IssueCertificates(event_id="e1", **fields))


def only(work):
    (found,) = work.certificates.by_id.values()
    return found


def claims(work, certificate):
    keys = work.event_keys
    return claims_of(certificate.signed, "certificate+jwt", lambda kid: keys.get(kid).x)


def test_only_who_was_there_gets_one(work):
    assert issue(work) == {"issued": 1, "remaining": 0}

    found = only(work)
    assert (found.name, found.member_id, found.registration_id) == ("Ayu", "ayu", "r-ayu")
    assert (found.hours, found.awards, found.held_on) == (3, (AWARD,), "2026-12-05")
    assert re.fullmatch(r"JJR-2026-[0-9A-HJKMNP-TV-Z]{8}", found.id)


def test_a_second_time_issues_nothing(work):
    issue(work)

    assert issue(work) == {"issued": 0, "remaining": 0}


def test_what_the_paper_says_is_what_is_signed(work):
    issue(work, language="en")

    found = only(work)
    told = claims(work, found)
    assert (told["sub"], told["name"], told["title"]) == (found.id, "Ayu", "Cetak barcode")
    assert (told["hours"], told["awards"]) == (3, [{"area": "ICT", "level": 2}])
    assert (told["iss"], told["event"], told["language"]) == ("/regions/kediri-raya", "e1", "en")


def test_nothing_is_issued_before_the_end(work):
    work.holds(replace(work.events.get("e1"), state="published"))

    with pytest.raises(EventStateForbids):
        issue(work)


def test_who_issues_need_not_have_announced_it(work):
    work.holds(replace(work.events.get("e1"), certificates=False))

    assert issue(work) == {"issued": 1, "remaining": 0}


def test_only_who_manages_the_event_issues(work):
    with pytest.raises(Forbidden):
        issue(work, by="ayu")


def test_a_large_event_is_certified_in_batches_without_anybody_asking(work):
    for number in range(BATCH + 20):
        work.holds(a_registration(f"m{number}", state="attended"))

    assert issue(work, language="en") == {"issued": BATCH, "remaining": 21}
    assert due(work) == ["e1"]
    issue_batch(work, "e1")

    assert due(work) == []
    assert len(work.certificates.by_id) == BATCH + 21
    assert {found.language for found in work.certificates.by_id.values()} == {"en"}


def test_a_batch_is_not_the_last_while_more_are_left(work):
    for number in range(BATCH):
        work.holds(a_registration(f"m{number}", state="attended"))
    work.certificate_batches.begin("e1", "id")

    issue_batch(work, "e1")

    assert due(work) == ["e1"]


def test_a_revoked_one_counts_no_more_and_is_not_issued_again(work):
    issue(work)
    command = commands.RevokeCertificate(serial=only(work).id, reason="salah nama")

    with pytest.raises(Forbidden):
        revoke_certificate(work.by("dewi"), command)
    state = revoke_certificate(work.by("rudi"), command)

    assert (state.state, state.revoked_reason) == ("revoked", "salah nama")
    with pytest.raises(CertificateStateForbids):
        revoke_certificate(work.by("rudi"), command)
    assert issue(work)["issued"] == 0


def test_an_unknown_serial_is_told(work):
    command = commands.RevokeCertificate(serial="JJR-2026-00000000", reason="salah")

    with pytest.raises(CertificateUnknown):
        revoke_certificate(work.by("rudi"), command)


def test_of_who_left_the_serial_still_verifies_without_a_name(work):
    issue(work)
    signed = only(work).signed

    certificates.forget_member(work, "ayu")

    found = only(work)
    assert (found.name, found.member_id, found.state) == (None, None, "valid")
    assert found.signed != signed
    assert claims(work, found)["name"] is None
    assert claims(work, found)["hours"] == 3
