"""Appointments, whatever is tried: no area is left without somebody who could act."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.members.errors import (
    Refusal,
)
from services.members.model.appointment import ALLOWED, Appointment
from services.members.model.coordination import coordination
from tests.support.members import NOW, TODAY, an_appointment

# -- properties -------------------------------------------------------------------------------

MOVES = {
    "accept": lambda a: a.accept(NOW, TODAY).appointment,
    "decline": lambda a: a.decline(NOW).appointment,
    "end": lambda a: a.end(NOW, TODAY, None).appointment,
}


@given(st.sampled_from(sorted(ALLOWED)), st.lists(st.sampled_from(sorted(MOVES)), max_size=8))
def test_whatever_is_tried_a_move_is_allowed_or_refused(state, moves):
    appointment = an_appointment("ayu", "mentor", state=state)
    for move in moves:
        outcome = refused = None
        try:
            outcome = MOVES[move](Appointment(appointment))
        except Refusal as refusal:
            refused = refusal
        assert (refused is None) == (move in ALLOWED[appointment.state])
        appointment = outcome or appointment


APPOINTMENT = st.builds(
    an_appointment,
    st.sampled_from(["ayu", "rudi", "sari"]),
    st.sampled_from(["coordinator", "area_coordinator"]),
    id=st.uuids().map(str),
    area=st.sampled_from(["35.71", "35.06"]),
    deputy=st.booleans(),
    starts_on=st.sampled_from(["2025-01-01", "2027-01-01"]),
    ends_on=st.sampled_from([None, "2026-01-01", "2028-01-01"]),
).map(lambda a: replace(a, area=None, deputy=False) if a.role == "coordinator" else a)


@given(st.lists(APPOINTMENT, max_size=8))
def test_an_area_has_coordinators_or_somebody_who_acts_if_anybody_can(standing):
    coordinators, acting = coordination("35.71", standing, TODAY)

    able = [a for a in standing if a.in_force(TODAY) and a.area in (None, "35.71")]
    assert bool(coordinators or acting) == bool(able)
    assert not (coordinators and acting)
    assert acting is None or acting in {a.member_id for a in able}
