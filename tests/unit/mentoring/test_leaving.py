"""Who left is in no case any more, and a case that he accompanied waits for another."""

from types import SimpleNamespace

from contracts.codec import encode
from contracts.members import facts
from contracts.members.states import Member
from contracts.mentoring import states
from services.mentoring.handlers.leaving import forget, has_left
from services.mentoring.service import Mentoring
from tests.support.members import an_area
from tests.support.mentoring import NOW, REGION, a_case, a_region, begun, says


def member(id, version=2, **fields):
    plain = {"id": id, "region": REGION, "created_at": NOW, "updated_at": NOW, "name": "—"}
    return Member(**{**plain, "version": version, "state": "active", **fields})


def left(work, id):
    work = work.by(None)
    forget(work, facts.MemberLeft(member=member(id, 9, state="left")))
    return work


def full(**fields):
    """A case in which everybody is named."""
    plain = {
        "state": "in_progress",
        "stage": "installation",
        "mentor_id": "ayu",
        "partner_id": "eko",
        "contact": states.Contact(name="Bu Rina", email="rina@sekolah.id"),
        "readiness": states.Readiness(
            template_version=1, score=90, verdict="ready", assessed_by="rudi", assessed_at=NOW
        ),
        "votes": (states.Vote(party="head", agrees=False, at=NOW, by="budi"),),
    }
    case = a_case(**{**plain, **fields})
    by = ("budi", "ayu", "eko")
    items = tuple(
        states.Item(**{**vars(item), "done_at": NOW, "done_by": by[number % 3]})
        for number, item in enumerate(case.items)
    )
    return states.Mentorship(**{**vars(case), "items": items})


def test_of_all_that_is_said_of_members_only_that_one_left_has_effects():
    assert has_left(facts.MemberRestated(member=member("ayu", state="left")))
    assert not has_left(facts.MemberRestated(member=member("ayu")))
    assert not has_left(facts.AreaChanged(area=an_area("35.71")))


def test_nothing_in_a_case_leads_to_who_left():
    for name in ("budi", "ayu", "eko", "rudi", "rina"):
        work = a_region(full())
        left(work, name)
        case = work.mentorships.get("case")
        assert not says(encode(case), name)
        assert work.members.get(name).state == "left"
    assert case.contact is None


def test_a_case_whose_mentor_left_waits_for_another_one_whose_staff_left_goes_on():
    work = a_region(full())

    assert left(work, "budi").said() == ["MentorshipErased"]
    assert work.mentorships.get("case").state == "in_progress"
    assert left(work, "eko").said()[0] == "MentorshipErased"
    assert work.mentorships.get("case").mentor_id == "ayu"
    assert left(work, "ayu").said()[0] == "MentorshipUnmatched"
    case = work.mentorships.get("case")
    assert (case.state, case.mentor_id, case.agreement) == ("assessed", None, None)


def test_what_was_signed_off_or_ended_stays_as_it_is_without_him():
    for fields in (
        {"state": "follow_up", "signed_off_at": NOW},
        {"state": "closed", "signed_off_at": NOW},
        {"state": "stopped"},
    ):
        work = a_region(full(**fields))
        assert left(work, "ayu").said()[0] == "MentorshipErased"
        assert work.mentorships.get("case").state == fields["state"]


def test_a_contact_is_known_by_mail_phone_or_name_as_it_was_before():
    for contact in (
        states.Contact(name="Ibu R.", email="rina@sekolah.id"),
        states.Contact(name="Rina"),
    ):
        work = a_region(full(contact=contact, requested_by="rina"))
        left(work, "rina")
        assert work.mentorships.get("case").contact is None
        assert work.forgotten == ["rina", "case"], "in what answers were kept, too"
    work = a_region(full(requested_by="rina"))
    work.members.by_id.pop("rina")
    left(work, "rina")
    assert work.mentorships.get("case").contact is not None


def test_an_answered_follow_up_stays_without_who_answered():
    look = states.FollowUp(
        **begun("f1"),
        mentorship_id="case",
        area="35.71",
        day=30,
        due_on="2026-12-21",
        state="done",
        running=True,
        answered_by="budi",
    )
    work = a_region(look)

    assert left(work, "budi").said() == ["FollowUpErased"]
    assert (work.follow_ups.get("f1").answered_by, work.follow_ups.get("f1").running) == (
        None,
        True,
    )


def test_heard_again_it_changes_nothing():
    work = a_region(full())
    left(work, "ayu")

    assert left(work, "ayu").said() == []


def test_what_was_written_of_him_while_his_leaving_was_heard_goes_a_minute_later():
    work = a_region()
    left(work, "ayu")
    work.holds(full())
    service = Mentoring()
    service.desk = SimpleNamespace(sweep=lambda handler: handler(work))

    service.forget_again("ayu")
    said = work.said()
    service.forget_again("ayu")

    assert not says(encode(work.mentorships.get("case")), "ayu")
    assert (said[0], work.said()) == ("MentorshipUnmatched", said), "the second time nothing"
    assert work.forgotten == ["ayu"], "marked once"
