"""What the rules need from outside: who asks, and one piece of work."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from chassis.signing import SigningSecret
from contracts.fact import Fact, State
from services.federation.model import known, registers
from services.federation.model.policy import Policy

S = TypeVar("S", bound=State)


class Actor(Protocol):
    """Who asks."""

    @property
    def member_id(self) -> str | None:
        """The signed-in member."""


class Call(Protocol):
    """The command on its way."""

    @property
    def actor(self) -> Actor:
        """Who asks."""


class SigningSecrets(Protocol):
    """Private keys."""

    def all(self) -> list[SigningSecret]:
        """Those that sign."""

    def add(self, secret: SigningSecret) -> None:
        """Keep one."""


class Work(Protocol):
    """One transaction: what it read, what it changed, what it said."""

    now: str
    region: str

    @property
    def call(self) -> Call:
        """The command and who gave it."""

    def acts_as(self, roles: Iterable[str]) -> None:
        """The caller holds these offices: what he does now is told as his act."""

    @property
    def today(self) -> str:
        """The region's date."""

    @property
    def policy(self) -> Policy:
        """The region's settings."""

    @property
    def identities(self) -> registers.Identities: ...

    @property
    def peers(self) -> registers.Peers: ...

    @property
    def hidden_items(self) -> registers.HiddenItems: ...

    @property
    def erasures(self) -> registers.Erasures: ...

    @property
    def said(self) -> registers.SaidRows: ...

    @property
    def abroad(self) -> registers.AbroadRows: ...

    @property
    def reaches(self) -> registers.Reaches: ...

    @property
    def members(self) -> known.KnownMembers: ...

    @property
    def appointments(self) -> known.KnownAppointments: ...

    @property
    def signing_secrets(self) -> SigningSecrets: ...

    def to_change(self, state: S) -> S:
        """The state, if the caller saw this version; raises Stale."""

    def record(self, fact: Fact) -> Any:
        """Write the subject and the fact; gives the state."""

    def record_many(self, facts: Sequence[Fact]) -> list[Any]:
        """The same for many, in few round trips."""
