"""Mentors: who they say they are, whether they take cases, and how many they have."""

import pytest

from contracts.mentoring import commands
from services.mentoring.errors import MentorInvalid
from services.mentoring.handlers import mentors
from tests.support.mentoring import (
    DAY,
    a_case,
    a_member,
    a_mentor,
    a_region,
    an_appointment,
    later,
)


def profile(work, by="baru", **fields):
    plain = {"background": "both", "skills": ("slims", "network")}
    return mentors.profile_mentor(work.by(by), commands.ProfileMentor(**{**plain, **fields}))


def a_new_mentor(**fields):
    return a_member("baru", **fields), an_appointment("baru", "mentor", area=None)


def test_a_first_profile_takes_place_and_area_of_the_institution_if_none_is_given():
    work = a_region(*a_new_mentor(area=None, institution_id="sman4"))

    state = profile(work)

    assert (state.id, state.version, state.area) == ("baru", 1, "35.71")
    assert (state.latitude, state.longitude) == (-7.8352, 112.0178)
    assert (state.capacity, state.load, state.available) == (2, 0, True)


def test_a_place_of_ones_own_stands():
    work = a_region(*a_new_mentor(institution_id="sman4"))

    assert profile(work, latitude=-8.1, longitude=112.2).latitude == -8.1


def test_a_profile_is_changed_and_said_twice_changes_nothing():
    work = a_region(*a_new_mentor())
    first = profile(work)

    assert first.latitude is None
    assert profile(work, capacity=4).version == 2
    assert profile(work, capacity=4).version == 2


def test_a_new_profile_keeps_load_and_history():
    work = a_region()
    work.holds(a_mentor("ayu", load=1, completed=3))

    state = profile(work, by="ayu")

    assert (state.load, state.completed, state.background) == (1, 3, "both")


def test_only_mentors_have_a_profile():
    work = a_region(*a_new_mentor())

    with pytest.raises(MentorInvalid):
        profile(work, by="budi")
    with pytest.raises(MentorInvalid):
        mentors.set_availability(work.by("baru"), commands.SetAvailability(available=False))


def test_who_is_away_until_a_day_comes_back_by_himself():
    work = a_region()
    away = commands.SetAvailability(available=False, available_from="2026-11-23")

    state = mentors.set_availability(work.by("ayu"), away)

    assert (state.available, state.available_from) == (False, "2026-11-23")
    assert mentors.set_availability(work.by("ayu"), away).version == state.version
    assert mentors.to_return(work.at(later(DAY))) == []
    round_ = work.at(later(2 * DAY))
    assert mentors.to_return(round_) == ["ayu"]
    mentors.come_back(round_, "ayu")
    mentors.come_back(round_, "ayu")
    assert round_.said() == ["MentorAvailable"]
    assert work.mentors.get("ayu").available_from is None


def test_who_said_something_else_meanwhile_does_not_come_back():
    work = a_region()
    for day in ("2026-12-24", None):
        away = commands.SetAvailability(available=False, available_from=day)
        mentors.set_availability(work.by("ayu"), away)

        mentors.come_back(work.at(later(2 * DAY)), "ayu")

        state = work.mentors.get("ayu")
        assert (state.available, state.available_from) == (False, day)


def test_cases_come_and_go_and_completed_ones_are_remembered():
    work = a_region()
    case = a_case(mentor_id="ayu", partner_id="unknown")

    mentors.load(work, case)
    assert work.mentors.get("ayu").load == 1
    mentors.unload(work, case, completed=True)
    mentors.unload(work, case, completed=False)

    assert (work.mentors.get("ayu").load, work.mentors.get("ayu").completed) == (0, 1)
    mentors.forget_member(work, "nobody")
