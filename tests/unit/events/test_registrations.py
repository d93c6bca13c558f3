"""Registering: who may, for whom, until when, with which answers; and what happens to a place."""

from dataclasses import replace

import pytest

from chassis import clock
from contracts.events import commands, states
from services.events.errors import (
    AlreadyRegistered,
    AnswersInvalid,
    CapacityBelow,
    EventUnknown,
    Forbidden,
    Full,
    MemberInvalid,
    OfferLapsed,
    RegistrationClosed,
    RegistrationInvalid,
    RegistrationStateForbids,
    RegistrationUnknown,
    SignInFirst,
)
from services.events.handlers import registrations
from services.events.handlers.registrations import (
    called_off,
    cancel_registration,
    capacity_changed,
    change_registration,
    date_moved,
    held,
    lapsed,
    pass_on,
    register,
)
from services.events.model.registration import LAPSED, LEFT
from services.events.model.seats import WAITING_LIMIT
from tests.support.events import (
    DAY,
    ENDS,
    HOUR,
    NOW,
    STARTS,
    a_member,
    a_region,
    an_appointment,
    an_event,
    later,
    seats_of,
)

PHONE = states.Question(id="hp", text="Nomor HP?", kind="text", required=True)
SEATS = states.Question(id="ukuran", text="Ukuran kaus?", kind="choice", choices=("M", "L"))


def a_house(capacity=2, **fields):
    """A region with an announced event e1 and its seats, and four more members."""
    event = an_event(state="published", capacity=capacity, **fields)
    more = [a_member(name) for name in ("citra", "dian", "eka", "fitri")]
    return a_region(event, seats_of(event), *more)


def join(work, *names, **fields):
    """They register, one after the other; the last one's registration."""
    state = None
    for name in names:
        state = register(work.by(name), commands.Register(event_id="e1", **fields))
    return state


def of(work, name):
    """A person's registration as it is now."""
    return next(r for r in work.registrations.by_id.values() if r.member_id == name)


def give_back(work, name, by=None):
    """The registration is cancelled, by the member himself unless told otherwise."""
    command = commands.CancelRegistration(event_id="e1", registration_id=of(work, name).id)
    return cancel_registration(work.by(by or name), command)


def change(work, name, **wanted):
    command = commands.ChangeRegistration(
        event_id="e1", registration_id=of(work, name).id, **wanted
    )
    return change_registration(work, command)


def test_a_member_takes_a_seat_for_himself():
    work = a_house().by("ayu")

    state = register(work, commands.Register(event_id="e1"))

    assert (state.state, state.member_id, state.name) == ("confirmed", "ayu", "Ayu")
    assert (state.registered_by, state.version, state.answers) == ("ayu", 1, None)
    assert work.said() == ["EventKeyPublished", "RegistrationConfirmed", "SeatsChanged"]
    assert work.seats.get("e1").left == 1


def test_nobody_registers_without_being_signed_in():
    with pytest.raises(SignInFirst):
        register(a_house(), commands.Register(event_id="e1"))


def test_a_second_time_is_refused_until_the_first_is_cancelled():
    work = a_house()
    join(work, "ayu")

    with pytest.raises(AlreadyRegistered):
        join(work, "ayu")
    give_back(work, "ayu")

    assert join(work, "ayu").state == "confirmed"


def test_a_coordinator_registers_others_and_it_is_written_who_did():
    work = a_house()

    state = register(work.by("rudi"), commands.Register(event_id="e1", member_id="ayu"))

    assert (state.member_id, state.registered_by) == ("ayu", "rudi")


def test_the_manager_of_the_event_registers_guests():
    work = a_house().holds(an_appointment("budi", "event_manager", event_id="e1"))
    guest = states.Guest(name="Pak Joko", phone="+628123456789")

    state = register(work.by("budi"), commands.Register(event_id="e1", guest=guest))

    assert (state.name, state.member_id, state.guest) == ("Pak Joko", None, guest)


@pytest.mark.parametrize("who", [{"member_id": "budi"}, {"guest": states.Guest(name="Pak Joko")}])
def test_a_member_registers_nobody_else(who):
    with pytest.raises(Forbidden):
        register(a_house().by("ayu"), commands.Register(event_id="e1", **who))


def test_a_member_and_a_guest_at_once_is_nobody():
    both = commands.Register(event_id="e1", member_id="ayu", guest=states.Guest(name="Joko"))

    with pytest.raises(RegistrationInvalid):
        register(a_house().by("rudi"), both)


def test_nobody_is_registered_whom_the_region_does_not_know():
    with pytest.raises(MemberInvalid):
        register(a_house().by("rudi"), commands.Register(event_id="e1", member_id="siapa"))


def test_an_event_for_officers_takes_officers_only():
    work = a_house(audience="officers")

    with pytest.raises(Forbidden):
        join(work, "ayu")
    assert join(work, "rudi").state == "confirmed"


