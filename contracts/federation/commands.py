"""What the federation service can be asked."""

from dataclasses import dataclass
from typing import Annotated

from contracts.command import Command
from contracts.federation import states
from contracts.types import Id, Name, Text

Reason = Annotated[str, Text(shortest=3, longest=300)]


@dataclass(frozen=True, kw_only=True)
class Restate(Command):
    """Say all aggregates of a kind again, also those of other regions that are known here."""

    verb = "federation.restate"
    kind: Annotated[str, Text(longest=20)]


@dataclass(frozen=True, kw_only=True)
class ProposePeer(Command):
    """Enter another region with the key that its officers told; after a block also a new key."""

    verb = "federation.propose_peer"
    region: states.RegionId
    name: Name
    key: states.Key


@dataclass(frozen=True, kw_only=True)
class ApprovePeer(Command):
    """Greet the region; once it greets back, both hear each other."""

    verb = "federation.approve_peer"
    peer_id: states.RegionId


@dataclass(frozen=True, kw_only=True)
class BlockPeer(Command):
    """Tell the region nothing, hear nothing of it, show nothing of it."""

    verb = "federation.block_peer"
    peer_id: states.RegionId
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class UnblockPeer(Command):
    """Greet the region again, and show what is known of it."""

    verb = "federation.unblock_peer"
    peer_id: states.RegionId


@dataclass(frozen=True, kw_only=True)
class HideItem(Command):
    """Show an event of another region no more."""

    verb = "federation.hide_item"
    item_id: Id
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class ShowItem(Command):
    """Show it again."""

    verb = "federation.show_item"
    item_id: Id
