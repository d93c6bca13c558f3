"""What somebody does by virtue of an office, told beside the facts, for the audit log.

Who acts for himself alone leaves no trace here, and nothing is read or said for him.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import orjson

from chassis import clock
from chassis.ports import Call
from contracts.codec import encode
from contracts.fact import Fact, State
from contracts.operations import Act, Acted, Deed

COMMON = ("_id", "id", "version", "region", "created_at", "updated_at")
D = TypeVar("D", bound=Mapping[str, Any])

LARGEST_DEED_BYTES = 32 * 1024
LARGEST_ACT_BYTES = 128 * 1024


class Collection(Protocol):
    """A collection inside the transaction."""

    def find(self, filter: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The documents that match."""


class Acts:
    """The deeds of one call; `roles` are the offices that its caller holds."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.roles: tuple[str, ...] = ()
        self.deeds: list[Deed] = []
        self._seen: dict[tuple[str, str], Mapping[str, Any]] = {}

    def seen(self, kind: str, found: D | None) -> D | None:
        """Remember a document that was read anyway; gives it back."""
        if found is not None:
            self._seen[kind, found["_id"]] = found
        return found

    def note_all(self, kind: str, collection: Collection, facts: Sequence[Fact]) -> None:
        """Changes of one kind, before they are written; at most one read, for what nobody read."""
        noted = [fact for fact in facts if self._concerns(fact.state)]
        changed = (fact.state.id for fact in noted if fact.state.version > 1)
        unseen = [one for one in changed if (kind, one) not in self._seen]
        for found in collection.find({"_id": {"$in": unseen}}) if unseen else ():
            self.seen(kind, found)
        for fact in noted:
            self.note(fact, self._seen.get((kind, fact.state.id)))
            self.seen(kind, {"_id": fact.state.id, **encode(fact.state)})

    def _concerns(self, state: State) -> bool:
        """Whether an office is at work, on what is not the caller's own."""
        me = self._call.actor.member_id
        mine = (state.id, getattr(state, "member_id", None))
        return bool(self.roles) and me is not None and me not in mine

    def note(self, fact: Fact, before: Mapping[str, Any] | None) -> None:
        """A change, with the subject's document as it was, None for a new one."""
        was = {name: value for name, value in (before or {}).items() if name not in COMMON}
        told = encode(fact.state)
        now = {name: value for name, value in told.items() if name not in COMMON}
        fields = sorted(n for n in was.keys() | now.keys() if was.get(n) != now.get(n))
        deed = Deed(
            fact=fact.name,
            subject=f"{fact.kind}/{fact.state.id}",
            sequence=fact.state.version,
            fields=tuple(fields),
            before={name: was[name] for name in fields if name in was},
            after={name: now[name] for name in fields if name in now},
        )
        self.deeds.append(
            deed if _size(deed) <= LARGEST_DEED_BYTES else replace(deed, before={}, after={})
        )

    def told(self, now: str, region: str) -> Iterator[Acted]:
        """The deeds as facts, as many in each as a message may hold."""
        for deeds in _packed(self.deeds):
            yield Acted(act=self._act(deeds, now, region))

    def _act(self, deeds: list[Deed], now: str, region: str) -> Act:
        return Act(
            id=clock.new_id(),
            version=1,
            region=region,
            created_at=now,
            updated_at=now,
            actor=str(self._call.actor.member_id),
            roles=self.roles,
            verb=self._call.verb,
            request_id=self._call.request_id[:64],
            deeds=tuple(deeds),
        )


def _packed(deeds: list[Deed]) -> Iterator[list[Deed]]:
    pack: list[Deed] = []
    room = LARGEST_ACT_BYTES
    for deed in deeds:
        size = _size(deed)
        if pack and size > room:
            yield pack
            pack, room = [], LARGEST_ACT_BYTES
        pack.append(deed)
        room -= size
    if pack:
        yield pack


def _size(deed: Deed) -> int:
    return len(orjson.dumps(encode(deed)))
