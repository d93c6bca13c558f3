"""Visitors of other regions: the same seats and rules, counted once, and their region is told."""

from dataclasses import replace

import pytest

from contracts.codec import decode
from contracts.events import facts, states
from contracts.publish.released import sample
from services.events.errors import RegistrationUnknown
from services.events.handlers import registrations, visitors
from services.events.handlers.keys import signing_key
from services.events.model import certificate
from tests.support.events import (
    NOW,
    STARTS,
    a_region,
    a_registration,
    an_event,
    seats_of,
)

WISH = decode(
    facts.AwayRegistrationAsked, sample("events.away_registration_asked.v1")["data"]
).away_registration


def a_wish(id="w1", version=1, **fields):
    plain = {"region": "semarang", "event_id": "e1", "event_region": "kediri-raya"}
    plain |= {"answers": None, "member_id": None, "wish": "register"}
    state = replace(WISH, id=id, version=version, **{**plain, **fields})
    return facts.AwayRegistrationAsked(away_registration=state)


def a_house(capacity=2, *things, **fields):
    plain = {"state": "published", "scope": "network", "published_at": NOW, "capacity": capacity}
    event = an_event(**{**plain, **fields})
    return a_region(event, seats_of(event), *things)


def heard(work, *facts_):
    hearing = work.by(None)
    for fact in facts_:
        visitors.welcome(hearing, fact)
    return hearing.said()


def states_of(work):
    return {one.id: one.state for one in work.registrations.some(lambda _: True)}


def told(work, id="w1"):
    return work.visitors.get(id)


def test_a_visitor_takes_a_seat_and_his_region_is_told_without_his_name():
    work = a_house()

    said = heard(work, a_wish())

    mine = work.registrations.get("w1")
    assert (mine.state, mine.home_region, mine.name, mine.member_id) == (
        "confirmed",
        "semarang",
        "Siti Aminah",
        None,
    )
    assert mine.guest.email == "siti@perpustakaan.example"
    assert set(said) - {"EventKeyPublished"} == {
        "RegistrationConfirmed",
        "SeatsChanged",
        "VisitorRegistrationChanged",
    }
    state = told(work)
    assert (state.state, state.home_region, state.away_version, state.refused) == (
        "confirmed",
        "semarang",
        1,
        None,
    )
    assert state.ticket == mine.ticket
    assert "Siti" not in repr(state)


def test_the_same_wish_twice_takes_one_seat():
    work = a_house()

    heard(work, a_wish())
    assert heard(work, a_wish(), a_wish()) == []
    assert work.seats.get("e1").confirmed == 1


def test_he_stands_in_line_like_everybody_and_hears_when_he_moves_up():
    work = a_house(1)
    heard(work, a_wish("w1"), a_wish("w2", email=None, phone=None), a_wish("w3"))
    assert states_of(work) == {"w1": "confirmed", "w2": "waiting", "w3": "waiting"}
    assert (told(work, "w3").position, work.registrations.get("w2").guest) == (2, None)

    heard(work, a_wish("w1", 2, wish="cancel", cancelled_reason="Sakit"))

    assert states_of(work) == {"w1": "cancelled", "w2": "confirmed", "w3": "waiting"}
    assert (told(work, "w1").cancelled_reason, told(work, "w2").state) == ("Sakit", "confirmed")
    assert told(work, "w3").position == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"scope": "cell"}, "events.event_unknown"),
        ({"audience": "officers"}, "events.event_unknown"),
        ({"published_at": None, "state": "draft"}, "events.event_unknown"),
        ({"state": "cancelled"}, "events.registration_closed"),
        (
            {"questions": (states.Question(id="q", text="?", kind="text", required=True),)},
            "events.answers_invalid",
        ),
    ],
)
def test_what_nobody_else_could_do_he_cannot_either(fields, code):
    work = a_house(**fields)

    assert heard(work, a_wish()) == ["VisitorRegistrationChanged"]

    assert (told(work).state, told(work).refused) == ("refused", code)
    assert states_of(work) == {}


def test_an_unknown_event_is_refused_and_a_cancelled_ask_that_never_came_too():
    work = a_house()

    heard(work, a_wish(event_id="tidak"), a_wish("w2", wish="cancel"))

    assert told(work).refused == "events.event_unknown"
    assert told(work, "w2").refused == "visitor_cancelled"


def test_he_accepts_an_offer_and_answers_again():
    soon = a_house(0, starts_at=STARTS, questions=(states.Question(id="q", text="?", kind="text"),))
    heard(soon, a_wish(answers={"q": "a"}))
    waiting = soon.registrations.get("w1")
    offered = replace(
        waiting, state="offered", position=None, offer_expires_at=STARTS, version=waiting.version
    )
    soon.holds(offered, replace(soon.seats.get("e1"), waiting=0, offered=1))

    heard(soon, a_wish(version=2, wish="accept_offer", answers={"q": "b"}))

    assert (states_of(soon), soon.registrations.get("w1").answers) == (
        {"w1": "confirmed"},
        {"q": "b"},
    )
    heard(soon, a_wish(version=3, answers={"q": "c"}))
    assert soon.registrations.get("w1").answers == {"q": "c"}
    assert told(soon).away_version == 3


