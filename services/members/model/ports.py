"""What the rules need from outside: one piece of work, slow hashing."""

from typing import Any, Protocol

from chassis import ports
from contracts.fact import Fact
from services.members.errors import Refusal
from services.members.model import known, registers, stores
from services.members.model.policy import Policy


class Passwords(Protocol):
    """Slow on purpose, so done where it blocks nobody."""

    def hashed(self, password: str) -> str:
        """The encoded hash."""

    def matches(self, encoded: str | None, password: str) -> bool:
        """Whether it is right; as slow without a hash."""


class Work(ports.Work, Protocol):
    """One transaction: what it read, what it changed, what it said."""

    @property
    def today(self) -> str:
        """The region's date."""

    @property
    def policy(self) -> Policy:
        """The region's settings."""

    @property
    def passwords(self) -> Passwords:
        """Hashing."""

    @property
    def areas(self) -> registers.Areas: ...

    @property
    def institutions(self) -> registers.Institutions: ...

    @property
    def members(self) -> registers.Members: ...

    @property
    def appointments(self) -> registers.Appointments: ...

    @property
    def competencies(self) -> registers.CompetencyLists: ...

    @property
    def innovations(self) -> registers.Innovations: ...

    @property
    def frameworks(self) -> registers.Frameworks: ...

    @property
    def signing_keys(self) -> registers.SigningKeys: ...

    @property
    def signing_secrets(self) -> stores.SigningSecrets: ...

    @property
    def accounts(self) -> stores.Accounts: ...

    @property
    def codes(self) -> stores.Codes: ...

    @property
    def code_requests(self) -> stores.CodeRequests: ...

    @property
    def tallies(self) -> stores.Tallies: ...

    @property
    def families(self) -> stores.Families: ...

    @property
    def letters(self) -> stores.Letters: ...

    @property
    def ledger(self) -> stores.Ledger: ...

    @property
    def imports(self) -> stores.Imports: ...

    @property
    def founding(self) -> stores.Founding: ...

    @property
    def certificates(self) -> stores.Certificates: ...

    @property
    def events(self) -> known.KnownEvents: ...

    def remember(self, fact: Fact) -> None:
        """Keep what a fact of another service says, unless something newer is known."""

    def refused(self, refusal: Refusal) -> Any:
        """Refuse, and still keep what was written."""
