"""What any hearer says of the facts it could not hear, and what an operator can ask.

The speaker is called `operations`, whichever service it is; `hearer` says which.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from contracts.aggregate import Aggregate
from contracts.command import Command
from contracts.fact import Fact
from contracts.refusal import RefusalCode
from contracts.types import Id, Text, Version

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
class Parked(Aggregate):
    """A fact that a service could not hear; its body stays with the service.

    The id ends in the service's name, so that whoever holds it knows whom to ask.
    """

    hearer: Id
    fact: str
    subject: str
    reason: str
    attempts: int
    state: Annotated[str, Text(longest=10, one_of=("waiting", "replayed", "dropped"))] = "waiting"


@dataclass(frozen=True, kw_only=True)
class FactParked(Fact):
    """A fact could not be heard and waits for an operator."""

    name = "operations.fact_parked.v1"
    kind = "parked"
    parked: Parked


@dataclass(frozen=True, kw_only=True)
class FactUnparked(Fact):
    """An operator had a parked fact heard again, or dropped it."""

    name = "operations.fact_unparked.v1"
    kind = "parked"
    parked: Parked


@dataclass(frozen=True, kw_only=True)
class ParkedRestated(Fact):
    """A fact is still parked."""

    name = "operations.parked_restated.v1"
    kind = "parked"
    parked: Parked


@dataclass(frozen=True, kw_only=True)
class Unparking(Command):
    """What is asked of the hearer that keeps a parked fact, whoever that is."""

    id: Id

    @property
    def service(self) -> str:
        """The last word of the parked fact's id."""
        return self.id.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class ReplayParked(Unparking):
    """Put a parked fact back into its hearer's queue."""

    verb = "projector.replay_parked"


@dataclass(frozen=True, kw_only=True)
class DropParked(Unparking):
    """Forget a parked fact for good."""

    verb = "projector.drop_parked"


@dataclass(frozen=True, kw_only=True)
class RebuildView(Command):
    """Have the owners of a view say everything again, and show what comes of it."""

    verb = "projector.rebuild_view"
    view: Annotated[str, Text(shortest=1, longest=40)]


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One change: the fact about it, and what the fields that became others were and are.

    `fields` names them all; values that are too long to be told are left out.
    """

    fact: Annotated[str, Text(longest=100)]
    subject: Annotated[str, Text(longest=120)]
    sequence: Version
    fields: tuple[str, ...]
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Act(Aggregate):
    """What somebody did by virtue of an office: who, in which roles, by which command, to what."""

    actor: Id
    roles: tuple[str, ...]
    verb: Annotated[str, Text(longest=100)]
    request_id: Annotated[str, Text(longest=64)]
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, kw_only=True)
class Acted(Fact):
    """Somebody who holds an office changed what is not his own; it is said once, never again."""

    name = "operations.acted.v1"
    kind = "act"
    act: Act