@pytest.mark.parametrize(
    ("fields", "now"),
    [
        ({"state": "draft"}, NOW),
        ({"state": "cancelled"}, NOW),
        ({"state": "closed"}, NOW),
        ({}, STARTS),
    ],
)
def test_registration_is_open_from_the_announcement_to_the_start(fields, now):
    work = a_house()
    work.events.by_id["e1"] = replace(work.events.get("e1"), **fields)

    with pytest.raises(RegistrationClosed):
        register(work.by("ayu", now=now), commands.Register(event_id="e1"))


def test_an_event_nobody_knows_has_no_seats():
    work = a_house()

    with pytest.raises(EventUnknown):
        register(work.by("ayu"), commands.Register(event_id="e9"))
    del work.seats.by_id["e1"]
    with pytest.raises(EventUnknown):
        join(work, "ayu")


def test_a_full_line_is_told():
    work = a_house(1)
    join(work, "ayu")
    work.seats.by_id["e1"] = replace(work.seats.get("e1"), waiting=WAITING_LIMIT)

    with pytest.raises(Full):
        join(work, "budi")


def test_answers_must_fit_the_questions_and_each_misfit_is_told():
    work = a_house(questions=(PHONE, SEATS)).by("ayu")

    with pytest.raises(AnswersInvalid) as refused:
        register(work, commands.Register(event_id="e1", answers={"ukuran": "XXL", "umur": 3}))

    told = [(error.pointer, error.message) for error in refused.value.errors]
    assert told == [
        ("/answers/umur", "there is no such question"),
        ("/answers/hp", "an answer is needed"),
        ("/answers/ukuran", "not one of the choices"),
    ]


def test_answers_are_kept_with_the_version_of_the_questions():
    work = a_house(questions=(PHONE, SEATS), questions_version=3)

    state = join(work, "ayu", answers={"hp": "0812", "ukuran": ""})

    assert (state.answers, state.questions_version) == ({"hp": "0812"}, 3)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", "ya", 1),
        ("text", "ya", "x" * 1001),
        ("number", 2.5, "dua"),
        ("number", 2, True),
        ("boolean", False, "false"),
    ],
)
def test_each_kind_of_question_takes_its_kind_of_answer(kind, good, bad):
    work = a_house(questions=(states.Question(id="q", text="?", kind=kind),))

    with pytest.raises(AnswersInvalid):
        join(work, "ayu", answers={"q": bad})
    assert join(work, "ayu", answers={"q": good}).answers == {"q": good}


def test_answers_can_be_given_anew():
    work = a_house(questions=(PHONE,))
    join(work, "ayu", answers={"hp": "0812"})

    state = change(work.by("ayu"), "ayu", answers={"hp": "0813"})

    assert (state.answers, state.version) == ({"hp": "0813"}, 2)
    assert change(work.by("ayu"), "ayu", answers={"hp": "0813"}).version == 2
    assert change(work.by("ayu"), "ayu").version == 2


def test_of_a_series_each_date_has_its_own_answer():
    work = a_house(series_id="s1")
    for number, more in enumerate(
        [{}, {"capacity": 1}, {"state": "draft"}, {"questions": (PHONE,)}]
    ):
        date = replace(work.events.get("e1"), id=f"d{number}", starts_at=later(20 * DAY), **more)
        work.holds(date, seats_of(date))
    register(work.by("budi"), commands.Register(event_id="d1"))

    state = register(work.by("ayu"), commands.Register(event_id="e1", series=True))
    again = register(work.by("budi"), commands.Register(event_id="e1", series=True))

    mine = {r.event_id: r.state for r in work.registrations.by_id.values() if r.member_id == "ayu"}
    assert (state.event_id, again.event_id) == ("e1", "e1")
    assert mine == {"e1": "confirmed", "d0": "confirmed", "d1": "waiting"}


def test_a_place_given_back_is_the_next_ones_in_the_same_transaction():
    work = a_house(1)
    join(work, "ayu", "budi", "citra")
    told = work.by("ayu")

    cancel_registration(
        told, commands.CancelRegistration(event_id="e1", registration_id=of(work, "ayu").id)
    )

    assert told.said() == [
        "RegistrationCancelled",
        "RegistrationConfirmed",
        "RegistrationMovedUp",
        "SeatsChanged",
    ]
    assert of(work, "budi").ticket
    assert of(work, "citra").position == 1


def test_others_places_are_for_managers_and_other_events_have_none_of_them():
    work = a_house()
    join(work, "ayu")

    with pytest.raises(Forbidden):
        give_back(work, "ayu", by="budi")
    wrong = commands.CancelRegistration(event_id="e1", registration_id="nobody")
    with pytest.raises(RegistrationUnknown):
        cancel_registration(work.by("ayu"), wrong)
    assert give_back(work, "ayu", by="rudi").state == "cancelled"


def test_what_was_cancelled_cannot_be_cancelled_again():
    work = a_house()
    join(work, "ayu")
    give_back(work, "ayu")

    with pytest.raises(RegistrationStateForbids):
        give_back(work, "ayu")


