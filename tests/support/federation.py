"""The federation service in memory: a Work without a database, for each of two regions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chassis import clock
from chassis.call import Actor, Call
from chassis.crossing import sealed
from chassis.heard import Crossing
from chassis.signing import SigningSecret, new_secret
from contracts.command import Command
from contracts.envelope import Envelope, seal
from contracts.events import facts as events
from contracts.events.states import Event, Seats
from contracts.fact import Fact
from contracts.federation import states
from services.federation.model import known
from services.federation.model.policy import Policy
from services.federation.model.rows import Reach
from tests.support.work import Recording

NOW, TODAY = "2026-11-21T02:00:00.000Z", "2026-11-21"
NAMES = {"kediri-raya": "Kediri Raya", "semarang": "Semarang"}
KEPT = {"identity": "identities", "peer": "peers", "hidden_item": "hidden_items"}
KEPT |= {"erasure": "erasures"}


class Shelf:
    """Things of one kind, by id."""

    def __init__(self) -> None:
        self.by_id: dict[str, Any] = {}

    def get(self, id: str) -> Any:
        return self.by_id.get(id)

    def all(self) -> list[Any]:
        return [self.by_id[id] for id in sorted(self.by_id)]

    def many(self, ids: Iterable[str]) -> Any:
        return [self.by_id[id] for id in ids if id in self.by_id]

    def add(self, thing: Any) -> None:
        self.by_id[thing.id] = thing

    keep = add

    def accepted_of(self, member_id: str) -> list[Any]:
        return [a for a in self.all() if a.member_id == member_id and a.state == "accepted"]

    def blocked(self, peer: str, limit: int) -> list[Any]:
        mine = [one for one in self.all() if one.peer == peer and one.hidden]
        return [one for one in mine if one.hidden_by is None][:limit]


class Rows(Shelf):
    """Rows of one kind, by id."""

    def many(self, ids: Iterable[str]) -> dict[str, Any]:
        return {id: self.by_id[id] for id in ids if id in self.by_id}

    def keep_all(self, rows: Sequence[Any]) -> None:
        for row in rows:
            self.add(row)

    def after(self, id: str, limit: int) -> list[Any]:
        return [row for row in self.all() if row.id > id][:limit]

    def for_peer(self, peer: str, after: str, limit: int) -> list[Any]:
        told = (row for row in self.after(after, 10_000) if row.told)
        return [row for row in told if row.to in (None, peer)][:limit]

    def of_kind(self, kind: str, after: str, limit: int) -> list[Any]:
        return [row for row in self.after(after, 10_000) if row.kind == kind][:limit]

    def to_hide(self, peer: str, limit: int) -> list[Any]:
        shown = [row for row in self.all() if row.peer == peer and not row.hidden]
        return [row for row in shown if row.kind == "event"][:limit]

    def hide(self, ids: Iterable[str], hidden: bool) -> None:
        for id in ids:
            self.by_id[id] = replace(self.by_id[id], hidden=hidden)


class Reaches(Shelf):
    """How peers are reached."""

    def get(self, id: str) -> Any:
        return self.by_id.get(id) or Reach(id=id)


@dataclass
class MemoryWork(Recording):
    """A Work whose collections are dictionaries; facts land in `facts`."""

    kept = KEPT

    region: str
    now: str = NOW
    call: Call = field(default_factory=lambda: a_call())
    facts: list[Fact] = field(default_factory=list)
    roles: tuple[str, ...] = ()
    identities: Shelf = field(default_factory=Shelf)
    peers: Shelf = field(default_factory=Shelf)
    hidden_items: Shelf = field(default_factory=Shelf)
    erasures: Shelf = field(default_factory=Shelf)
    said: Rows = field(default_factory=Rows)
    abroad: Rows = field(default_factory=Rows)
    reaches: Reaches = field(default_factory=Reaches)
    members: Shelf = field(default_factory=Shelf)
    appointments: Shelf = field(default_factory=Shelf)
    signing_secrets: Shelf = field(default_factory=Shelf)

    @property
    def today(self) -> str:
        return self.now[:10]

    @property
    def policy(self) -> Policy:
        return Policy(name=NAMES[self.region], timezone="Asia/Jakarta")

    def by(self, member_id: str | None, if_match: int | None = None) -> "MemoryWork":
        """The same books, asked by somebody."""
        call = replace(a_call(), actor=Actor(member_id=member_id), if_match=if_match)
        return replace(self, call=call, facts=[])

    def later(self, seconds: float) -> "MemoryWork":
        """The same books at another instant."""
        return replace(self, now=clock.later(self.now, seconds), facts=[])

    def names(self) -> list[str]:
        """Names of the facts, in order."""
        return [type(fact).__name__ for fact in self.facts]

    def key(self) -> SigningSecret:
        """The region's key."""
        found: SigningSecret = self.signing_secrets.all()[0]
        return found


