"""What comes round: ways that are open, greetings that are due, peers that must be told all."""

from dataclasses import replace
from typing import Any

from chassis import clock
from chassis.aggregate import begun
from contracts.codec import decode
from contracts.envelope import Envelope, seal
from contracts.federation import facts, states
from services.federation.handlers.identity import key
from services.federation.handlers.outgoing import Outgoing, outgoing
from services.federation.model.peer import OPEN, Peer
from services.federation.model.ports import Work
from services.federation.model.rows import Reach

GREET_SECONDS, AGAIN_SECONDS = 60.0, 2.5
BATCH = 200


def peers(work: Work) -> list[tuple[states.Peer, Reach]]:
    """Every peer and how it is reached."""
    return [(peer, work.reaches.get(peer.id)) for peer in work.peers.all()]


def is_due(peer: states.Peer, reach: Reach, now: str) -> bool:
    """Whether it is to be greeted: often until it answers, then once a minute."""
    pause = GREET_SECONDS if peer.state == "active" else AGAIN_SECONDS
    since = reach.greeted_at
    return peer.state in OPEN and (not since or clock.seconds_between(since, now) >= pause)


def has_heard(peer: states.Peer, reach: Reach) -> bool:
    """Whether what the peer says is known here; not after a restore, which brings back no reach."""
    return peer.state == "active" and reach.greeted_at is not None


def greeting(work: Work, id: str, heard: bool) -> Outgoing:
    """A greeting to a peer; each is a new one."""
    name = work.policy.name
    said = states.Greeting(**begun(work.region, work.region, work.now), to=id, name=name)
    fact = facts.PeerGreeted(greeting=replace(said, heard=heard))
    envelope = seal(fact, id=clock.new_id(), region=work.region, time=work.now)
    work.reaches.keep(replace(work.reaches.get(id), greeted_at=work.now))
    return Outgoing(key=key(work), bodies={id: [envelope]})


def noted(work: Work, id: str, changes: dict[str, Any]) -> None:
    """How a peer is reached is another."""
    work.reaches.keep(replace(work.reaches.get(id), **changes))


def fallen_behind(work: Work, id: str) -> None:
    """A peer missed something."""
    work.reaches.keep(work.reaches.get(id).fall_behind())


def caught_up(work: Work, id: str, fell: int) -> None:
    """A peer was told everything; not so if it fell behind again while it was being told."""
    reach = work.reaches.get(id)
    if reach.fell == fell:
        work.reaches.keep(replace(reach, behind=False))


def part(work: Work, id: str, after: str) -> tuple[Outgoing, str | None]:
    """Some of what a peer is to know, after an id; and the last of them, None at the end."""
    rows = work.said.for_peer(id, after, BATCH)
    return outgoing(work, rows, only=id), rows[-1].id if len(rows) == BATCH else None


def note_heard(work: Work) -> None:
    """Say of peers that were heard when that was, to the minute."""
    for peer, reach in peers(work):
        fact = Peer(peer).note_heard(work.now, reach.heard_at) if reach.heard_at else None
        if fact is not None:
            work.record(fact)


def of_kind(work: Work, kind: str, after: str) -> list[tuple[str, str, Envelope]]:
    """Some of what peers said of a kind: id, scope and envelope, after an id."""
    rows = work.abroad.of_kind(kind, after, BATCH)
    return [(row.id, row.scope, decode(Envelope, row.envelope)) for row in rows]
