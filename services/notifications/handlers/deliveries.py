"""Deliveries: taken, handed over by a sender, noted; what failed goes over the next channel."""

from collections.abc import Iterable, Sequence
from typing import Any

from chassis import clock
from contracts.fact import Fact
from contracts.notifications import commands, states
from services.notifications.errors import (
    DeliveryStateForbids,
    DeliveryUnknown,
    Forbidden,
    RequeueUnconfirmed,
)
from services.notifications.handlers import packing
from services.notifications.handlers.queueing import outgoing, queued, recipients
from services.notifications.handlers.who import authority
from services.notifications.model.delivery import (
    MOST_ATTEMPTS,
    NO_ANSWER,
    Delivery,
    backoff_seconds,
)
from services.notifications.model.notice import ERASED
from services.notifications.model.outgoing import HANDING_OVER_SECONDS, Outcome, Outgoing, Parcel
from services.notifications.model.ports import Work
from services.notifications.model.stores import Receipt

ARRIVED = ("sent", "queued", "unknown")
BATCH = 50


def take(work: Work, channel: str, limit: int) -> tuple[list[Parcel], int]:
    """Messages to hand over now, and how many rows were looked at.

    From here on each of them may have gone; who dies before `note` leaves them unknown.
    """
    rows = work.outgoing.due(channel, work.now, limit)
    packed = packing.pack(work, rows)
    until = clock.later(clock.real(), HANDING_OVER_SECONDS)
    held = [row.held(until) for row in rows if row.id in packed.parcels]
    work.outgoing.put([*held, *packed.resting])
    _give_up(work, packed.hopeless)
    return list(packed.parcels.values()), len(rows)


def note(work: Work, outcomes: Sequence[Outcome]) -> None:
    """What became of them; rows that are no longer ours to note are left alone."""
    told = {outcome.id: outcome for outcome in outcomes}
    rows = [row for row in work.outgoing.many(told) if row.handing_over]
    known = _ledger(work, rows)
    noted = _Noted(work)
    for row in rows:
        states_of_row = [known[i.delivery_id] for i in row.items if i.delivery_id in known]
        noted.add(row, states_of_row, told[row.id])
    noted.write()


def abandoned(work: Work) -> int:
    """Messages whose sender died while handing them over: nobody knows (source: H6)."""
    rows = work.outgoing.abandoned(clock.real(), BATCH)
    note(work, [Outcome(id=row.id, what="unknown", reason=NO_ANSWER) for row in rows])
    return len(rows)


def ages(work: Work) -> dict[str, tuple[int, str]]:
    """How many messages wait per channel, and since when the oldest is due."""
    return work.outgoing.ages()


class _Noted:
    """What one round of outcomes changes."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.facts: list[Fact] = []
        self.failed: list[tuple[Outgoing, list[states.Delivery]]] = []
        self.gone: list[str] = []
        self.kept: list[Outgoing] = []
        self.receipts: list[Receipt] = []

    def add(self, row: Outgoing, deliveries: list[states.Delivery], outcome: Outcome) -> None:
        """One message's outcome."""
        attempts = row.attempts + (outcome.what != "back")
        what = outcome.what
        if what == "again" and attempts >= MOST_ATTEMPTS:
            what = "failed"
        if what in ("again", "back"):
            self._back(row, deliveries, outcome, attempts)
            return
        self.gone.append(row.id)
        changed = [getattr(Delivery(d), what)(self.work.now, outcome.reason) for d in deliveries]
        self.facts += changed
        if what == "failed":
            self.failed.append((row, [fact.delivery for fact in changed]))
        if outcome.receipt:
            self._remember(row, outcome.receipt)

    def _back(
        self, row: Outgoing, deliveries: list[states.Delivery], outcome: Outcome, attempts: int
    ) -> None:
        counted = outcome.what == "again"
        wait = outcome.wait_seconds
        if wait is None:
            wait = backoff_seconds(attempts) if counted else 0
        due = clock.later(self.work.now, wait)
        self.kept.append(row.waiting(due, attempts))
        if counted:
            now, reason = self.work.now, outcome.reason
            self.facts += [Delivery(d).again(now, due, reason) for d in deliveries]

    def _remember(self, row: Outgoing, receipt: str) -> None:
        ids = tuple(item.delivery_id for item in row.items)
        self.receipts.append(
            Receipt(id=f"{row.channel}:{receipt}", outgoing_id=row.id, deliveries=ids)
        )

    def write(self) -> None:
        """Everything in few round trips, then the next channels of what failed."""
        self.work.record_many(self.facts)
        self.work.outgoing.put(self.kept)
        self.work.outgoing.remove(self.gone)
        self.work.receipts.add(self.receipts)
        for row, deliveries in self.failed:
            fall_back(self.work, deliveries, digest=row.digest)


