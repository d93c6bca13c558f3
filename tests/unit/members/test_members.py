"""Members join, are approved, change, consent and leave."""

from dataclasses import replace

import pytest

from chassis.errors import Invalid, Stale
from chassis.work import Refused
from contracts.members import commands, states
from services.members.errors import (
    AreaInvalid,
    ContactMissing,
    ContactTaken,
    EmailInvalid,
    Forbidden,
    InstitutionInvalid,
    LastCoordinator,
    MemberStateForbids,
    MemberUnknown,
    NotYours,
    PhoneInvalid,
    TooManyAttempts,
)
from services.members.handlers.codes import request_code
from services.members.handlers.members import (
    approve_member,
    leave,
    reinstate_member,
    set_consents,
    sign_up,
    suspend_member,
)
from services.members.handlers.profiles import change_me, change_member
from tests.support.members import (
    NOW,
    TODAY,
    a_member,
    a_region,
    an_appointment,
    an_area,
    an_institution,
    later,
    with_password,
)

SITI = commands.SignUp(name=" Siti  Aminah ", phone="0812 3456 7890", area="35.71")


def joined(work, **fields):
    return sign_up(work.by(), replace(SITI, **fields))


# -- joining ----------------------------------------------------------------------------------


def test_a_name_and_one_phone_are_enough_to_join():
    work = a_region()

    siti = joined(work)

    assert (siti.name, siti.phone, siti.state) == ("Siti Aminah", "+6281234567890", "pending")
    assert not siti.contact_proven
    assert [to for to, _ in work.codes_sent()] == ["+6281234567890"]
    assert work.accounts.get(siti.id).password_hash is None


def test_the_same_number_written_otherwise_is_taken():
    work = a_region()
    joined(work)

    told = joined(work, phone="+6281234567890").refusal

    assert (type(told), told.pointer) == (ContactTaken, "/phone")
    assert len(work.codes_sent()) == 1


def test_a_taken_address_is_refused_whatever_its_case():
    told = joined(a_region(), phone=None, email="AYU@sekolah.id").refusal

    assert (type(told), told.pointer) == (ContactTaken, "/email")


def from_school(work, number, **where):
    """Somebody of a class joins from the school's address; every second finds himself taken."""
    joins = replace(SITI, phone=f"0812 0000 {number // 2:04}")
    return sign_up(work.by(address="10.0.0.77", **where), joins)


def test_a_class_joins_behind_one_address():
    work = a_region()

    told = [from_school(work, number) for number in range(80)]

    assert [type(one) for one in told] == [states.Member, Refused] * 40


def test_taken_or_not_an_address_finds_out_slowly():
    work = a_region()
    for number in range(work.policy.sign_ups_per_hour):
        from_school(work, number)

    with pytest.raises(TooManyAttempts) as told:
        from_school(work, 998)
    assert told.value.retry_after_seconds == 3600
    assert joined(work).state == "pending", "from elsewhere"
    assert from_school(work, 998, now=later(3601)).state == "pending"


def test_a_sign_ups_letter_counts_among_those_with_codes():
    work = a_region()
    joined(work)
    for number in range(19):
        by = work.by(address=f"10.9.9.{number}")
        request_code(by, commands.RequestCode(username="0812-3456-7890"))

    with pytest.raises(TooManyAttempts):
        request_code(work.by(address="10.8.8.8"), commands.RequestCode(username="081234567890"))
    with pytest.raises(TooManyAttempts):
        sign_up(work.by(address="10.8.8.8"), SITI)


def test_what_is_wrong_tells_nothing_of_who_is_taken():
    work = a_region()
    joined(work)

    with pytest.raises(AreaInvalid):
        joined(work, area="99.99")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"phone": None}, ContactMissing),
        ({"phone": "12"}, PhoneInvalid),
        ({"email": "not an address"}, EmailInvalid),
        ({"area": "99.99"}, AreaInvalid),
        ({"institution_id": "nowhere"}, InstitutionInvalid),
    ],
)
def test_joining_needs_what_is_real(fields, refusal):
    with pytest.raises(refusal):
        joined(a_region(), **fields)


