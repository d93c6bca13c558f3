"""What the federation service says: of peers to its own region, and to peers of itself."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.fact import Fact, Scope
from contracts.federation import states


@dataclass(frozen=True, kw_only=True)
class IdentityFact(Fact):
    """Something about this region as others know it."""

    kind: ClassVar[str] = "identity"
    identity: states.Identity


class IdentityPublished(IdentityFact):
    """The region has a key that others can pin."""

    name = "federation.identity_published.v1"


class IdentityRestated(IdentityFact):
    """The identity as it stands, said again."""

    name = "federation.identity_restated.v1"


@dataclass(frozen=True, kw_only=True)
class PeerFact(Fact):
    """Something about another region."""

    kind: ClassVar[str] = "peer"
    peer: states.Peer


class PeerProposed(PeerFact):
    """Somebody entered another region and its key."""

    name = "federation.peer_proposed.v1"


class PeerApproved(PeerFact):
    """An officer approved it; the other side may not have yet."""

    name = "federation.peer_approved.v1"


class PeerConnected(PeerFact):
    """Both sides approved and hear each other."""

    name = "federation.peer_connected.v1"


class PeerHeard(PeerFact):
    """It was heard lately: `last_heard_at` moved by a minute or more."""

    name = "federation.peer_heard.v1"


class PeerBlocked(PeerFact):
    """Nothing goes there any more, and nothing from there counts."""

    name = "federation.peer_blocked.v1"


class PeerUnblocked(PeerFact):
    """It is approved again, until both hear each other."""

    name = "federation.peer_unblocked.v1"


class PeerRestated(PeerFact):
    """The peer as it stands, said again."""

    name = "federation.peer_restated.v1"


@dataclass(frozen=True, kw_only=True)
class PeerGreeted(Fact):
    """A region greets a peer; said to the peer only."""

    name = "federation.peer_greeted.v1"
    kind: ClassVar[str] = "greeting"
    scope: ClassVar[Scope] = "partners"
    greeting: states.Greeting


@dataclass(frozen=True, kw_only=True)
class EventWithdrawn(Fact):
    """An event that was shared is shared no more; said to peers."""

    name = "federation.event_withdrawn.v1"
    kind: ClassVar[str] = "withdrawal"
    scope: ClassVar[Scope] = "network"
    withdrawal: states.Withdrawal


@dataclass(frozen=True, kw_only=True)
class HiddenItemFact(Fact):
    """Something about what is not shown of another region."""

    kind: ClassVar[str] = "hidden_item"
    hidden_item: states.HiddenItem


class ItemHidden(HiddenItemFact):
    """It is shown no more: an officer hid it, or its region was blocked."""

    name = "federation.item_hidden.v1"


class ItemShown(HiddenItemFact):
    """It is shown again."""

    name = "federation.item_shown.v1"


class HiddenItemRestated(HiddenItemFact):
    """Whether it is hidden, said again."""

    name = "federation.hidden_item_restated.v1"


@dataclass(frozen=True, kw_only=True)
class ErasureFact(Fact):
    """Something about an erasure asked of another region."""

    kind: ClassVar[str] = "erasure"
    erasure: states.Erasure


class ErasureAsked(ErasureFact):
    """A peer that holds a person's data was asked to erase them."""

    name = "federation.erasure_asked.v1"


class ErasureConfirmed(ErasureFact):
    """The peer's receipt came."""

    name = "federation.erasure_confirmed.v1"


class ErasureRestated(ErasureFact):
    """The erasure as it stands, said again."""

    name = "federation.erasure_restated.v1"
