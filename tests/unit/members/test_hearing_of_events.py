"""What the events service says ends grants and gives evidence, once, in whatever order."""

import itertools
from dataclasses import replace

import pytest

from contracts.events import facts
from contracts.events.states import Award, Certificate, Event
from contracts.members.commands import AddEvidence, OfferAppointment
from services.members.errors import AppointmentInvalid
from services.members.handlers.appointments import note_event, offer_appointment
from services.members.handlers.competencies import add_evidence, note_certificate
from services.members.model.competency import MOST_KEPT
from tests.support.members import (
    NOW,
    POLICY,
    REGION,
    TODAY,
    a_member,
    a_region,
    an_appointment,
)

BEGUN = {"region": REGION, "created_at": NOW, "updated_at": NOW}
AWARDS = (Award(area="ICT", level=2), Award(area="LIB", level=1))


def an_event(state, **fields):
    plain = {"title": "Cetak barcode", "kind": "workshop", "area": "35.71", "timezone": "UTC"}
    span = {"starts_at": NOW, "ends_at": NOW}
    return Event(**BEGUN, id="e1", version=5, **plain, **span, state=state, **fields)


def a_certificate(version=1, **fields):
    plain = {
        "id": "JJR-2026-7K3F9QXA",
        "event_id": "e1",
        "registration_id": "r1",
        "area": "35.71",
        "member_id": "ayu",
        "name": "Ayu",
        "title": "Lokakarya barcode",
        "kind": "workshop",
        "held_on": "2026-11-20",
        "hours": 4,
        "awards": AWARDS,
        "language": "id",
        "state": "valid",
        "issued_at": NOW,
        "signed": "eyJ",
    }
    return Certificate(**BEGUN, version=version, **{**plain, **fields})


def issued(**fields):
    return facts.CertificateIssued(certificate=a_certificate(**fields))


def revoked(version=2, **fields):
    certificate = a_certificate(version, state="revoked", revoked_reason="keliru", **fields)
    return facts.CertificateRevoked(certificate=certificate)


def evidence(work, member_id="ayu"):
    kept = work.competencies.get(member_id)
    return [(e.area, e.level) for e in kept.evidence] if kept else []


# -- grants -----------------------------------------------------------------------------------


def staffed():
    return a_region().holds(
        an_appointment("ayu", "event_manager", event_id="e1", area="35.71"),
        an_appointment("ayu", "checkin_staff", event_id="e1", state="offered"),
        an_appointment("ayu", "checkin_staff", event_id="e2", id="other"),
    )


@pytest.mark.parametrize(
    "fact",
    [
        facts.EventClosed(event=an_event("closed")),
        facts.EventCancelled(event=an_event("cancelled")),
        facts.EventRestated(event=an_event("closed")),
    ],
)
def test_grants_end_with_their_event_and_only_those(fact):
    work = staffed()

    note_event(work, fact)
    note_event(work, fact)

    assert work.said() == ["AppointmentEnded", "AppointmentEnded"]
    assert work.appointments.get("ayu-event_manager").ended_reason == "the event is over"
    assert work.appointments.get("other").state == "accepted"


def test_an_event_under_way_ends_nothing():
    work = staffed()

    note_event(work, facts.EventRestated(event=an_event("published")))

    assert work.said() == []


def a_grant(area, role="event_manager"):
    fields = {"member_id": "ayu", "role": role, "starts_on": TODAY}
    return OfferAppointment(**fields, event_id="e1", area=area)


@pytest.mark.parametrize(
    ("state", "area", "pointer"), [("draft", "35.06", "/area"), ("closed", "35.71", "/event_id")]
)
def test_a_grant_that_would_open_nothing_is_refused(state, area, pointer):
    work = a_region()
    note_event(work, facts.EventRestated(event=an_event(state)))

    with pytest.raises(AppointmentInvalid) as refused:
        offer_appointment(work.by("sari"), a_grant(area))
    assert refused.value.pointer == pointer


@pytest.mark.parametrize("area", ["35.71", None])
def test_a_grant_is_for_the_event_s_area_or_by_an_officer_for_any(area):
    work = a_region()
    note_event(work, facts.EventDrafted(event=an_event("draft")))

    assert offer_appointment(work.by("sari"), a_grant(area)).state == "offered"


def test_a_grant_for_an_event_that_was_not_heard_of_is_not_judged():
    assert offer_appointment(a_region().by("sari"), a_grant("35.06")).state == "offered"


# -- evidence ---------------------------------------------------------------------------------


def test_a_certificate_is_evidence_for_each_of_its_awards():
    work = a_region()

    note_certificate(work, issued())

    first, second = work.competencies.get("ayu").evidence
    assert evidence(work) == [("ICT", 2), ("LIB", 1)]
    assert (first.source, first.given_by, first.given_on) == ("event", "events", "2026-11-20")
    assert (first.title, first.id) == ("Lokakarya barcode", "JJR-2026-7K3F9QXA.ICT")
    assert first.link == f"{POLICY.issuer}/v1/certificates/JJR-2026-7K3F9QXA"
    assert second.id == "JJR-2026-7K3F9QXA.LIB"
    assert work.said() == ["CompetencyEvidenced"]


def test_heard_again_even_by_a_forgetful_inbox_it_is_there_once():
    work = a_region()
    note_certificate(work, issued())

    note_certificate(work, issued())
    work.certificates.versions.clear()
    note_certificate(work, facts.CertificateRestated(certificate=a_certificate()))

    assert evidence(work) == [("ICT", 2), ("LIB", 1)]
    assert work.competencies.get("ayu").version == 1


def test_a_revoked_certificate_is_evidence_no_more_and_nothing_else_goes():
    work = a_region()
    own = AddEvidence(member_id="ayu", area="COM", level=1, title="Menulis")
    add_evidence(work.by("ayu"), own)
    note_certificate(work, issued())

    note_certificate(work, revoked())

    assert evidence(work) == [("COM", 1)]
    assert work.said()[-1] == "CompetencyEvidenceWithdrawn"


@pytest.mark.parametrize("order", list(itertools.permutations([issued(), revoked(), issued()])))
def test_in_whatever_order_it_is_heard_the_newest_word_stands(order):
    work = a_region()

    for fact in order:
        note_certificate(work, fact)

    assert evidence(work) == []


def test_revoking_what_gave_no_evidence_says_nothing():
    work = a_region()

    note_certificate(work, revoked())

    assert work.said() == []


@pytest.mark.parametrize("member_id", [None, "stranger", "eka"])
def test_a_guest_a_stranger_and_one_who_left_get_no_evidence(member_id):
    work = a_region().holds(a_member("eka", state="left"))

    note_certificate(work, issued(member_id=member_id))

    assert work.said() == []


def test_a_certificate_without_awards_says_nothing():
    work = a_region()

    note_certificate(work, issued(awards=()))

    assert work.said() == []


def test_when_all_places_are_taken_the_oldest_gives_way():
    work = a_region()
    note_certificate(work, issued())
    kept = work.competencies.get("ayu")
    many = tuple(replace(kept.evidence[0], id=f"x{n}") for n in range(MOST_KEPT))
    work.competencies.by_id["ayu"] = replace(kept, evidence=many)

    note_certificate(work, issued(id="JJR-2026-00000000"))

    after = work.competencies.get("ayu").evidence
    assert (len(after), after[0].id, after[-1].id) == (MOST_KEPT, "x2", "JJR-2026-00000000.LIB")
