"""Peers: `proposed → approved → active`, or blocked; both sides approve (source: features I5)."""

from dataclasses import replace

from chassis import clock
from chassis.aggregate import begun, moved
from contracts.federation import facts, states
from services.federation.errors import PeerInvalid, PeerKnown, PeerStateForbids

ALLOWED = {
    "proposed": ("approve", "block"),
    "approved": ("connect", "block"),
    "active": ("block",),
    "blocked": ("unblock", "propose"),
}
OPEN = ("approved", "active")
HEARD_SECONDS = 60.0


def propose(
    known: states.Peer | None, region: str, now: str, by: str, wanted: tuple[str, str, states.Key]
) -> facts.PeerProposed:
    """Another region (id, name, key); raises PeerInvalid, and PeerKnown unless it is blocked."""
    peer, name, key = wanted
    if peer == region:
        raise PeerInvalid("this is the region itself", pointer="/region")
    if known is None:
        fresh = begun(peer, region, now)
        state = states.Peer(**fresh, name=name, key=key, state="proposed", proposed_by=by)
        return facts.PeerProposed(peer=state)
    if "propose" not in ALLOWED[known.state]:
        raise PeerKnown(f"{peer} is {known.state}", pointer="/region")
    again = moved(known, now, name=name, key=key, state="proposed", proposed_by=by)
    return facts.PeerProposed(peer=replace(again, approved_by=None, approved_at=None))


class Peer:
    """One peer and what may happen to it."""

    def __init__(self, state: states.Peer) -> None:
        self.state = state

    def approve(self, now: str, by: str) -> facts.PeerApproved:
        """We want to hear it, and to be heard."""
        self._must_allow("approve")
        after = moved(self.state, now, state="approved", approved_by=by, approved_at=now)
        return facts.PeerApproved(peer=after)

    def connect(self, now: str) -> facts.PeerConnected | None:
        """Its greeting says that it has heard ours; None when that is known."""
        if self.state.state != "approved":
            return None
        after = moved(self.state, now, state="active", active_since=now, last_heard_at=now)
        return facts.PeerConnected(peer=after)

    def note_heard(self, now: str, at: str) -> facts.PeerHeard | None:
        """It was heard at the instant; None when that is no news, to the minute."""
        before = self.state.last_heard_at
        if self.state.state != "active":
            return None
        if before and clock.seconds_between(before, at) < HEARD_SECONDS:
            return None
        return facts.PeerHeard(peer=moved(self.state, now, last_heard_at=at))

    def block(self, now: str, by: str, reason: str) -> facts.PeerBlocked:
        """Nothing crosses from now on."""
        self._must_allow("block")
        said = {"blocked_by": by, "blocked_at": now, "block_reason": reason}
        return facts.PeerBlocked(peer=moved(self.state, now, state="blocked", **said))

    def unblock(self, now: str, by: str) -> facts.PeerUnblocked:
        """It is approved again, by whom, and must greet again."""
        self._must_allow("unblock")
        gone = {"blocked_by": None, "blocked_at": None, "block_reason": None}
        said = {"state": "approved", "approved_by": by, "approved_at": now}
        return facts.PeerUnblocked(peer=moved(self.state, now, **gone, **said))

    def _must_allow(self, move: str) -> None:
        allowed = ALLOWED[self.state.state]
        if move not in allowed:
            raise PeerStateForbids(f"the peer is {self.state.state}", allowed=allowed)