def test_a_moved_date_asks_everybody_again_and_loses_nobody():
    work = a_house(1)
    join(work, "ayu", "budi")
    old = of(work, "ayu").ticket
    event = replace(work.events.get("e1"), starts_at=later(30 * DAY), ends_at=later(31 * DAY))
    work.holds(event)

    date_moved(work, event)

    assert (of(work, "ayu").state, of(work, "ayu").needs_reconfirm) == ("confirmed", True)
    assert (of(work, "budi").position, of(work, "budi").needs_reconfirm) == (1, True)
    assert of(work, "ayu").ticket not in (old, None)
    assert of(work, "budi").ticket is None


def test_every_seat_has_a_ticket_of_its_own_for_the_new_date():
    work = a_house(2)
    join(work, "ayu", "budi")

    date_moved(work, work.events.get("e1"))

    assert len({of(work, "ayu").ticket, of(work, "budi").ticket, None}) == 3


def test_who_comes_at_the_new_date_too_says_so():
    work = a_house()
    join(work, "ayu")
    date_moved(work, work.events.get("e1"))

    assert change(work.by("ayu"), "ayu", reconfirm=True).needs_reconfirm is False
    assert change(work.by("ayu"), "ayu", reconfirm=True).version == 3


def offered(before_start=5 * HOUR):
    """Ayu's seat came free shortly before the start and is offered to budi; citra waits."""
    work = a_house(1)
    join(work, "ayu", "budi", "citra")
    soon = replace(work, now=clock.later(STARTS, -before_start))
    give_back(soon, "ayu")
    return soon


def test_an_offered_seat_is_taken_by_saying_yes():
    work = offered()

    state = change(work.by("budi"), "budi", accept_offer=True, reconfirm=True)

    assert (state.state, state.offer_expires_at) == ("confirmed", None)
    assert state.ticket
    assert work.seats.get("e1").offered == 0


def test_an_offer_is_no_more_when_it_has_expired():
    work = offered()
    late = work.by("budi", now=clock.later(work.now, 3 * HOUR))

    with pytest.raises(OfferLapsed):
        change(late, "budi", accept_offer=True)
    with pytest.raises(RegistrationStateForbids):
        change(work.by("citra"), "citra", accept_offer=True)


def test_an_expired_offer_passes_on():
    work = offered()
    late = work.at(clock.later(work.now, 3 * HOUR))
    assert lapsed(work) == []

    assert lapsed(late) == ["e1"]
    pass_on(late, "e1")

    assert (of(work, "budi").state, of(work, "budi").cancelled_reason) == ("cancelled", LAPSED)
    assert of(work, "citra").state == "offered"
    with pytest.raises(OfferLapsed):
        change(late.by("budi"), "budi", accept_offer=True)


def test_other_offers_stay_as_they_are():
    work = offered()

    pass_on(work.at(work.now), "e1")

    assert of(work, "budi").state == "offered"


def test_another_capacity_moves_the_line_or_is_refused():
    work = a_house(1)
    join(work, "ayu", "budi")

    capacity_changed(work, replace(work.events.get("e1"), capacity=2))
    assert of(work, "budi").state == "confirmed"

    with pytest.raises(CapacityBelow):
        capacity_changed(work, replace(work.events.get("e1"), capacity=1))


def test_what_is_called_off_has_no_registrations_and_nobody_moves_up():
    work = a_house(1)
    join(work, "ayu", "budi")
    event = replace(work.events.get("e1"), state="cancelled")
    told = work.at(NOW)

    called_off(told, event, "hujan")

    assert told.said() == ["RegistrationCancelled", "RegistrationCancelled", "SeatsChanged"]
    assert of(work, "budi").cancelled_reason == "hujan"
    seats = work.seats.get("e1")
    assert (seats.confirmed, seats.waiting) == (0, 0)


def test_seats_are_written_even_when_nobody_had_one():
    work = a_house()

    called_off(work, work.events.get("e1"), "hujan")

    assert work.said() == ["SeatsChanged"]


def test_what_was_held_leaves_attendees_and_no_shows():
    work = a_house(1, certificates=True)
    join(work, "ayu", "budi")

    held(work.at(ENDS), work.events.get("e1"))

    assert of(work, "ayu").state == "no_show"
    assert (of(work, "budi").state, of(work, "budi").cancelled_reason) == (
        "cancelled",
        "event_held",
    )
    assert work.certificate_batches.events() == ["e1"]


def test_who_left_is_out_of_what_comes_and_nameless_in_what_was():
    work = a_house(1)
    join(work, "ayu", "budi")
    past = an_event("e0", state="closed")
    work.holds(past, seats_of(past))
    was = replace(of(work, "ayu"), id="r0", event_id="e0", state="attended")
    work.holds(was)

    registrations.forget_member(work, "ayu")
    registrations.forget_member(work, "ayu")

    assert of(work, "budi").state == "confirmed"
    assert work.registrations.get("r0").name is None
    cancelled = next(r for r in work.registrations.by_id.values() if r.state == "cancelled")
    assert (cancelled.name, cancelled.cancelled_reason) == (None, LEFT)
