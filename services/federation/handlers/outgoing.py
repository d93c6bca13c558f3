"""What goes out: of each subject the newest, only what may leave, only to whom it is for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chassis.aggregate import begun
from chassis.signing import SigningSecret
from contracts.codec import decode, encode
from contracts.envelope import Envelope, seal
from contracts.events import facts as events
from contracts.fact import Fact
from contracts.federation import facts, states
from contracts.members.facts import InnovationFact
from services.federation.handlers.identity import key
from services.federation.model import sharing
from services.federation.model.ports import Work
from services.federation.model.rows import SaidRow, row_id

Said = tuple[Envelope, Fact]
Body = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What is to be said to which peers, and with which key it is signed."""

    key: SigningSecret
    bodies: dict[str, list[Envelope]]


def note(work: Work, said: Sequence[Said]) -> Outgoing:
    """Keep what our services said, and give what of it crosses; in any order, as often as it comes.

    What was kept before and is as new is said again: it may not have been said then.
    """
    newest = _newest(said)
    known = work.said.many({one for subject in newest for one in _together(subject)})
    rows: dict[str, SaidRow] = {}
    for subject in sorted(newest, key=lambda one: not one.startswith("event/")):
        rows.update(_rows(work, known | rows, *newest[subject]))
    work.said.keep_all([row for row in rows.values() if row != known.get(row.id)])
    for _, fact in newest.values():
        _ask_to_erase(work, fact)
    return outgoing(work, rows.values())


def outgoing(work: Work, rows: Iterable[SaidRow], only: str | None = None) -> Outgoing:
    """The rows as they are said to each active peer, or to one of them."""
    bodies: dict[str, list[Envelope]] = {}
    active = [one.id for one in work.peers.all() if one.state == "active"]
    for row in rows:
        if not row.told:
            continue
        envelope = decode(Envelope, row.envelope)
        for peer in active:
            if row.to in (None, peer) and only in (None, peer):
                bodies.setdefault(peer, []).append(envelope)
    return Outgoing(key=key(work), bodies=bodies)


def _newest(said: Sequence[Said]) -> dict[str, Said]:
    found: dict[str, Said] = {}
    for envelope, fact in said:
        subject = row_id(fact)
        if subject not in found or found[subject][0].sequence < envelope.sequence:
            found[subject] = (envelope, fact)
    return found


def _together(subject: str) -> tuple[str, ...]:
    """An event and its seats go together; anything else stands alone."""
    kind, _, of = subject.partition("/")
    return (f"event/{of}", f"seats/{of}") if kind in ("event", "seats") else (subject,)


def _rows(
    work: Work, known: dict[str, SaidRow], envelope: Envelope, fact: Fact
) -> dict[str, SaidRow]:
    """The row of a fact, unless a newer one is known; seats are told as long as their event is."""
    subject = row_id(fact)
    before = known.get(subject)
    if before and before.sequence > envelope.sequence:
        return {}
    newer = before is None or before.sequence < envelope.sequence
    row = _row(work, known, envelope, fact) if newer or before is None else before
    rows = {subject: row}
    if isinstance(fact, events.EventFact):
        seats = known.get(f"seats/{fact.event.id}")
        rows |= {seats.id: replace(seats, told=row.shared)} if seats else {}
    return rows


def _row(work: Work, known: dict[str, SaidRow], envelope: Envelope, fact: Fact) -> SaidRow:
    subject = row_id(fact)
    row, before = SaidRow(id=subject, sequence=envelope.sequence), known.get(subject)
    crosses = _told(envelope, sharing.to_say(fact, work.policy.name))
    if isinstance(fact, events.EventFact):
        return _event_row(work, row, before, crosses, fact)
    if isinstance(fact, InnovationFact):
        return _innovation_row(row, before, crosses, fact)
    if isinstance(fact, events.SeatsFact):
        event = known.get(f"event/{fact.seats.id}")
        return replace(row, told=event is not None and event.shared, envelope=crosses)
    return replace(row, to=sharing.addressee(fact), told=True, envelope=crosses)


def _event_row(
    work: Work, row: SaidRow, before: SaidRow | None, crosses: Body, fact: events.EventFact
) -> SaidRow:
    """The event, or to who was told of it that it is withdrawn."""
    if sharing.is_shared(fact.event):
        return replace(row, shared=True, told=True, envelope=crosses)
    if before is None or not before.told:
        return row
    return replace(row, told=True, envelope=_withdrawn(work, decode(Envelope, crosses)))


def _innovation_row(
    row: SaidRow, before: SaidRow | None, crosses: Body, fact: InnovationFact
) -> SaidRow:
    """The innovation, or to who was told of it that it is told no more."""
    shared = sharing.is_told(fact.innovation)
    if not shared and (before is None or not before.told):
        return row
    return replace(row, shared=shared, told=True, envelope=crosses)


def _told(envelope: Envelope, fact: Fact) -> Body:
    """The envelope of the fact as it crosses: the same id, so that it is the same fact for ever."""
    told = seal(fact, id=envelope.id, region=envelope.region, time=envelope.time)
    return dict(encode(told))


def _withdrawn(work: Work, envelope: Envelope) -> Body:
    event_id = envelope.subject.partition("/")[2]
    fresh = begun(event_id, work.region, envelope.time) | {"version": envelope.sequence}
    state = states.Withdrawal(**fresh, event_id=event_id)
    return _told(envelope, facts.EventWithdrawn(withdrawal=state))


def _ask_to_erase(work: Work, fact: Fact) -> None:
    """A name that crossed is to be erased there: the receipt is waited for (source: I4)."""
    if not isinstance(fact, events.AwayRegistrationErased):
        return
    away = fact.away_registration
    if work.erasures.get(away.id) is None:
        state = states.Erasure(
            **begun(away.id, work.region, work.now),
            peer=away.event_region,
            event_id=away.event_id,
            state="asked",
            asked_at=work.now,
        )
        work.record(facts.ErasureAsked(erasure=state))