def test_the_institution_tells_the_area_and_begins_the_history():
    siti = joined(a_region(), area=None, institution_id="sman4")

    assert siti.area == "35.71"
    assert siti.affiliations == (states.Affiliation(institution_id="sman4", starts_on=TODAY),)


def test_an_own_area_stands_beside_the_institutions():
    assert joined(a_region(), area="35.06", institution_id="sman4").area == "35.06"


# -- approving, suspending, reinstating -----------------------------------------------------------


def a_region_with(**fields):
    return a_region().holds(a_member("siti", **{"state": "pending", **fields}))


def test_the_coordinator_of_the_area_approves():
    work = a_region_with().by("rudi")

    assert approve_member(work, commands.ApproveMember(member_id="siti")).state == "active"
    assert work.said() == ["MemberApproved"]


def test_a_deputy_approves_too():
    work = a_region_with().holds(
        an_appointment("ayu", "area_coordinator", area="35.71", deputy=True)
    )

    assert approve_member(work.by("ayu"), commands.ApproveMember(member_id="siti")).version == 2


@pytest.mark.parametrize("somebody", ["dewi", "ayu", "siti"])
def test_nobody_else_approves(somebody):
    with pytest.raises(NotYours):
        approve_member(a_region_with().by(somebody), commands.ApproveMember(member_id="siti"))


def test_a_term_that_is_over_gives_no_authority():
    work = a_region_with().holds(
        an_appointment("rudi", "area_coordinator", area="35.71", ends_on="2026-11-20")
    )

    with pytest.raises(NotYours):
        approve_member(work.by("rudi"), commands.ApproveMember(member_id="siti"))


def test_a_member_without_any_area_is_the_officers():
    work = a_region_with(area=None)

    with pytest.raises(NotYours, match="the region's coordinator or secretary"):
        approve_member(work.by("rudi"), commands.ApproveMember(member_id="siti"))
    assert approve_member(work.by("sari"), commands.ApproveMember(member_id="siti")).version == 2


def test_without_an_own_area_the_institutions_counts():
    work = a_region_with(area=None, institution_id="sman4")

    assert approve_member(work.by("rudi"), commands.ApproveMember(member_id="siti")).version == 2


def test_an_institution_that_is_gone_gives_no_area():
    with pytest.raises(NotYours):
        approve_member(
            a_region_with(area=None, institution_id="gone").by("rudi"),
            commands.ApproveMember(member_id="siti"),
        )


def test_approving_twice_is_refused_with_what_is_allowed():
    with pytest.raises(MemberStateForbids) as told:
        approve_member(a_region().by("rudi"), commands.ApproveMember(member_id="ayu"))
    assert "suspend" in told.value.allowed


def test_an_unknown_member_is_not_found():
    with pytest.raises(MemberUnknown):
        approve_member(a_region().by("rudi"), commands.ApproveMember(member_id="x"))


def test_a_stale_approval_is_refused():
    with pytest.raises(Stale):
        approve_member(
            a_region_with().by("rudi", if_match=9), commands.ApproveMember(member_id="siti")
        )


def test_a_suspension_keeps_its_reason_and_is_lifted():
    work = a_region()

    suspended = suspend_member(
        work.by("rudi"), commands.SuspendMember(member_id="ayu", reason="spam")
    )
    back = reinstate_member(work.by("rudi"), commands.ReinstateMember(member_id="ayu"))

    assert (suspended.state, suspended.state_reason) == ("suspended", "spam")
    assert (back.state, back.state_reason) == ("active", None)


def test_a_member_is_suspended_without_a_word_too():
    work = a_region()

    state = suspend_member(work.by("rudi"), commands.SuspendMember(member_id="ayu"))

    assert (state.state, state.state_reason) == ("suspended", None)


