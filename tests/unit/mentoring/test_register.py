"""A house that is renamed or moved is so in its open cases; what ended stays as it was."""

from dataclasses import replace

import pytest

from services.mentoring.handlers import register
from services.mentoring.model.states import ALLOWED, OPEN
from tests.support.mentoring import a_case, a_region, later

MOVED = {"name": "SMAN 4 Kota Kediri", "area": "35.06", "latitude": -7.9, "longitude": 112.1}


def the_house(work, **fields):
    house = replace(work.institutions.get("sman4"), version=2, **fields)
    return work.holds(house)


def test_an_open_case_takes_over_name_and_place_once():
    work = the_house(a_region(a_case(), a_case("other", institution_id="smpn1")), **MOVED)
    asked = work.at(later(60))

    assert register.outdated(asked, {"sman4", "unheard"}) == ["case"]
    register.follow(asked, "case")

    (said,) = asked.facts
    assert asked.said() == ["MentorshipChanged"]
    assert (said.mentorship.institution_name, said.mentorship.area) == (MOVED["name"], "35.06")
    assert (said.mentorship.latitude, said.mentorship.longitude) == (-7.9, 112.1)
    assert register.outdated(asked, {"sman4"}) == []
    register.follow(asked, "case")
    assert asked.said() == ["MentorshipChanged"]


def test_what_the_register_says_besides_changes_no_case():
    work = the_house(a_region(a_case()))

    assert register.outdated(work, {"sman4", "smpn1"}) == []


@pytest.mark.parametrize("state", ALLOWED)
def test_only_open_cases_follow(state):
    work = the_house(a_region(a_case(state=state)), **MOVED)

    assert register.outdated(work, {"sman4"}) == (["case"] if state in OPEN else [])
    register.follow(work.at(later(1)), "case")

    name = work.mentorships.get("case").institution_name
    assert (name == MOVED["name"]) is (state in OPEN)


def test_a_case_of_a_house_that_was_not_heard_of_stays_as_it_is():
    work = a_region(a_case(institution_id="unheard"))

    register.follow(work, "case")

    assert work.facts == []