def _give_up(work: Work, hopeless: Iterable[tuple[Outgoing, str]]) -> None:
    """Messages that cannot be handed over at all: their ledger rows fail untried."""
    for row, reason in hopeless:
        work.outgoing.remove([row.id])
        found = _ledger(work, [row]).values()
        changed = [Delivery(state).given_up(work.now, reason) for state in found]
        work.record_many(changed)
        fall_back(work, [fact.delivery for fact in changed], digest=row.digest)


def fall_back(work: Work, failed: Sequence[states.Delivery], *, digest: bool) -> None:
    """Queue the next channel of each, unless another copy arrived or still may (source: H1)."""
    notices = {n.id: n for n in work.notices.many([d.notice_id for d in failed])}
    copies: dict[str, list[states.Delivery]] = {}
    for copy in work.deliveries.of_notices(notices):
        copies.setdefault(copy.notice_id, []).append(copy)
    people = recipients(work, {d.member_id for d in failed})
    rows = []
    for delivery in failed:
        notice, others = notices.get(delivery.notice_id), copies.get(delivery.notice_id, [])
        to = people.get(delivery.member_id)
        if notice is None or to is None or any(copy.state in ARRIVED for copy in others):
            continue
        tried = {delivery.channel, *(copy.channel for copy in others)}
        more: dict[str, Any] = {"sender_id": delivery.sender_id, "area": delivery.area}
        row = queued(work, notice, to, tried=tried, digest_now=digest, **more)
        rows += [row] if row else []
    work.record_many([fact for fact, _ in rows])
    work.outgoing.add([row for _, row in rows])


def requeue_delivery(work: Work, command: commands.RequeueDelivery) -> states.Delivery:
    """A coordinator or the operator has it sent again (source: H6).

    Raises RequeueUnconfirmed when it, or another copy of the notice, may have arrived.
    """
    who = authority(work)
    delivery = work.deliveries.get(command.delivery_id)
    if delivery is None:
        raise DeliveryUnknown(f"there is no delivery {command.delivery_id}")
    own = delivery.sender_id == who.member.id
    if not (own or who.is_operator or who.may_coordinate(delivery.area)):
        raise Forbidden("the operator or a coordinator of the area does this")
    delivery = work.to_change(delivery)
    fact = Delivery(delivery).requeue(work.now)
    notice = work.notices.get(delivery.notice_id)
    if notice is None or notice.body == ERASED:
        raise DeliveryStateForbids("the member left", allowed=())
    copies = work.deliveries.of_notices([delivery.notice_id])
    others = any(copy.state in ARRIVED for copy in copies if copy.id != delivery.id)
    if (others or delivery.state == "unknown") and not command.confirm:
        raise RequeueUnconfirmed("set confirm to send it all the same", pointer="/confirm")
    state: states.Delivery = work.record(fact)
    row = outgoing(state, notice, work.now)
    work.outgoing.put([Outgoing(**{**vars(row), "urgent": True})])
    return state


def _ledger(work: Work, rows: Iterable[Outgoing]) -> dict[str, states.Delivery]:
    """The queued ledger rows of the messages, by id."""
    ids = [item.delivery_id for row in rows for item in row.items]
    return {state.id: state for state in work.deliveries.many(ids) if state.state == "queued"}
