"""What an operator can ask of any hearer: parked facts and rebuilding a view."""

from dataclasses import dataclass
from typing import Annotated

from contracts.command import Command
from contracts.refusal import RefusalCode
from contracts.types import Id, Text

PARKED_UNKNOWN = RefusalCode(
    code="operations.parked_unknown",
    status=404,
    en="There is no such parked fact",
    id="Fakta terparkir ini tidak ditemukan",
)
VIEW_UNKNOWN = RefusalCode(
    code="operations.view_unknown",
    status=404,
    en="There is no such view",
    id="Tampilan ini tidak ditemukan",
)
ALL = (PARKED_UNKNOWN, VIEW_UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class ReplayParked(Command):
    """Put a parked fact back into the projector's queue."""

    verb = "projector.replay_parked"
    id: Id


@dataclass(frozen=True, kw_only=True)
class DropParked(Command):
    """Forget a parked fact of the projector for good."""

    verb = "projector.drop_parked"
    id: Id


@dataclass(frozen=True, kw_only=True)
class RebuildView(Command):
    """Empty a view and have its owners say everything again."""

    verb = "projector.rebuild_view"
    view: Annotated[str, Text(shortest=1, longest=40)]
