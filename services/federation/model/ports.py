"""What the rules need from outside: one piece of work, and in it what this service holds."""

from typing import Protocol

from chassis import ports
from chassis.signing import SigningSecret
from services.federation.model import known, registers
from services.federation.model.policy import Policy


class SigningSecrets(Protocol):
    """Private keys."""

    def all(self) -> list[SigningSecret]:
        """Those that sign."""

    def add(self, secret: SigningSecret) -> None:
        """Keep one."""


class Work(ports.Work, Protocol):
    """One transaction: what it read, what it changed, what it said."""

    @property
    def today(self) -> str:
        """The region's date."""

    @property
    def policy(self) -> Policy:
        """The region's settings."""

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