def test_who_holds_an_office_is_for_officers_to_suspend_and_to_reinstate():
    work = a_region().holds(
        a_member("tono"), an_appointment("tono", "area_coordinator", area="35.71", deputy=True)
    )
    suspend_member(work.by("sari"), commands.SuspendMember(member_id="tono", reason="x"))

    with pytest.raises(NotYours):
        reinstate_member(work.by("rudi"), commands.ReinstateMember(member_id="tono"))
    back = reinstate_member(work.by("sari"), commands.ReinstateMember(member_id="tono"))
    assert back.state == "active"


def test_a_suspended_coordinator_leaves_the_area_to_the_acting_one_until_reinstated():
    work = a_region()
    officer = work.by("sari")

    suspend_member(officer, commands.SuspendMember(member_id="rudi", reason="absent"))

    assert officer.said() == ["MemberSuspended", "AreaCoordinatorVacant"]
    assert work.areas.get("35.71").acting_coordinator == "kartini"
    reinstate_member(work.by("sari"), commands.ReinstateMember(member_id="rudi"))
    assert work.areas.get("35.71").coordinators == ("rudi",)


def test_an_area_coordinator_suspends_no_officer_and_nobody_himself():
    work = a_region().holds(a_member("kartini", area="35.71"))

    with pytest.raises(NotYours):
        suspend_member(work.by("rudi"), commands.SuspendMember(member_id="kartini", reason="x"))
    with pytest.raises(NotYours):
        suspend_member(work.by("rudi"), commands.SuspendMember(member_id="rudi", reason="x"))


def test_the_last_coordinator_of_the_region_is_not_suspended():
    with pytest.raises(LastCoordinator):
        suspend_member(
            a_region().by("sari"), commands.SuspendMember(member_id="kartini", reason="x")
        )


# -- profiles ---------------------------------------------------------------------------------


def test_a_member_changes_his_profile():
    work = a_region().by("ayu")

    ayu = change_me(work, commands.ChangeMe(job_area="it", motives=("sharing",), language="en"))

    assert (ayu.job_area, ayu.motives, ayu.language) == ("it", ("sharing",), "en")
    assert work.said() == ["MemberChanged"]


def test_the_same_again_changes_nothing():
    work = a_region().by("ayu")

    assert change_me(work, commands.ChangeMe(name=" Ayu ")).version == 1
    assert work.said() == []


def test_a_job_change_keeps_the_history():
    work = a_region().holds(
        an_institution("smpn1"),
        a_member(
            "ayu",
            institution_id="sman4",
            affiliations=(states.Affiliation(institution_id="sman4", starts_on="2020-07-01"),),
        ),
    )

    ayu = change_me(work.by("ayu"), commands.ChangeMe(institution_id="smpn1"))

    assert ayu.affiliations == (
        states.Affiliation(institution_id="sman4", starts_on="2020-07-01", ends_on=TODAY),
        states.Affiliation(institution_id="smpn1", starts_on=TODAY),
    )
    alone = change_me(work.by("ayu"), commands.ChangeMe(institution_id=None))
    assert alone.institution_id is None
    assert [a.institution_id for a in alone.affiliations] == ["sman4"]


def test_an_unknown_institution_is_refused():
    with pytest.raises(InstitutionInvalid):
        change_me(a_region().by("ayu"), commands.ChangeMe(institution_id="nowhere"))


def test_the_own_area_is_free_to_choose_only_while_pending():
    work = a_region_with()

    assert change_me(work.by("siti"), commands.ChangeMe(area="35.06")).area == "35.06"
    with pytest.raises(NotYours):
        change_me(work.by("ayu"), commands.ChangeMe(area="35.06"))


