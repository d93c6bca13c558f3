"""Equipment is lent by its owners, held by events, handed over and returned."""

import pytest

from contracts.events import commands
from contracts.members.facts import MemberLeft
from contracts.members.states import Member
from services.events.errors import (
    AreaInvalid,
    EquipmentInvalid,
    EquipmentTaken,
    EquipmentUnknown,
    Forbidden,
    InstitutionInvalid,
    MemberInvalid,
    ReservationStateForbids,
    ReservationUnknown,
)
from services.events.handlers import lending
from services.events.handlers.events import cancel_event, reschedule_event
from services.events.handlers.leaving import forget
from services.events.handlers.lending import (
    change_equipment,
    hand_over_equipment,
    register_equipment,
    release_equipment,
    reserve_equipment,
    return_equipment,
)
from tests.support.events import (
    DAY,
    ENDS,
    HOUR,
    NOW,
    REGION,
    STARTS,
    a_member,
    a_region,
    an_event,
    later,
    seats_of,
)


def a_thing(**fields):
    return commands.RegisterEquipment(**{"name": "Proyektor", "area": "35.71", **fields})


def a_left_member(id):
    plain = {"id": id, "version": 9, "region": REGION, "created_at": NOW, "updated_at": NOW}
    return Member(**plain, name="—", state="left")


def pool(by="ayu", **fields):
    first = an_event("e1", state="published")
    second = an_event("e2", state="published")
    work = a_region(first, seats_of(first), second, seats_of(second))
    return work, register_equipment(work.by(by), a_thing(**fields))


def reserve(work, thing, by="rudi", event_id="e1", **fields):
    held = commands.ReserveEquipment(equipment_id=thing.id, event_id=event_id, **fields)
    return reserve_equipment(work.by(by), held).reservations[-1]


def act(handler, command, work, thing, held, by, **fields):
    asked = command(equipment_id=thing.id, reservation_id=held.id, **fields)
    return handler(work.by(by), asked)


def hand_over(*args, **fields):
    said = {"condition": "baik", **fields}
    return act(hand_over_equipment, commands.HandOverEquipment, *args, **said)


def give_back(*args, **fields):
    said = {"condition": "kabel putus", **fields}
    return act(return_equipment, commands.ReturnEquipment, *args, **said)


def release(*args):
    return act(release_equipment, commands.ReleaseEquipment, *args)


def test_without_an_owner_it_is_ones_own():
    _, thing = pool()

    assert (thing.owner_member_id, thing.owner_institution_id) == ("ayu", None)


def test_an_institutions_thing_is_entered_by_its_people_or_a_coordinator():
    for member in ("budi", "rudi"):
        assert pool(member, owner_institution_id="sman4")[1].owner_institution_id == "sman4"
    with pytest.raises(Forbidden):
        pool("ayu", owner_institution_id="sman4")


def test_somebody_elses_thing_is_entered_by_a_coordinator_only():
    assert pool("rudi", owner_member_id="ayu")[1].owner_member_id == "ayu"
    with pytest.raises(Forbidden):
        pool("budi", owner_member_id="ayu")


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"area": "35.05"}, AreaInvalid),
        ({"owner_institution_id": "x"}, InstitutionInvalid),
        ({"owner_member_id": "stranger"}, MemberInvalid),
        ({"owner_institution_id": "sman4", "owner_member_id": "ayu"}, EquipmentInvalid),
    ],
)
def test_a_thing_has_one_known_owner_in_an_active_area(fields, refused):
    with pytest.raises(refused):
        pool("kartini", **fields)


def test_owner_and_coordinator_change_the_entry():
    work, thing = pool()
    change = commands.ChangeEquipment(equipment_id=thing.id, condition="lampu baru")

    assert change_equipment(work.by("ayu"), change).condition == "lampu baru"
    assert change_equipment(work.by("rudi"), change).version == 2
    for other in ("budi", "dewi"):
        with pytest.raises(Forbidden):
            change_equipment(work.by(other), change)
    with pytest.raises(EquipmentUnknown):
        change_equipment(work.by("ayu"), commands.ChangeEquipment(equipment_id="x"))


def test_it_is_held_for_as_long_as_the_event_lasts():
    work, thing = pool()

    held = reserve(work, thing)

    assert (held.starts_at, held.ends_at, held.state) == (STARTS, ENDS, "reserved")
    assert held.reserved_by == "rudi"


def test_only_managers_of_the_event_reserve():
    work, thing = pool()

    for other in ("ayu", "dewi"):
        with pytest.raises(Forbidden):
            reserve(work, thing, by=other)


def test_two_events_do_not_hold_it_at_once():
    work, thing = pool()
    reserve(work, thing)

    with pytest.raises(EquipmentTaken):
        reserve(work, thing, event_id="e2", starts_at=later(-DAY, STARTS))
    evening = {"starts_at": ENDS, "ends_at": later(HOUR, ENDS)}
    assert reserve(work, thing, event_id="e2", **evening).state == "reserved"


