"""What the rules of every service ask of one piece of work; `chassis.work.Work` answers it."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

from contracts.fact import Fact, State

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

    def saw_newer(self, kind: str, id: str, version: int) -> bool:
        """Whether he was shown a newer version of something than this one."""


class Call(Protocol):
    """The command on its way."""

    @property
    def actor(self) -> Actor:
        """Who asks."""

    @property
    def verb(self) -> str:
        """Which command it is."""

    @property
    def request_id(self) -> str:
        """The request's name in logs."""


class Work(Protocol):
    """One transaction: what it read, what it changed, what it said."""

    now: str
    region: str

    @property
    def call(self) -> Call:
        """The command and who gave it."""

    def acts_as(self, roles: Iterable[str]) -> None:
        """The caller holds these offices: what he does now is told as his act."""

    def to_change(self, state: S) -> S:
        """The state, if the caller saw this version; raises Stale."""

    def record(self, fact: Fact) -> Any:
        """Write the subject and the fact; gives the state."""

    def forget_answers(self, *ids: str) -> None:
        """Soon nothing is left in kept answers that were given to one of these or name one."""

    def record_many(self, facts: Sequence[Fact]) -> list[Any]:
        """The same for many, in few round trips."""
