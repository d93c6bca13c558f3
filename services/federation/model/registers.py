"""All aggregates and rows of each kind, as if they lived in memory; aggregates change by Work."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from contracts.federation import states
from services.federation.model.rows import AbroadRow, Reach, SaidRow


class Peers(Protocol):
    """All peers."""

    def get(self, id: str) -> states.Peer | None:
        """One by id."""

    def all(self) -> list[states.Peer]:
        """Every one, by id."""


class HiddenItems(Protocol):
    """What of peers is or was hidden."""

    def get(self, id: str) -> states.HiddenItem | None:
        """One by id."""

    def many(self, ids: Iterable[str]) -> list[states.HiddenItem]:
        """Those with one of the ids."""

    def blocked(self, peer: str, limit: int) -> list[states.HiddenItem]:
        """What is hidden because its region was blocked, and by nobody in particular."""


class Erasures(Protocol):
    """What peers were asked to erase."""

    def get(self, id: str) -> states.Erasure | None:
        """One by id."""


class SaidRows(Protocol):
    """What was said of our subjects."""

    def many(self, ids: Iterable[str]) -> dict[str, SaidRow]:
        """Those with one of the ids, by id."""

    def keep_all(self, rows: Sequence[SaidRow]) -> None:
        """Insert or replace."""

    def for_peer(self, peer: str, after: str, limit: int) -> list[SaidRow]:
        """What a peer is to know, by id, after one."""


class AbroadRows(Protocol):
    """What peers said of theirs."""

    def get(self, id: str) -> AbroadRow | None:
        """One by id."""

    def many(self, ids: Iterable[str]) -> dict[str, AbroadRow]:
        """Those with one of the ids, by id."""

    def keep_all(self, rows: Sequence[AbroadRow]) -> None:
        """Insert or replace."""

    def of_kind(self, kind: str, after: str, limit: int) -> list[AbroadRow]:
        """Of one kind, by id, after one."""

    def to_hide(self, peer: str, limit: int) -> list[AbroadRow]:
        """Events of a peer that are not hidden."""

    def hide(self, ids: Iterable[str], hidden: bool) -> None:
        """Note that they are hidden, or not."""


class Reaches(Protocol):
    """How peers are reached."""

    def get(self, id: str) -> Reach:
        """One by the peer's id; a fresh one when there is none."""

    def keep(self, row: Reach) -> None:
        """Insert or replace."""