@pytest.mark.parametrize("starts_at", [ENDS, "besok"])
def test_times_of_a_reservation_make_sense(starts_at):
    work, thing = pool()

    with pytest.raises(EquipmentInvalid):
        reserve(work, thing, starts_at=starts_at)


def test_what_is_not_lent_is_not_held():
    work, thing = pool()
    change_equipment(work.by("ayu"), commands.ChangeEquipment(equipment_id=thing.id, active=False))

    with pytest.raises(EquipmentInvalid):
        reserve(work, thing)


def test_hand_over_and_return_are_written_down_with_the_condition():
    work, thing = pool()
    held = reserve(work, thing)

    with pytest.raises(Forbidden):
        hand_over(work, thing, held, "budi")
    out = hand_over(work, thing, held, "ayu").reservations[0]
    assert (out.state, out.condition_out, out.handed_over_at) == ("handed_over", "baik", work.now)
    back = give_back(work, thing, held, "rudi")
    assert (back.condition, back.reservations[0].condition_in) == ("kabel putus", "kabel putus")
    assert back.reservations[0].state == "returned"


def test_each_move_only_from_its_state():
    work, thing = pool()
    held = reserve(work, thing)

    with pytest.raises(ReservationStateForbids) as told:
        give_back(work, thing, held, "ayu")
    assert told.value.allowed == ("hand-over", "release")
    hand_over(work, thing, held, "ayu")
    for forbidden in (release, lambda *args: hand_over(*args)):
        with pytest.raises(ReservationStateForbids) as told:
            forbidden(work, thing, held, "ayu")
        assert told.value.allowed == ("return",)


def test_what_was_released_is_free():
    work, thing = pool()
    held = reserve(work, thing)

    assert release(work, thing, held, "rudi").reservations[0].state == "cancelled"
    assert reserve(work, thing, event_id="e2").event_id == "e2"
    with pytest.raises(ReservationUnknown):
        release(work, thing, type("R", (), {"id": "x"}), "rudi")


def test_a_called_off_event_frees_what_it_had_reserved_but_not_what_was_handed_over():
    work, thing = pool()
    other = register_equipment(work.by("ayu"), a_thing(name="Kabel"))
    third = register_equipment(work.by("ayu"), a_thing(name="Layar"))
    reserve(work, thing)
    reserve(work, third, event_id="e2")
    hand_over(work, other, reserve(work, other), "ayu")

    cancel_event(work.by("rudi"), commands.CancelEvent(event_id="e1", reason="banjir"))

    kept = [work.equipment.get(t.id).reservations[0].state for t in (thing, other, third)]
    assert kept == ["cancelled", "handed_over", "reserved"]


def test_what_is_held_moves_with_the_event_or_the_event_does_not_move():
    work, thing = pool()
    other = register_equipment(work.by("ayu"), a_thing(name="Layar"))
    reserve(work, thing)
    reserve(work, other, starts_at=later(-HOUR, STARTS))
    move = commands.RescheduleEvent(
        event_id="e1", reason="ujian sekolah", starts_at=later(DAY, STARTS)
    )

    reschedule_event(work.by("rudi"), move)
    assert work.equipment.get(thing.id).reservations[0].starts_at == later(DAY, STARTS)
    assert work.equipment.get(other.id).reservations[0].starts_at == later(-HOUR, STARTS)

    reserve(work, thing, event_id="e2")
    with pytest.raises(EquipmentTaken):
        reschedule_event(
            work.by("rudi"),
            commands.RescheduleEvent(event_id="e2", reason="ujian", starts_at=later(DAY, STARTS)),
        )


def test_what_is_late_is_told_once():
    work, thing = pool()
    hand_over(work, thing, reserve(work, thing), "ayu")

    def told(seconds):
        later_on = work.at(later(seconds, ENDS))
        for id in lending.overdue(later_on):
            lending.tell_overdue(later_on, id)
        return later_on.said()

    assert told(-1) == []
    assert told(HOUR) == ["EquipmentOverdue"]
    assert told(2 * HOUR) == []
    lending.tell_overdue(work.at(later(DAY, ENDS)), thing.id)
    assert work.equipment.get(thing.id).version == 4


def test_of_the_past_the_newest_are_remembered():
    work, thing = pool()
    for _ in range(60):
        release(work, thing, reserve(work, thing), "rudi")

    held = reserve(work, thing)

    kept = work.equipment.get(thing.id).reservations
    assert (len(kept), kept[-1]) == (51, held)


def test_what_nobody_owns_any_more_is_nobodys_but_the_coordinators():
    work, thing = pool()
    forget(work.by(None), MemberLeft(member=a_left_member("ayu")))
    back = commands.ChangeEquipment(equipment_id=thing.id, active=True)

    assert work.members.get("rudi").institution_id is None
    work.holds(a_member("tono"))
    with pytest.raises(Forbidden):
        change_equipment(work.by("tono"), back)
    assert change_equipment(work.by("rudi"), back).active
