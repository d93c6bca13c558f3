"""Peers: proposed, approved, blocked and let in again, by the region's officers (source: I5)."""

from dataclasses import replace

from contracts.federation import commands, states
from services.federation.handlers import who
from services.federation.model.peer import Peer, propose
from services.federation.model.ports import Work


def propose_peer(work: Work, command: commands.ProposePeer) -> states.Peer:
    """Enter another region and the key that its officers told, by a way of their own."""
    by, known = who.officer(work), work.peers.get(command.region)
    wanted = (command.region, command.name, command.key)
    state: states.Peer = work.record(propose(known, work.region, work.now, by, wanted))
    return state


def approve_peer(work: Work, command: commands.ApprovePeer) -> states.Peer:
    """It is greeted from now on, until it greets back."""
    by = who.officer(work)
    state: states.Peer = work.record(Peer(who.peer(work, command.peer_id)).approve(work.now, by))
    _tell_all(work, state.id)
    return state


def block_peer(work: Work, command: commands.BlockPeer) -> states.Peer:
    """Nothing crosses any more; what is known of it is hidden within seconds."""
    by, before = who.officer(work), who.peer(work, command.peer_id)
    state: states.Peer = work.record(Peer(before).block(work.now, by, command.reason))
    return state


def unblock_peer(work: Work, command: commands.UnblockPeer) -> states.Peer:
    """It is greeted again; what is known of it is shown again within seconds."""
    by = who.officer(work)
    state: states.Peer = work.record(Peer(who.peer(work, command.peer_id)).unblock(work.now, by))
    _tell_all(work, state.id)
    return state


def _tell_all(work: Work, id: str) -> None:
    work.reaches.keep(replace(work.reaches.get(id).fall_behind(), greeted_at=None))