def test_he_comes_at_the_new_date_and_a_wish_that_changes_nothing_is_answered_too():
    work = a_house()
    heard(work, a_wish())
    registrations.date_moved(work.by(None), work.events.get("e1"))
    assert told(work).needs_reconfirm

    heard(work, a_wish(version=2, wish="reconfirm"))
    assert not told(work).needs_reconfirm
    assert heard(work, a_wish(version=3, wish="reconfirm")) == ["VisitorRegistrationChanged"]


def test_a_wish_that_comes_too_late_leaves_his_place_as_it_is():
    work = a_house()
    heard(work, a_wish())
    begun = work.at(STARTS)

    visitors.welcome(begun, a_wish(version=2, wish="reconfirm"))

    assert (told(work).state, told(work).refused) == ("confirmed", "events.registration_closed")


def test_a_cancelled_place_can_be_given_back_again_without_harm():
    work = a_house()
    heard(work, a_wish(), a_wish(version=2, wish="cancel"))

    assert heard(work, a_wish(version=3, wish="cancel")) == ["VisitorRegistrationChanged"]
    assert work.seats.get("e1").confirmed == 0
    assert work.registrations.get("w1").cancelled_reason == "visitor_cancelled"


def test_he_can_give_it_back_though_the_event_is_shared_no_more():
    work = a_house()
    heard(work, a_wish())
    work.holds(replace(work.events.get("e1"), scope="cell"))

    heard(work, a_wish(version=2, wish="cancel"))

    assert states_of(work) == {"w1": "cancelled"}


def test_who_is_forgotten_leaves_a_seat_and_no_name():
    work = a_house(1)
    heard(work, a_wish("w1"), a_wish("w2"))

    said = heard(work, a_wish("w1", 2, wish="forget", name=None, email=None, phone=None))

    gone = work.registrations.get("w1")
    assert (gone.state, gone.name, gone.guest) == ("cancelled", None, None)
    assert said[-1] == "VisitorRegistrationErased"
    assert (told(work).erased, told(work, "w2").state) == (True, "confirmed")
    assert work.forgotten == ["w1"], "in what answers were kept, too"


def test_who_was_there_is_forgotten_by_name_alone_and_who_never_came_gets_a_receipt():
    work = a_house()
    heard(work, a_wish())
    came = replace(work.registrations.get("w1"), state="attended")
    work.holds(came)

    heard(work, a_wish(version=2, wish="forget"), a_wish("w9", wish="forget"))
    assert heard(work, a_wish(version=3, wish="forget")) == ["VisitorRegistrationErased"]

    assert (work.registrations.get("w1").state, work.registrations.get("w1").name) == (
        "attended",
        None,
    )
    assert (told(work, "w9").erased, told(work, "w9").state) == (True, "cancelled")
    assert heard(work, a_wish("w9", 0)) == [], "an ask that comes after it is too late"


def test_a_region_speaks_of_its_own_visitors_only():
    work = a_house(2, a_registration("ayu", id="milik-ayu"))

    with pytest.raises(RegistrationUnknown):
        heard(work, a_wish("milik-ayu"))
    heard(work, a_wish("w1"))
    with pytest.raises(RegistrationUnknown):
        heard(work, a_wish("w1", 2, region="surabaya", wish="cancel"))


def test_a_wish_does_not_go_by_the_name_of_one_of_ours():
    ours = replace(WISH, id="w1", region="kediri-raya", event_region="semarang", member_id="ayu")
    work = a_house(2, ours)

    with pytest.raises(RegistrationUnknown):
        heard(work, a_wish("w1"))
    assert work.registrations.get("w1") is None


def test_who_is_erased_is_named_by_no_certificate_either():
    work = a_house(2, certificates=True)
    heard(work, a_wish("w1"), a_wish("w2", name="Budi"))
    event = replace(work.events.get("e1"), state="closed")
    for id in ("w1", "w2"):
        attended = replace(work.registrations.get(id), state="attended")
        work.registrations.by_id[id] = attended
        key = signing_key(work.by(None))
        issued = certificate.issue(f"JJR-{id}", NOW, key, "region", event, attended, "id")
        work.certificates.by_id[issued.certificate.id] = issued.certificate

    said = heard(work, a_wish("w1", 2, wish="forget", name=None, email=None, phone=None))

    assert "CertificateErased" in said
    named = {one.registration_id: one.name for one in work.certificates.of_event("e1")}
    assert named == {"w1": None, "w2": "Budi"}
