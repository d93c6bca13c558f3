"""Roles are offered, accepted and over; no area and no region is left without a coordinator."""

import pytest

from chassis.errors import Stale
from contracts.members import commands
from services.members.errors import (
    AppointmentInvalid,
    AppointmentStateForbids,
    AppointmentTaken,
    AppointmentUnknown,
    AreaInvalid,
    LastCoordinator,
    MemberStateForbids,
    NotYours,
)
from services.members.handlers.appointments import (
    accept_appointment,
    decline_appointment,
    end_appointment,
    expire_term,
    offer_appointment,
    overdue_terms,
)
from services.members.handlers.coordination import settle
from services.members.model.known import KnownEvent
from tests.support.members import TODAY, a_member, a_region, an_appointment, an_area


def an_offer(role="mentor", **fields):
    plain = {"member_id": "ayu", "role": role, "starts_on": TODAY}
    return commands.OfferAppointment(**{**plain, **fields})


def offered(work, by, **fields):
    return offer_appointment(work.by(by), an_offer(**fields))


def accepted(work, by, **fields):
    state = offered(work, by, **fields)
    accept = commands.AcceptAppointment(appointment_id=state.id)
    return accept_appointment(work.by(state.member_id), accept)


# -- offering ---------------------------------------------------------------------------------


def test_a_role_is_in_force_when_the_candidate_accepts():
    work = a_region()

    offer = offered(work, "rudi", area="35.71")
    assert (offer.state, offer.appointed_by, offer.in_force(TODAY)) == ("offered", "rudi", False)
    taken = accept_appointment(work.by("ayu"), commands.AcceptAppointment(appointment_id=offer.id))

    assert taken.in_force(TODAY)


@pytest.mark.parametrize(
    ("by", "fields"),
    [
        ("sari", {"role": "treasurer"}),
        ("sari", {"role": "coordinator"}),
        ("kartini", {"role": "operator"}),
        ("sari", {"role": "area_coordinator", "area": "35.06"}),
        ("sari", {"role": "mentor"}),
        ("rudi", {"role": "area_coordinator", "area": "35.71", "deputy": True}),
        ("rudi", {"role": "event_manager", "area": "35.71", "event_id": "e1"}),
        ("rudi", {"role": "checkin_staff", "area": "35.71", "event_id": "e1"}),
        ("sari", {"role": "checkin_staff", "event_id": "e1"}),
    ],
)
def test_who_may_appoint(by, fields):
    assert offered(a_region(), by, **fields).state == "offered"


@pytest.mark.parametrize(
    ("by", "fields"),
    [
        ("sari", {"role": "operator"}),
        ("rudi", {"role": "area_coordinator", "area": "35.71"}),
        ("rudi", {"role": "area_coordinator", "area": "35.06", "deputy": True}),
        ("rudi", {"role": "mentor", "area": "35.06"}),
        ("rudi", {"role": "mentor"}),
        ("rudi", {"role": "secretary"}),
        ("rudi", {"role": "event_manager", "area": "35.06", "event_id": "e1"}),
        ("ayu", {"role": "mentor", "area": "35.71"}),
    ],
)
def test_who_may_not(by, fields):
    with pytest.raises(NotYours):
        offered(a_region(), by, **fields)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"role": "secretary", "area": "35.71"}, "/area"),
        ({"role": "area_coordinator"}, "/area"),
        ({"role": "event_manager"}, "/event_id"),
        ({"role": "mentor", "event_id": "e1"}, "/event_id"),
        ({"role": "mentor", "deputy": True}, "/deputy"),
        ({"ends_on": "2026-11-20"}, "/ends_on"),
        ({"starts_on": "2027-01-01", "ends_on": "2026-12-31"}, "/ends_on"),
        ({"member_id": "nobody"}, "/member_id"),
    ],
)
def test_role_area_and_term_must_fit(fields, pointer):
    with pytest.raises(AppointmentInvalid) as told:
        offered(a_region(), "sari", **fields)
    assert told.value.pointer == pointer


def test_staff_of_an_event_is_of_its_area():
    work = a_region()
    work.events.by_id["e1"] = KnownEvent(id="e1", version=1, area="35.06", state="draft")
    staff = {"role": "checkin_staff", "event_id": "e1"}

    assert offered(work, "dewi", **staff).area == "35.06"
    with pytest.raises(NotYours):
        offered(work, "rudi", **staff)


