"""What the mentoring service says reaches each person once, in whatever order it arrives."""

import pytest

from contracts.members import facts as members
from contracts.mentoring import facts
from tests.support.infrastructure import until
from tests.support.members import a_member, an_appointment, an_area
from tests.support.told_cases import a_case, a_follow_up, an_offer

pytestmark = pytest.mark.cell


def a_region(house):
    """The institution's people, two mentors and a coordinator, all known."""
    people = [a_member(one) for one in ("ayu", "eko", "rudi", "sari")]
    people += [a_member(one, institution_id="sman4") for one in ("budi", "rina")]
    house.say(
        members.AreaRestated(area=an_area("35.71", coordinators=("rudi",))),
        members.AppointmentRestated(appointment=an_appointment("sari", "secretary")),
        *(members.MemberRestated(member=one) for one in people),
        start="known",
    )
    until(lambda: house.database["known_member"].count_documents({}) == len(people))
    until(lambda: house.database["known_area"].count_documents({}) == 1)


def test_an_offer_that_arrives_before_its_case_waits_for_it_and_is_told_once(house):
    a_region(house)

    for _ in range(3):
        house.say(facts.OfferMade(offer=an_offer()), start="offer")
    until(lambda: house.stage.depth(house.queue) == 0)
    assert house.inbox("ayu") == []
    house.say(facts.MentorshipRestated(mentorship=a_case()), start="case")

    until(lambda: house.inbox("ayu") == house.inbox("eko") == ["offer_made"])
    (letter,) = until(lambda: house.letters("ayu@sekolah.id"))
    assert letter["Subject"] == "Bersediakah mendampingi SMAN 4 Kediri?"


def test_each_concerned_person_hears_of_a_change_once_however_often_it_is_said(house):
    a_region(house)
    case = a_case(2, state="signed_off", stage="follow_up")

    for _ in range(3):
        house.say(facts.MentorshipSignedOff(mentorship=case), start="signed")
    house.say(facts.FollowUpDue(follow_up=a_follow_up()), start="due")

    for one in ("ayu", "eko", "rudi"):
        until(lambda one=one: house.inbox(one) == ["follow_up_due", "mentorship_signed_off"])
    for one in ("budi", "rina"):
        heard = ["follow_up_due", "host_welcome", "mentorship_signed_off"]
        until(lambda one=one, heard=heard: house.inbox(one) == heard)
    assert house.inbox("sari") == []