def a_call() -> Call:
    """A call by nobody."""
    return Call(command=Command(), actor=Actor(), deadline=0)


def a_region(id: str, peer: str | None = None, state: str = "active") -> MemoryWork:
    """A region with a coordinator, a secretary, an operator and a member, and perhaps a peer."""
    work = MemoryWork(region=id)
    for name, role in (("kartini", "coordinator"), ("sari", "secretary"), ("tono", "operator")):
        work.members.add(known.KnownMember(id=name, version=1, state="active"))
        work.appointments.add(
            known.KnownAppointment(
                id=f"{name}-{role}",
                version=1,
                member_id=name,
                role=role,
                state="accepted",
                starts_on="2025-01-01",
            )
        )
    work.members.add(known.KnownMember(id="ayu", version=1, state="active"))
    work.members.add(known.KnownMember(id="lama", version=1, state="suspended"))
    work.signing_secrets.add(new_secret(f"key-of-{id}", NOW, NOW))
    if peer:
        work.peers.add(a_peer(peer, state))
    return work


def keyed(work: MemoryWork, other: MemoryWork) -> None:
    """Each pins the other's key."""
    for own, peer in ((work, other), (other, work)):
        key = states.Key(kid=peer.key().id, x=peer.key().public)
        own.peers.add(replace(own.peers.get(peer.region), key=key))


def two_regions() -> tuple[MemoryWork, MemoryWork]:
    """Kediri Raya and Semarang, active peers of each other."""
    pair = a_region("kediri-raya", "semarang"), a_region("semarang", "kediri-raya")
    keyed(*pair)
    return pair


def begun(id: str, region: str, version: int = 1) -> dict[str, Any]:
    return {
        "id": id,
        "version": version,
        "region": region,
        "created_at": NOW,
        "updated_at": NOW,
    }


def a_peer(id: str, state: str = "active", **fields: Any) -> states.Peer:
    key = states.Key(kid=f"key-of-{id}", x="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    return states.Peer(**begun(id, "kediri-raya"), name=NAMES[id], key=key, state=state, **fields)


def an_event(id: str = "e1", version: int = 2, region: str = "semarang", **fields: Any) -> Event:
    """An announced workshop, shared in the network."""
    plain: dict[str, Any] = {
        "title": "Cetak barcode",
        "kind": "workshop",
        "area": "33.74",
        "state": "published",
        "starts_at": "2026-12-05T02:00:00.000Z",
        "ends_at": "2026-12-05T05:00:00.000Z",
        "timezone": "Asia/Jakarta",
        "scope": "network",
        "published_at": NOW,
        "created_by": "rudi",
    }
    return Event(**begun(id, region, version), **{**plain, **fields})


def some_seats(event: Event, version: int = 1, **counts: Any) -> Seats:
    return Seats(**begun(event.id, event.region, version), area=event.area, **counts)


def told(fact: Fact, region: str, id: str = "") -> tuple[Envelope, Fact]:
    """A fact as a service of the region says it."""
    name = id or f"{fact.name}-{fact.state.id}-{fact.state.version}"
    return seal(fact, id=name, region=region, time=NOW), fact


def changed(event: Event) -> tuple[Envelope, Fact]:
    """What the events service says of an event."""
    return told(events.EventChanged(event=event), event.region)


def crossing(envelope: Envelope, of: MemoryWork, to: str, **more: Any) -> Crossing:
    """An envelope on its way, signed by a region."""
    body = sealed(envelope, more.get("key") or of.key(), to)
    return Crossing(peer=more.get("peer") or of.region, body=body)