def test_staff_of_an_event_not_heard_of_is_of_the_only_area_that_who_appoints_coordinates():
    staff = {"role": "checkin_staff", "event_id": "e1"}

    assert offered(a_region(), "rudi", **staff).area == "35.71"
    assert offered(a_region(), "sari", **staff).area is None
    both = a_region().holds(an_appointment("rudi", "area_coordinator", id="two", area="35.06"))
    with pytest.raises(NotYours):
        offered(both, "rudi", **staff)


def test_an_area_must_be_in_use():
    with pytest.raises(AreaInvalid):
        offered(a_region(), "sari", area="99.99")


def test_the_same_role_is_not_offered_twice():
    work = a_region()
    offered(work, "sari")

    with pytest.raises(AppointmentTaken):
        offered(work, "sari")
    assert offered(work, "sari", area="35.71").state == "offered"


def test_who_is_suspended_is_offered_nothing():
    work = a_region().holds(a_member("tono", state="suspended"))

    with pytest.raises(MemberStateForbids):
        offered(work, "sari", member_id="tono")


# -- answering --------------------------------------------------------------------------------


def test_only_the_candidate_answers():
    work = a_region()
    offer = offered(work, "rudi", area="35.71")

    for answer, command in (
        (accept_appointment, commands.AcceptAppointment),
        (decline_appointment, commands.DeclineAppointment),
    ):
        with pytest.raises(NotYours):
            answer(work.by("rudi"), command(appointment_id=offer.id))


def test_a_pending_candidate_accepts_after_he_is_approved():
    work = a_region().holds(a_member("ayu", state="pending"))
    offer = offered(work, "sari")

    with pytest.raises(MemberStateForbids):
        accept_appointment(work.by("ayu"), commands.AcceptAppointment(appointment_id=offer.id))


def test_a_declined_offer_is_over():
    work = a_region()
    offer = offered(work, "sari")

    said_no = decline_appointment(
        work.by("ayu"), commands.DeclineAppointment(appointment_id=offer.id)
    )

    assert said_no.state == "declined"
    with pytest.raises(AppointmentStateForbids) as told:
        accept_appointment(work.by("ayu"), commands.AcceptAppointment(appointment_id=offer.id))
    assert told.value.allowed == ()


def test_an_offer_whose_term_is_over_is_not_accepted():
    work = a_region()
    offer = offered(work, "sari", ends_on=TODAY)

    with pytest.raises(AppointmentStateForbids) as told:
        accept_appointment(
            work.by("ayu", today="2026-11-22"),
            commands.AcceptAppointment(appointment_id=offer.id),
        )
    assert told.value.allowed == ("decline", "end")


def test_an_unknown_appointment_is_not_found():
    with pytest.raises(AppointmentUnknown):
        accept_appointment(a_region().by("ayu"), commands.AcceptAppointment(appointment_id="x"))


def test_a_stale_answer_is_refused():
    work = a_region()
    offer = offered(work, "sari")

    with pytest.raises(Stale):
        decline_appointment(
            work.by("ayu", if_match=5), commands.DeclineAppointment(appointment_id=offer.id)
        )


# -- handing over -----------------------------------------------------------------------------


def end(work, by, appointment_id, reason=None):
    return end_appointment(
        work.by(by), commands.EndAppointment(appointment_id=appointment_id, reason=reason)
    )


def test_a_holder_resigns_and_the_regions_coordinator_acts_in_the_same_breath():
    work = a_region()
    asked = work.by("rudi")

    over = end_appointment(
        asked, commands.EndAppointment(appointment_id="rudi-area_coordinator", reason="moving")
    )

    assert (over.state, over.ends_on, over.ended_reason) == ("ended", TODAY, "moving")
    assert asked.said() == ["AppointmentEnded", "AreaCoordinatorVacant"]
    assert work.areas.get("35.71").coordinators == ()
    assert work.areas.get("35.71").acting_coordinator == "kartini"


def test_a_deputy_acts_before_the_regions_coordinator():
    work = a_region()
    accepted(work, "rudi", role="area_coordinator", area="35.71", deputy=True)

    end(work, "sari", "rudi-area_coordinator")

    assert work.areas.get("35.71").acting_coordinator == "ayu"


