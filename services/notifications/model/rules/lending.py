"""Who is told about things that were not brought back."""

from collections.abc import Iterator
from typing import Any

from contracts.events import facts, states
from services.notifications.model.known import Books
from services.notifications.model.rules.people import in_charge
from services.notifications.model.telling import To


def overdue(state: states.Equipment) -> states.Reservation | None:
    """The reservation that was told to be overdue last."""
    told = [r for r in state.reservations if r.overdue_told_at and r.returned_at is None]
    return max(told, key=lambda r: str(r.overdue_told_at), default=None)


def thing(fact: facts.EquipmentOverdue, _: Books) -> dict[str, Any]:
    """`equipment`: its name and when it was due."""
    late = overdue(fact.equipment)
    return {"equipment": {"name": fact.equipment.name, "due_at": late.ends_at if late else None}}


def owner_and_borrower(fact: facts.EquipmentOverdue, books: Books) -> Iterator[To]:
    """Who reserved it, and its owner; for a house those in charge of the area."""
    late = overdue(fact.equipment)
    if late is None:
        return
    owner = fact.equipment.owner_member_id
    owners = (owner,) if owner else in_charge(books, fact.equipment.area)
    yield To((late.reserved_by, *owners), once=f"overdue:{late.id}")
