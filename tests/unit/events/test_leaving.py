"""Who left is in nothing any more."""

from types import SimpleNamespace

from contracts.events import commands, states
from contracts.members import facts
from contracts.members.states import Member
from services.events.handlers.leaving import forget, has_left
from services.events.handlers.lending import register_equipment
from services.events.handlers.wishes import back_request, request_event
from services.events.service import Events
from tests.support.events import (
    NOW,
    REGION,
    STARTS,
    a_region,
    a_registration,
    an_event,
    later,
    seats_of,
)
from tests.support.members import an_area


def member(version=2, **fields):
    plain = {"id": "ayu", "region": REGION, "created_at": NOW, "updated_at": NOW, "name": "Ayu"}
    return Member(**{**plain, "version": version, "state": "active", "area": "35.71", **fields})


def left(work):
    work = work.by(None)
    forget(work, facts.MemberLeft(member=member(9, state="left", name="—")))
    return work


def speaking(id, **fields):
    speaker = states.Speaker(
        id="s1",
        name="Ayu",
        kind="practitioner",
        subject="Barcode",
        state="confirmed",
        answer_by="2026-12-01",
        member_id="ayu",
    )
    other = states.Speaker(**{**vars(speaker), "id": "s2", "name": "Budi", "member_id": "budi"})
    return an_event(id, speakers=(speaker, other), **fields)


def test_of_all_that_is_said_of_members_only_that_one_left_has_effects():
    assert has_left(facts.MemberLeft(member=member(9, state="left")))
    assert has_left(facts.MemberRestated(member=member(9, state="left")))
    assert not has_left(facts.MemberRestated(member=member(9)))
    assert not has_left(facts.AreaChanged(area=an_area("35.71")))


def test_backings_of_who_left_are_gone_whatever_the_wish_has_become():
    work = a_region()
    ask = commands.RequestEvent(topic="Barcode", area="35.71")
    mine, other = request_event(work.by("ayu"), ask), request_event(work.by("budi"), ask)
    back_request(work.by("ayu"), commands.BackRequest(request_id=other.id))

    said = left(work).said()

    assert said == ["EventRequestUnbacked"] * 2
    assert (work.requests.get(mine.id).backers, work.requests.get(mine.id).requested_by) == (
        (),
        None,
    )
    assert (work.requests.get(other.id).backers, work.requests.get(other.id).requested_by) == (
        ("budi",),
        "budi",
    )


def test_who_left_does_not_speak_and_is_not_named_where_he_did():
    coming, past = speaking("e1"), speaking("e2", state="closed")
    work = a_region(coming, seats_of(coming), past, seats_of(past))

    left(work)

    assert [s.name for s in work.events.get("e1").speakers] == ["Budi"]
    named = work.events.get("e2").speakers
    assert [(s.name, s.member_id) for s in named] == [("—", None), ("Budi", "budi")]


def test_who_was_asked_twice_is_removed_twice():
    event = speaking("e1")
    again = states.Speaker(**{**vars(event.speakers[0]), "id": "s3", "state": "declined"})
    event = an_event("e1", speakers=(*event.speakers, again))
    work = left(a_region(event, seats_of(event)))

    assert [s.id for s in work.events.get("e1").speakers] == ["s2"]


def test_an_event_that_began_keeps_its_speaker_without_a_name():
    now = speaking("e1", state="published")
    work = a_region(now, seats_of(now)).by(None, now=later(60, STARTS))

    forget(work, facts.MemberLeft(member=member(9, state="left")))

    assert work.events.get("e1").speakers[0].name == "—"


def test_what_he_lent_is_lent_no_more():
    work = a_region()
    thing = register_equipment(
        work.by("ayu"), commands.RegisterEquipment(name="Proyektor", area="35.71")
    )

    left(work)

    after = work.equipment.get(thing.id)
    assert (after.owner_member_id, after.active) == (None, False)


def test_his_registrations_carry_no_name():
    there = a_registration(state="attended")
    event = an_event(state="closed")
    work = a_region(event, seats_of(event, attended=1), there)

    left(work)

    assert work.registrations.get(there.id).name is None
    assert work.forgotten == ["ayu"], "in what answers were kept, too"


def test_hearing_it_again_changes_nothing_more():
    event = speaking("e1")
    work = a_region(event, seats_of(event))
    left(work)

    assert left(work).said() == []


def test_what_was_written_of_him_while_his_leaving_was_heard_goes_a_minute_later():
    event = an_event(state="closed")
    work = a_region(event, seats_of(event, attended=1))
    left(work)
    late = a_registration(state="attended")
    work.holds(late)
    service = Events()
    service.desk = SimpleNamespace(sweep=lambda handler: handler(work))

    service.forget_again("ayu")
    service.forget_again("ayu")

    assert work.registrations.get(late.id).name is None
    assert work.said() == ["RegistrationErased"]
    assert work.forgotten == ["ayu"], "marked once"
