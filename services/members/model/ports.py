"""What the rules need from outside: who asks, one piece of work, slow hashing."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from contracts.fact import Fact, State
from services.members.errors import Refusal
from services.members.model import registers, stores
from services.members.model.policy import Policy

S = TypeVar("S", bound=State)


class Actor(Protocol):
    """Who asks."""

    @property
    def member_id(self) -> str | None:
        """The signed-in member."""

    @property
    def session_id(self) -> str | None:
        """His session."""

    @property
    def address(self) -> str:
        """Where the request came from."""


class Call(Protocol):
    """The command on its way."""

    @property
    def actor(self) -> Actor:
        """Who asks."""

    @property
    def request_id(self) -> str:
        """The request's name in logs."""


class Passwords(Protocol):
    """Slow on purpose, so done where it blocks nobody."""

    def hashed(self, password: str) -> str:
        """The encoded hash."""

    def matches(self, encoded: str | None, password: str) -> bool:
        """Whether it is right; as slow without a hash."""


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

    def to_change(self, state: S) -> S:
        """The state, if the caller saw this version; raises Stale."""

    def record(self, fact: Fact) -> Any:
        """Write the subject and the fact; gives the state."""

    def record_many(self, facts: Sequence[Fact]) -> list[Any]:
        """The same for many, in few round trips."""

    def refused(self, refusal: Refusal) -> Any:
        """Refuse, and still keep what was written."""
