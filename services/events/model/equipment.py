"""Equipment that members and institutions lend: reserved, handed over, returned (source: D6)."""

from dataclasses import replace
from typing import Any

from chassis import clock
from chassis.aggregate import begun, differing, moved
from contracts.events import facts, states
from services.events.errors import (
    EquipmentInvalid,
    EquipmentTaken,
    ReservationStateForbids,
    ReservationUnknown,
)
from services.events.model.venue import overlap

HOLDS = ("reserved", "handed_over")
MOST_PAST = 50
ALLOWED = {
    "reserved": ("hand-over", "release"),
    "handed_over": ("return",),
    "returned": (),
    "cancelled": (),
}


def register(id: str, region: str, now: str, **fields: Any) -> facts.EquipmentRegistered:
    """A new thing; raises EquipmentInvalid unless one person or one institution owns it."""
    state = states.Equipment(**begun(id, region, now), **fields)
    if (state.owner_member_id is None) == (state.owner_institution_id is None):
        detail = "either a member or an institution owns it"
        raise EquipmentInvalid(detail, pointer="/owner_institution_id")
    return facts.EquipmentRegistered(equipment=state)


def span(starts_at: str, ends_at: str) -> dict[str, str]:
    """Both instants in one spelling; raises EquipmentInvalid."""
    try:
        both = {"starts_at": clock.utc(starts_at), "ends_at": clock.utc(ends_at)}
    except ValueError:
        raise EquipmentInvalid("these are no instants", pointer="/starts_at") from None
    if both["starts_at"] >= both["ends_at"]:
        raise EquipmentInvalid("it ends after it starts", pointer="/ends_at")
    return both


class Equipment:
    """One thing and what may happen to it."""

    def __init__(self, state: states.Equipment) -> None:
        self.state = state

    def reservation(self, id: str) -> states.Reservation:
        """By id; raises ReservationUnknown."""
        for held in self.state.reservations:
            if held.id == id:
                return held
        raise ReservationUnknown(f"there is no reservation {id}")

    def change(self, now: str, wanted: dict[str, Any]) -> facts.EquipmentChanged | None:
        """Take the wanted values; None when they are there already."""
        changes = differing(self.state, wanted)
        return self._changed(now, **changes) if changes else None

    def reserve(self, now: str, held: states.Reservation) -> facts.EquipmentChanged:
        """Hold it; raises EquipmentTaken when it is held at that time, with `/starts_at`."""
        if not self.state.active:
            raise EquipmentInvalid("it is not lent any more", pointer="/equipment_id")
        self._must_be_free(held)
        return self._changed(now, reservations=(*self._remembered(), held))

    def hand_over(self, now: str, id: str, condition: str) -> facts.EquipmentChanged:
        """It changed hands."""
        held = self._allowing(id, "hand-over")
        out = replace(held, state="handed_over", handed_over_at=now, condition_out=condition)
        return self._with(now, out)

    def take_back(self, now: str, id: str, condition: str) -> facts.EquipmentChanged:
        """It is back; how it is now is how it is."""
        held = self._allowing(id, "return")
        back = replace(held, state="returned", returned_at=now, condition_in=condition)
        return self._with(now, back, condition=condition)

    def release(self, now: str, id: str) -> facts.EquipmentChanged:
        """It is not needed after all."""
        return self._with(now, replace(self._allowing(id, "release"), state="cancelled"))

    def release_event(self, now: str, event_id: str) -> facts.EquipmentChanged | None:
        """The event will not take place: what is still only reserved for it is free again."""
        kept = tuple(
            replace(r, state="cancelled") if r.event_id == event_id and r.state == "reserved" else r
            for r in self.state.reservations
        )
        return self._changed(now, reservations=kept) if kept != self.state.reservations else None

    def follow(
        self, now: str, before: states.Event, after: states.Event
    ) -> facts.EquipmentChanged | None:
        """What is reserved for just as long as an event moves with it; raises EquipmentTaken."""
        mine = (r for r in self.state.reservations if r.event_id == before.id)
        held = next((r for r in mine if r.state == "reserved" and _same_span(r, before)), None)
        if held is None:
            return None
        there = replace(held, starts_at=after.starts_at, ends_at=after.ends_at)
        self._must_be_free(there)
        return self._with(now, there)

    def tell_overdue(self, now: str) -> facts.EquipmentOverdue | None:
        """What should have been back is told once; None when there is nothing new."""
        told = tuple(
            replace(r, overdue_told_at=now)
            if r.state == "handed_over" and r.ends_at < now and r.overdue_told_at is None
            else r
            for r in self.state.reservations
        )
        if told == self.state.reservations:
            return None
        return facts.EquipmentOverdue(equipment=moved(self.state, now, reservations=told))

    def forget_owner(self, now: str) -> facts.EquipmentChanged:
        """Its owner left the community: it is lent no more."""
        return self._changed(now, owner_member_id=None, active=False)

    def _remembered(self) -> tuple[states.Reservation, ...]:
        """Those that hold it, and the newest of those that did."""
        past = [r for r in self.state.reservations if r.state not in HOLDS][-MOST_PAST:]
        return tuple(r for r in self.state.reservations if r.state in HOLDS or r in past)

    def _must_be_free(self, wanted: states.Reservation) -> None:
        for held in self.state.reservations:
            if held.id != wanted.id and held.state in HOLDS and overlap(held, wanted):
                detail = f"it is held from {held.starts_at} to {held.ends_at}"
                raise EquipmentTaken(detail, pointer="/starts_at")

    def _allowing(self, id: str, move: str) -> states.Reservation:
        """The reservation; raises ReservationStateForbids unless its state allows the move."""
        held = self.reservation(id)
        allowed = ALLOWED[held.state]
        if move not in allowed:
            raise ReservationStateForbids(f"the reservation is {held.state}", allowed=allowed)
        return held

    def _with(self, now: str, changed: states.Reservation, **also: Any) -> facts.EquipmentChanged:
        after = tuple(changed if r.id == changed.id else r for r in self.state.reservations)
        return self._changed(now, reservations=after, **also)

    def _changed(self, now: str, **changes: Any) -> facts.EquipmentChanged:
        return facts.EquipmentChanged(equipment=moved(self.state, now, **changes))


def _same_span(held: states.Reservation, event: states.Event) -> bool:
    return (held.starts_at, held.ends_at) == (event.starts_at, event.ends_at)
