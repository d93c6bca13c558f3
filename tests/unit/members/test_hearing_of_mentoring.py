"""A case that was signed off is evidence for who accompanied it and for who asked, once."""

from contracts.mentoring.facts import MentorshipSignedOff
from contracts.mentoring.states import Mentorship
from services.members.handlers.competencies import note_mentorship
from tests.support.members import NOW, POLICY, REGION, a_member, a_region

BEGUN = {"region": REGION, "created_at": NOW, "updated_at": NOW}


def signed_off(version=9, **fields):
    plain = {
        "id": "case",
        "institution_id": "sman4",
        "institution_name": "SMAN 4 Kediri",
        "area": "35.71",
        "goal": "Otomasi sirkulasi",
        "state": "signed_off",
        "stage": "follow_up",
        "mentor_id": "ayu",
        "partner_id": "eko",
        "requested_by": "rina",
        "needs": ("network", "slims", "training"),
        "signed_off_at": NOW,
    }
    case = Mentorship(**BEGUN, version=version, **{**plain, **fields})
    return MentorshipSignedOff(mentorship=case)


def people():
    return a_region().holds(a_member("eko"), a_member("rina", institution_id="sman4"))


def evidence(work, member_id):
    kept = work.competencies.get(member_id)
    return [(e.area, e.level) for e in kept.evidence] if kept else []


def test_mentors_and_the_staff_who_asked_get_evidence_in_the_areas_of_the_needs():
    work = people()

    note_mentorship(work, signed_off())

    for mentor in ("ayu", "eko"):
        assert evidence(work, mentor) == [("LIB", 3), ("ICT", 3), ("COM", 3)]
    assert evidence(work, "rina") == [("LIB", 2), ("ICT", 2), ("COM", 2)]
    first = work.competencies.get("ayu").evidence[0]
    assert (first.id, first.source, first.given_by) == ("case.LIB", "mentor", "mentoring")
    assert (first.title, first.given_on) == (
        "Pendampingan SMAN 4 Kediri: Otomasi sirkulasi",
        NOW[:10],
    )
    assert first.link == f"{POLICY.issuer}/v1/mentorships/case"


def test_without_needs_it_is_evidence_of_library_work():
    work = people()
    note_mentorship(work, signed_off(needs=()))
    assert evidence(work, "ayu") == [("LIB", 3)]


def test_heard_again_or_signed_off_again_it_is_there_once():
    work = people()
    for version in (9, 9, 20):
        note_mentorship(work, signed_off(version))

    assert len(evidence(work, "ayu")) == 3
    assert work.said() == 3 * ["CompetencyEvidenced"]


def test_a_coordinator_who_asked_for_others_gets_none_nor_does_who_left():
    work = people().holds(a_member("eko", state="left"))

    note_mentorship(work, signed_off(requested_by="rudi"))

    assert (evidence(work, "rudi"), evidence(work, "eko"), evidence(work, "rina")) == ([], [], [])
    note_mentorship(work, signed_off(mentor_id=None, partner_id="nobody", requested_by=None))


def test_the_title_of_a_long_goal_fits_a_line():
    work = people()
    note_mentorship(work, signed_off(goal="x" * 160, institution_name="y" * 160))

    assert len(work.competencies.get("ayu").evidence[0].title) == 300
