"""Rows of an attendance list, and how a person of the list is found (source: features D11)."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis.lines import LineRefused
from contracts.events import states
from services.events.model.known import KnownMember


@dataclass(frozen=True, kw_only=True)
class AttendanceRow:
    """One person who was there; at least one of the three is known."""

    line: int
    registration_id: str | None = None
    email: str | None = None
    phone: str | None = None

    @property
    def contacts(self) -> tuple[str, ...]:
        """The contacts of the line."""
        return tuple(text for text in (self.email, self.phone) if text)

    @property
    def column(self) -> str:
        """The column by which the person was looked for."""
        return "registration_id" if self.registration_id else "email" if self.email else "phone"


@dataclass(frozen=True, kw_only=True)
class AttendanceRows:
    """What could be read of a list, and what could not."""

    event_id: str
    rows: tuple[AttendanceRow, ...]
    refused: tuple[LineRefused, ...]
    dry_run: bool


class Expected:
    """The registrations of one event, found by id, by member or by a guest's contact."""

    def __init__(
        self, registrations: Iterable[states.Registration], members: Iterable[KnownMember]
    ) -> None:
        self.members = {text: m for m in members for text in (m.email, m.phone) if text}
        self.by_id: dict[str, states.Registration] = {}
        self._ids: dict[str, str] = {}
        for state in registrations:
            self.keep(state)

    def keep(self, state: states.Registration) -> None:
        """The registration as it is now."""
        self.by_id[state.id] = state
        guest = state.guest
        names = (state.member_id, guest.email if guest else None, guest.phone if guest else None)
        if state.state != "cancelled":
            self._ids.update({name: state.id for name in names if name})

    def member(self, row: AttendanceRow) -> KnownMember | None:
        """The member whose contact the row has."""
        return next((self.members[text] for text in row.contacts if text in self.members), None)

    def registration(self, row: AttendanceRow) -> states.Registration | None:
        """Whom the row means, if he is registered."""
        if row.registration_id:
            return self.by_id.get(row.registration_id)
        member = self.member(row)
        names = [*([member.id] if member else []), *row.contacts]
        return next((self.by_id[self._ids[name]] for name in names if name in self._ids), None)
