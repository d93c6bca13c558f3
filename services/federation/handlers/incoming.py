"""What comes in: verified by the pinned key, on the list of what may cross, and the peer's to say.

Whatever is not is parked with its reason and never heard (source: features I1, I2, I5).
"""

from collections import ChainMap
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chassis.aggregate import moved
from chassis.crossing import opened
from chassis.errors import NotToBeHeard
from chassis.heard import Crossing
from chassis.signing import Forged
from contracts.codec import Malformed, encode
from contracts.envelope import Envelope, open_fact
from contracts.events import facts as events
from contracts.fact import Fact
from contracts.federation import facts, states
from contracts.federation.crossing import CROSSING, SHARED
from contracts.members.facts import InnovationFact
from services.federation.model import sharing
from services.federation.model.peer import OPEN, Peer
from services.federation.model.ports import Work
from services.federation.model.rows import AbroadRow, row_id, scope_of

Said = tuple[Envelope, Fact]
KIN = ("event", "seats", "innovation")


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """What is said here from now on, and whom we greet in return."""

    let_in: list[tuple[str, Envelope]] = field(default_factory=list)
    to_greet: list[str] = field(default_factory=list)


def note(work: Work, crossings: Sequence[Crossing]) -> Arrived:
    """Keep and give what may be heard; raises NotToBeHeard with the reason for the first that not.

    What is kept already, and no older, is given again: it may not have been said then.
    """
    peers = {name: _open_peer(work, name) for name in dict.fromkeys(c.peer for c in crossings)}
    believed = [_believed(work, peers[crossing.peer], crossing) for crossing in crossings]
    arrived = Arrived()
    for peer in peers.values():
        work.reaches.keep(replace(work.reaches.get(peer.id), heard_at=work.now))
    for greeted in (one for one in believed if isinstance(one[1], facts.PeerGreeted)):
        arrived.to_greet.extend(_greeted(work, greeted[1].greeting))  # type: ignore[attr-defined]
    arrived.let_in.extend(_heard(work, [one for one in believed if _is_told_on(one[1])]))
    return arrived


def _open_peer(work: Work, name: str) -> states.Peer:
    peer = work.peers.get(name)
    if peer is None or peer.state not in OPEN:
        raise NotToBeHeard(f"{name} is {peer.state if peer else 'no peer'}")
    return peer


def _believed(work: Work, peer: states.Peer, crossing: Crossing) -> Said:
    """The fact, if it is the peer's, may cross and is for us."""
    try:
        public = {peer.key.kid: peer.key.x}
        envelope = opened(crossing.body, work.region, public.get)
        fact = open_fact(envelope, CROSSING)
    except (Forged, Malformed) as error:
        raise NotToBeHeard(f"from {peer.id}: {error}") from error
    if envelope.region != peer.id or fact.state.region != peer.id:  # type: ignore[attr-defined]
        raise NotToBeHeard(f"{peer.id} speaks for {envelope.region}")
    if not sharing.is_public(fact):
        raise NotToBeHeard(f"from {peer.id}: it holds what must stay there")
    if sharing.addressee(fact) not in (None, work.region):
        raise NotToBeHeard(f"from {peer.id}: it is for another region")
    if peer.state != "active" and not isinstance(fact, facts.PeerGreeted):
        raise NotToBeHeard(f"{peer.id} has not greeted yet")
    return envelope, fact


def _is_told_on(fact: Fact) -> bool:
    return not isinstance(fact, facts.PeerGreeted)


def _greeted(work: Work, greeting: states.Greeting) -> Iterator[str]:
    """Who has heard us is active; who has not is greeted in return, and told everything."""
    peer = work.peers.get(greeting.id)
    assert peer is not None
    fact = Peer(peer).connect(work.now) if greeting.heard else None
    if fact is not None:
        work.record(fact)
    if fact is not None or not greeting.heard:
        work.reaches.keep(work.reaches.get(peer.id).fall_behind())
        yield peer.id


def _heard(work: Work, said: Sequence[Said]) -> Iterator[tuple[str, Envelope]]:
    """Subjects of a peer are its own: nobody else's word about them counts, nor its about ours."""
    ids = {one for _, fact in said if isinstance(fact, SHARED) for one in _kin(row_id(fact))}
    ours, known = work.said.many(ids), work.abroad.many(ids)
    rows: dict[str, AbroadRow] = {}
    newest = ChainMap(rows, known)
    for envelope, fact in said:
        subject = row_id(fact)
        before = newest.get(subject)
        if isinstance(fact, SHARED):
            _must_be_its_own(envelope.region, subject, ours, newest)
            if before and before.sequence > envelope.sequence:
                continue
            row = _row(subject, envelope, fact)
            rows[subject] = replace(row, hidden=before.hidden) if before else row
        elif isinstance(fact, events.VisitorRegistrationErased):
            _confirm(work, envelope, fact)
        yield scope_of(fact), envelope
    work.abroad.keep_all([row for row in rows.values() if row != known.get(row.id)])


def _kin(subject: str) -> list[str]:
    """All that may stand under the subject's id."""
    _, _, name = subject.partition("/")
    return [f"{kind}/{name}" for kind in KIN]


def _must_be_its_own(
    peer: str, subject: str, ours: Container[str], known: Mapping[str, AbroadRow]
) -> None:
    """Raise NotToBeHeard for the id of another region's, or of an event that is an innovation."""
    for one in _kin(subject):
        row = known.get(one)
        if one in ours or (row and row.peer != peer):
            raise NotToBeHeard(f"from {peer}: {subject} belongs to another region")
        if row and one != subject and "innovation" in (row.kind, subject.partition("/")[0]):
            raise NotToBeHeard(f"from {peer}: {subject} is {one}")


def _row(id: str, envelope: Envelope, fact: Fact) -> AbroadRow:
    row = AbroadRow(
        id=id,
        peer=envelope.region,
        kind=fact.kind,
        subject=fact.state.id,
        sequence=envelope.sequence,
        scope=scope_of(fact),
        envelope=encode(envelope),
        withdrawn=isinstance(fact, facts.EventWithdrawn),
    )
    if isinstance(fact, events.EventFact):
        return replace(row, title=fact.event.title, starts_at=fact.event.starts_at)
    if isinstance(fact, InnovationFact):
        told, gone = fact.innovation, fact.innovation.withdrawn
        return replace(row, title=told.title, starts_at=told.created_at, withdrawn=gone)
    return row


def _confirm(work: Work, envelope: Envelope, fact: events.VisitorRegistrationErased) -> None:
    """The receipt of an erasure, from whom it was asked of (source: I4)."""
    erasure = work.erasures.get(fact.visitor_registration.id)
    if erasure is None or erasure.state != "asked" or erasure.peer != envelope.region:
        return
    if not fact.visitor_registration.erased:
        return
    said = {"state": "confirmed", "confirmed_at": work.now, "receipt": envelope.sequence}
    work.record(facts.ErasureConfirmed(erasure=moved(erasure, work.now, **said)))