def test_moving_a_member_needs_authority_over_both_areas():
    move = commands.ChangeMember(member_id="ayu", area="35.06")

    for coordinator in ("rudi", "dewi"):
        with pytest.raises(NotYours):
            change_member(a_region().by(coordinator), move)
    assert change_member(a_region().by("sari"), move).area == "35.06"


def test_a_coordinator_corrects_a_profile_in_his_area():
    work = a_region()

    assert (
        change_member(
            work.by("rudi"), commands.ChangeMember(member_id="ayu", name="Ayu Lestari")
        ).name
        == "Ayu Lestari"
    )
    with pytest.raises(NotYours):
        change_member(work.by("dewi"), commands.ChangeMember(member_id="ayu", name="X"))


def test_one_contact_must_remain():
    with pytest.raises(ContactMissing):
        change_me(a_region().by("ayu"), commands.ChangeMe(email=None))


def test_a_new_contact_must_be_proven_and_old_codes_are_void():
    work = a_region()
    siti = joined(work)
    old = work.codes.of_member(siti.id)

    after = change_me(work.by(siti.id), commands.ChangeMe(email="SITI@x.id", phone=None))

    assert (after.email, after.phone, after.contact_proven) == ("siti@x.id", None, False)
    assert work.codes_sent()[-1][0] == "siti@x.id"
    assert not set(old) & set(work.codes.of_member(siti.id))


def test_giving_up_one_of_two_contacts_proves_nothing_anew():
    work = a_region().holds(a_member("ayu", phone="+6281234567890")).by("ayu")

    assert change_me(work, commands.ChangeMe(phone=None)).contact_proven
    assert work.codes_sent() == []


def test_a_member_changes_himself_by_his_id_too_and_keeps_his_other_contact():
    work = a_region().holds(a_member("ayu", phone="+6281234567890"))
    change = commands.ChangeMember(member_id="ayu", email="baru@x.id", phone="0812 3456 7890")

    ayu = change_member(work.by("ayu"), change)

    assert (ayu.email, ayu.phone) == ("baru@x.id", "+6281234567890")
    assert [to for to, _ in work.codes_sent()] == ["baru@x.id"]


def test_a_contact_of_somebody_else_is_refused():
    with pytest.raises(ContactTaken):
        change_me(a_region().by("ayu"), commands.ChangeMe(email="rudi@sekolah.id"))


def test_a_coordinator_mends_an_unproven_contact_but_takes_over_no_account():
    work = a_region_with(contact_proven=False)
    mend = commands.ChangeMember(member_id="siti", email="benar@x.id")

    assert change_member(work.by("rudi"), mend).email == "benar@x.id"
    with pytest.raises(NotYours):
        change_member(work.by("rudi"), commands.ChangeMember(member_id="ayu", email="e@x.id"))


def test_an_officer_replaces_a_lost_contact_of_who_holds_no_role():
    work = a_region()
    lost = commands.ChangeMember(member_id="ayu", email="baru@x.id")

    assert change_member(work.by("sari"), lost).email == "baru@x.id"
    with pytest.raises(NotYours):
        change_member(work.by("sari"), commands.ChangeMember(member_id="kartini", email="e@x.id"))


@pytest.mark.parametrize("state", ["offered", "accepted"])
@pytest.mark.parametrize("by", ["rudi", "sari"])
def test_nobody_takes_over_the_account_of_who_is_in_office_while_a_new_contact_is_unproven(
    by, state
):
    work = a_region().holds(
        a_member("tono", email="tono@x.id"),
        an_appointment("tono", "treasurer", state=state),
    )
    change_me(work.by("tono"), commands.ChangeMe(phone="081234567890"))

    with pytest.raises(NotYours):
        change_member(work.by(by), commands.ChangeMember(member_id="tono", email="e@x.id"))
    assert work.members.get("tono").email == "tono@x.id"


