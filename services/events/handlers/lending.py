"""Equipment: entered by its owners, reserved for events, handed over and returned (D6)."""

from typing import Any

from chassis import clock
from chassis.aggregate import given
from contracts.events import commands, states
from services.events.errors import EquipmentUnknown, Forbidden
from services.events.handlers.who import authority, event, institution, member, usable_area
from services.events.model import equipment as things
from services.events.model.authority import Authority
from services.events.model.equipment import Equipment
from services.events.model.ports import Work


def register_equipment(work: Work, command: commands.RegisterEquipment) -> states.Equipment:
    """One's own thing, one's institution's, or any by a coordinator of the area."""
    who = authority(work)
    usable_area(work, command.area)
    fields = _owned(work, who, given(command))
    fact = things.register(clock.new_id(), work.region, work.now, **fields)
    if not who.may_coordinate(command.area) and not _owns(who, fact.equipment):
        raise Forbidden("owners enter what is theirs, coordinators anything")
    state: states.Equipment = work.record(fact)
    return state


def change_equipment(work: Work, command: commands.ChangeEquipment) -> states.Equipment:
    """Its owner or a coordinator of the area changes the entry."""
    who, before = authority(work), thing(work, command.equipment_id)
    _must_look_after(who, before)
    fact = Equipment(work.to_change(before)).change(work.now, given(command, "equipment_id"))
    return work.record(fact) if fact else before


def reserve_equipment(work: Work, command: commands.ReserveEquipment) -> states.Equipment:
    """An event's manager holds it, for the time of the event unless told otherwise."""
    who, there = authority(work), event(work, command.event_id)
    who.must_manage(there)
    before = work.to_change(thing(work, command.equipment_id))
    span = things.span(command.starts_at or there.starts_at, command.ends_at or there.ends_at)
    ids = {"id": clock.new_id(), "event_id": there.id, "reserved_by": who.member.id}
    held = states.Reservation(**ids, **span, state="reserved")
    state: states.Equipment = work.record(Equipment(before).reserve(work.now, held))
    return state


def hand_over_equipment(work: Work, command: commands.HandOverEquipment) -> states.Equipment:
    """It changed hands; its owner, the event's manager or a coordinator notes it."""
    before = _held(work, command.equipment_id, command.reservation_id)
    fact = before.hand_over(work.now, command.reservation_id, command.condition)
    state: states.Equipment = work.record(fact)
    return state


def return_equipment(work: Work, command: commands.ReturnEquipment) -> states.Equipment:
    """It is back."""
    before = _held(work, command.equipment_id, command.reservation_id)
    fact = before.take_back(work.now, command.reservation_id, command.condition)
    state: states.Equipment = work.record(fact)
    return state


def release_equipment(work: Work, command: commands.ReleaseEquipment) -> states.Equipment:
    """It is not needed after all."""
    before = _held(work, command.equipment_id, command.reservation_id)
    state: states.Equipment = work.record(before.release(work.now, command.reservation_id))
    return state


def overdue(work: Work) -> list[str]:
    """Ids of the things that should have been back."""
    return [thing.id for thing in work.equipment.overdue(work.now)]


def tell_overdue(work: Work, id: str) -> None:
    """Say once that it is late."""
    fact = Equipment(thing(work, id)).tell_overdue(work.now)
    if fact:
        work.record(fact)


def release_event(work: Work, gone: states.Event) -> None:
    """The event will not take place: what was reserved for it is free."""
    for held in work.equipment.held_for(gone.id):
        fact = Equipment(held).release_event(work.now, gone.id)
        if fact:
            work.record(fact)


def follow(work: Work, before: states.Event, after: states.Event) -> None:
    """The event moved: what was reserved for as long as it lasts moves with it, or refuses."""
    for held in work.equipment.held_for(before.id):
        fact = Equipment(held).follow(work.now, before, after)
        if fact:
            work.record(fact)


def thing(work: Work, id: str) -> states.Equipment:
    """One of the pool; raises EquipmentUnknown."""
    found = work.equipment.get(id)
    if found is None:
        raise EquipmentUnknown(f"there is no equipment {id}")
    return found


def _owned(work: Work, who: Authority, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with an owner who is known; without any it is one's own."""
    if fields["owner_institution_id"] is not None:
        institution(work, fields["owner_institution_id"], "/owner_institution_id")
    elif fields["owner_member_id"] is None:
        fields["owner_member_id"] = who.member.id
    if fields["owner_member_id"] is not None:
        member(work, fields["owner_member_id"], "/owner_member_id")
    return fields


def _owns(who: Authority, state: states.Equipment) -> bool:
    if state.owner_member_id is not None:
        return state.owner_member_id == who.member.id
    house = state.owner_institution_id  # None when its owner left
    return house is not None and house == who.member.institution_id


def _must_look_after(who: Authority, state: states.Equipment) -> None:
    if not who.may_coordinate(state.area) and not _owns(who, state):
        raise Forbidden("its owner or a coordinator of its area does this")


def _held(work: Work, id: str, reservation_id: str) -> Equipment:
    """The thing, for who looks after it or manages the event it is held for."""
    who, state = authority(work), thing(work, id)
    held = Equipment(state).reservation(reservation_id)
    there = work.events.get(held.event_id)
    if there is None or not who.may_manage(there):
        _must_look_after(who, state)
    return Equipment(work.to_change(state))