def test_a_handover_begins_only_when_the_successor_accepts():
    work = a_region()
    end(work, "rudi", "rudi-area_coordinator")

    offer = offered(work, "kartini", role="area_coordinator", area="35.71")
    assert work.areas.get("35.71").acting_coordinator == "kartini"
    asked = work.by("ayu")
    accept_appointment(asked, commands.AcceptAppointment(appointment_id=offer.id))

    assert asked.said() == ["AppointmentAccepted", "AreaCoordinated"]
    area = work.areas.get("35.71")
    assert (area.coordinators, area.acting_coordinator) == (("ayu",), None)


def test_a_second_coordinator_shares_and_stays():
    work = a_region()
    accepted(work, "sari", role="area_coordinator", area="35.71")
    assert work.areas.get("35.71").coordinators == ("rudi", "ayu")

    end(work, "rudi", "rudi-area_coordinator")

    assert work.areas.get("35.71").coordinators == ("ayu",)


def test_an_acceptance_before_the_first_day_changes_the_area_on_that_day():
    work = a_region()
    accepted(work, "sari", role="area_coordinator", area="35.71", starts_on="2026-12-01")
    assert work.areas.get("35.71").coordinators == ("rudi",)

    settle(work.by(today="2026-12-01"))

    assert work.areas.get("35.71").coordinators == ("rudi", "ayu")


def test_an_area_coordinator_ends_what_he_may_give_and_nothing_else():
    work = a_region().holds(
        an_appointment("ayu", "area_coordinator", area="35.71", id="other"),
        an_appointment("ayu", "mentor", area="35.71"),
    )

    assert end(work, "rudi", "ayu-mentor").state == "ended"
    with pytest.raises(NotYours):
        end(work, "rudi", "other")
    with pytest.raises(NotYours):
        end(work, "ayu", "sari-secretary")


def test_an_offer_is_withdrawn_without_a_last_day():
    work = a_region()
    offer = offered(work, "sari")

    withdrawn = end(work, "sari", offer.id)

    assert (withdrawn.state, withdrawn.ends_on) == ("ended", None)
    with pytest.raises(AppointmentStateForbids):
        end(work, "sari", offer.id)


def test_the_regions_last_coordinator_ends_only_with_a_successor():
    work = a_region()
    with pytest.raises(LastCoordinator):
        end(work, "kartini", "kartini-coordinator")

    accepted(work, "sari", role="coordinator")

    assert end(work, "kartini", "kartini-coordinator").state == "ended"


# -- terms ------------------------------------------------------------------------------------


def test_terms_that_ran_out_are_ended():
    work = a_region().holds(
        an_appointment("rudi", "area_coordinator", area="35.71", ends_on="2026-11-20"),
        an_appointment("ayu", "mentor", state="offered", ends_on="2026-11-20"),
        an_appointment("dewi", "mentor", ends_on=TODAY),
    )
    asked = work.by()

    over = overdue_terms(asked)
    for overdue in over:
        expire_term(asked, overdue)

    assert sorted(over) == ["ayu-mentor", "rudi-area_coordinator"]
    assert sorted(asked.said()) == ["AppointmentEnded", "AppointmentEnded", "AreaCoordinatorVacant"]
    assert work.appointments.get("rudi-area_coordinator").ends_on == "2026-11-20"
    assert work.appointments.get("dewi-mentor").state == "accepted"


def test_a_term_that_somebody_ended_meanwhile_is_left_alone():
    work = a_region().holds(an_appointment("ayu", "mentor", state="ended", ends_on="2026-11-20"))

    expire_term(work, "ayu-mentor")

    assert work.said() == []


def test_the_regions_last_coordinator_stays_acting_until_the_next_one_accepts():
    work = a_region().holds(an_appointment("kartini", "coordinator", ends_on="2026-11-20"))
    asked = work.by()

    expire_term(asked, "kartini-coordinator")

    assert asked.said() == ["AppointmentProlonged"]
    stays = work.appointments.get("kartini-coordinator")
    assert (stays.acting, stays.ends_on, stays.in_force(TODAY)) == (True, None, True)
    accepted(work, "sari", role="coordinator")
    assert work.appointments.get("kartini-coordinator").state == "ended"


def test_a_coordinator_with_a_colleague_just_ends():
    work = a_region().holds(
        an_appointment("kartini", "coordinator", ends_on="2026-11-20"),
        an_appointment("ayu", "coordinator"),
    )

    expire_term(work, "kartini-coordinator")

    assert work.appointments.get("kartini-coordinator").state == "ended"


def test_an_area_out_of_use_is_nobodys():
    work = a_region().holds(an_area("35.72", active=False))

    settle(work)

    assert work.areas.get("35.72").acting_coordinator is None