def test_a_password_needs_a_session_and_ends_the_others():
    work = with_password(a_region(), "ayu", "old password")

    with pytest.raises(Forbidden):
        change_me(work.by("ayu"), commands.ChangeMe(password="new password"))
    ayu = change_me(work.by("ayu", session="s1"), commands.ChangeMe(password="new password"))

    assert ayu.version == 1
    assert work.accounts.get("ayu").password_hash == "hash of new password"


# -- consents and leaving ---------------------------------------------------------------------


def answer(purpose, granted=True):
    return commands.ConsentAnswer(purpose=purpose, granted=granted, text_version="2026-01")


def test_every_answer_is_in_the_ledger_and_the_newest_stands():
    work = a_region()

    set_consents(work.by("ayu", session="s1"), commands.SetConsents(consents=(answer("photo"),)))
    ayu = set_consents(
        work.by("ayu"), commands.SetConsents(consents=(answer("photo", False), answer("contact")))
    )

    assert ayu.consents_to("contact")
    assert not ayu.consents_to("photo")
    assert [(e.purpose, e.granted) for e in work.ledger.entries] == [
        ("photo", True),
        ("photo", False),
        ("contact", True),
    ]
    assert work.ledger.entries[0].proof.session_id == "s1"
    assert work.ledger.entries[0].proof.address == "10.0.0.1"


def test_no_answer_is_no_change():
    assert set_consents(a_region().by("ayu"), commands.SetConsents(consents=())).version == 1


@pytest.mark.parametrize("granted", [False, True])
def test_nobody_says_two_things_about_one_purpose(granted):
    work = a_region()
    answers = (answer("contact"), answer("photo"), answer("contact", granted))

    with pytest.raises(Invalid) as told:
        set_consents(work.by("ayu"), commands.SetConsents(consents=answers))

    assert told.value.pointer == "/consents/2/purpose"
    assert work.ledger.entries == []


def test_letters_and_codes_of_who_leaves_are_gone():
    work = a_region()
    siti = joined(work)

    leave(work.by(siti.id), commands.Leave())

    assert work.letters.all() == []
    assert work.codes.all() == []
    assert work.code_requests.all() == []


def test_the_levels_of_who_leaves_are_gone():
    work = a_region().holds(
        states.Competencies(
            id="ayu",
            version=3,
            region="kediri-raya",
            created_at=NOW,
            updated_at=NOW,
            member_id="ayu",
            framework_version=1,
            ratings=(states.Rating(area="LIB", level=2, source="self", rated_on=TODAY),),
        )
    )
    asked = work.by("ayu")

    leave(asked, commands.Leave())

    assert asked.said()[-1] == "CompetenciesErased"
    assert work.competencies.get("ayu").ratings == ()


def test_when_the_last_coordinator_of_an_area_leaves_the_regions_acts_at_once():
    work = a_region()
    asked = work.by("rudi")

    leave(asked, commands.Leave())

    assert asked.said() == ["MemberLeft", "AppointmentEnded", "AreaCoordinatorVacant"]
    assert work.areas.get("35.71").acting_coordinator == "kartini"


def test_the_regions_last_coordinator_does_not_leave_without_a_successor():
    with pytest.raises(LastCoordinator):
        leave(a_region().by("kartini"), commands.Leave())


def test_who_left_does_nothing_more():
    work = a_region()
    leave(work.by("ayu"), commands.Leave())

    with pytest.raises(Forbidden):
        change_me(work.by("ayu"), commands.ChangeMe(name="X"))
    with pytest.raises(MemberStateForbids):
        change_member(work.by("sari"), commands.ChangeMember(member_id="ayu", name="X"))


def test_who_has_no_area_takes_the_institutions():
    work = a_region().holds(an_area("35.72"), an_institution("i72", area="35.72"))
    work.holds(a_member("ayu", area=None))

    with pytest.raises(NotYours):
        change_me(work.by("ayu"), commands.ChangeMe(area="35.72"))
    assert change_me(work.by("ayu"), commands.ChangeMe(institution_id="i72")).area == "35.72"
