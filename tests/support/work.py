"""What a Work does for every service, in memory: facts are recorded, others are remembered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from chassis.call import Call
from chassis.errors import Stale
from contracts.codec import decode, encode
from contracts.fact import Fact


class Recording:
    """A Work whose collections are shelves: attributes of the books, each with states `by_id`."""

    kept: ClassVar[Mapping[str, str]]
    """The shelf of each kind that the service owns."""
    remembered: ClassVar[Mapping[str, tuple[str, type]]]
    """Shelf and class of each kind that the service remembers."""

    call: Call
    facts: list[Fact]
    forgotten: list[str]
    roles: tuple[str, ...]

    def forget_answers(self, *ids: str) -> None:
        self.forgotten += ids

    def acts_as(self, roles: Iterable[str]) -> None:
        self.roles = tuple(roles)

    def to_change(self, state: Any) -> Any:
        if self.call.if_match not in (None, state.version):
            raise Stale(f"version {state.version} is current")
        return state

    def record(self, fact: Fact) -> Any:
        return self.record_many((fact,))[0]

    def record_many(self, facts: Sequence[Fact]) -> list[Any]:
        for fact in facts:
            shelf = getattr(self, self.kept[fact.kind]).by_id
            before = shelf.get(fact.state.id)
            if fact.state.version != (before.version if before else 0) + 1:
                raise Stale(f"{fact.kind} {fact.state.id} jumps to {fact.state.version}")
            assert decode(type(fact), encode(fact)) == fact
            self.must_be_unique(fact)
            shelf[fact.state.id] = fact.state
            self.facts.append(fact)
        return [fact.state for fact in facts]

    def must_be_unique(self, fact: Fact) -> None:
        """What the unique indexes refuse: nothing, unless the service says so."""

    def remember(self, fact: Fact) -> None:
        name, cls = self.remembered[fact.kind]
        shelf = getattr(self, name).by_id
        before = shelf.get(fact.state.id)
        if before is None or before.version < fact.state.version:
            shelf[fact.state.id] = decode(cls, encode(fact.state))
