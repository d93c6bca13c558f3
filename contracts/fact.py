"""A fact: an immutable, past-tense statement with the full public state of its subject."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, cast

Scope = Literal["cell", "partners", "network", "public"]


class State(Protocol):
    """The public state of an aggregate, as every fact about it carries it."""

    @property
    def id(self) -> str:
        """Opaque identity, unique per kind."""

    @property
    def version(self) -> int:
        """1, 2, 3 …: grows by one per change and is the `sequence` of the fact."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What happened; `name` is `<speaker>.<past_participle>.v<N>`, `kind` the subject's field."""

    name: ClassVar[str]
    kind: ClassVar[str]
    scope: ClassVar[Scope] = "cell"

    @property
    def state(self) -> State:
        """The subject after the change."""
        return cast(State, getattr(self, self.kind))

    @property
    def speaker(self) -> str:
        """The service that says it."""
        return self.name.partition(".")[0]

    @classmethod
    def route(cls, region: str) -> str:
        """The routing key: `<region>.<scope>.<speaker>.<fact>.v<N>`."""
        return f"{region}.{cls.scope}.{cls.name}"
