"""The public states that federation facts carry. A peer is another region, paired with this one."""

from dataclasses import dataclass
from typing import Annotated

from contracts.aggregate import Aggregate
from contracts.types import UNSET, Id, Instant, Line, Name, Text, Unset, Version

PEER_STATES = ("proposed", "approved", "active", "blocked")
ERASURE_STATES = ("asked", "confirmed")

RegionId = Annotated[str, Text(shortest=1, longest=40, pattern=r"[a-z0-9][a-z0-9-]{0,39}")]
PeerState = Annotated[str, Text(longest=10, one_of=PEER_STATES)]
ItemKind = Annotated[str, Text(longest=12, one_of=("event", "innovation"))]
ErasureState = Annotated[str, Text(longest=10, one_of=ERASURE_STATES)]
KeyType = Annotated[str, Text(longest=3, one_of=("OKP",))]
Curve = Annotated[str, Text(longest=7, one_of=("Ed25519",))]
PublicPart = Annotated[str, Text(shortest=43, longest=43, pattern=r"[A-Za-z0-9_-]{43}")]


@dataclass(frozen=True, kw_only=True)
class Key:
    """The public key (JWK) that verifies what a region says to others; `kid` names it."""

    kid: Id
    x: PublicPart
    kty: KeyType = "OKP"
    crv: Curve = "Ed25519"


@dataclass(frozen=True, kw_only=True)
class Identity(Aggregate):
    """This region as others know it; `id` is the region."""

    name: Name
    key: Key


@dataclass(frozen=True, kw_only=True)
class Peer(Aggregate):
    """Another region (`id`) with the key that was pinned (source: features I1, I5).

    `proposed` until somebody here approves, `approved` until the other side did too, then `active`.
    """

    name: Name
    key: Key
    state: PeerState
    proposed_by: Id | None = None
    approved_by: Id | None = None
    approved_at: Instant | None = None
    active_since: Instant | None = None
    blocked_by: Id | None = None
    blocked_at: Instant | None = None
    block_reason: Line | None = None
    last_heard_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class Greeting(Aggregate):
    """What a region says to a peer that it approved; `heard` once it has heard the peer's own.

    Without `heard` it knows nothing yet and wants to be told everything.
    """

    to: RegionId
    name: Name
    heard: bool = False


@dataclass(frozen=True, kw_only=True)
class Withdrawal(Aggregate):
    """An event (`id`) that other regions are to see no more; version is that of the event."""

    event_id: Id


@dataclass(frozen=True, kw_only=True)
class HiddenItem(Aggregate):
    """Something of another region that is not shown here (`id` is its own; source: I5).

    An event, unless `kind` says otherwise; an innovation starts when it was entered.
    """

    peer: RegionId
    title: Name
    starts_at: Instant
    hidden: bool
    reason: Line | None = None
    hidden_by: Id | None = None
    kind: ItemKind | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class Erasure(Aggregate):
    """What another region was asked to erase, and its receipt (source: features I4).

    `id` is that of the registration abroad; `receipt` the version with which it was confirmed.
    """

    peer: RegionId
    event_id: Id
    state: ErasureState
    asked_at: Instant
    confirmed_at: Instant | None = None
    receipt: Version | None = None
