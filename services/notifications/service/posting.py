"""Handing over: each channel has its line of few workers, a circuit, and a pause when asked to."""

import re
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any

import eventlet
from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider
from prometheus_client import Counter

from chassis.circuit import Circuit
from chassis.errors import Outage, Refusal
from chassis.log import get_logger
from services.notifications.handlers import deliveries
from services.notifications.model.outgoing import HANDING_OVER_SECONDS, Outcome, Parcel
from services.notifications.senders import (
    Away,
    Busy,
    Doubtful,
    Refused,
    Rejected,
    Send,
    Sender,
)
from services.notifications.senders.chosen import senders_of

log = get_logger()

HANDED_OVER = Counter(
    "jejaring_deliveries_total", "Messages handed over, by outcome", ["channel", "outcome"]
)
AT_ONCE = 4
CIRCUIT_SECONDS = 30.0
NOTE_PAUSE_SECONDS = 1.0
LATE_SECONDS = 900.0


def discreet(outcome: Outcome, parcel: Parcel) -> Outcome:
    """The outcome without the address, which servers like to say again: the ledger outlives it."""
    told = re.sub(re.escape(parcel.address), "…", outcome.reason, flags=re.IGNORECASE)
    return replace(outcome, reason=told)


class Line:
    """One channel: takes a group, hands it over, notes what became of it; until nothing is due."""

    def __init__(self, sender: Sender, spawn: Callable[..., Any]) -> None:
        self.sender, self._spawn = sender, spawn
        self.circuit = Circuit(open_seconds=CIRCUIT_SECONDS)
        self.paused_until = 0.0
        self.running, self.again, self.stopping = 0, False, False
        self._taking = Semaphore(1)

    def kick(self, desk: Any) -> None:
        """Something may be due; whoever works already looks once more."""
        self.again = True
        if not self.running:
            self._add_worker(desk)

    def _add_worker(self, desk: Any) -> None:
        if self.running < AT_ONCE and not self.stopping:
            self.running += 1
            self._spawn(partial(self._worker, desk))

    def _worker(self, desk: Any) -> None:
        try:
            with ExitStack() as session:
                self._work(desk, session)
        except (Outage, Refusal) as error:
            log.warning("deliveries wait", channel=self.sender.channel, error=repr(error))
        finally:
            self.running -= 1

    def _work(self, desk: Any, session: ExitStack) -> None:
        send: Send | None = None
        while not self.stopping and self._is_open():
            self.again = False
            taken, seen = self._take(desk)
            if not taken:
                self.circuit.left()
            is_full = seen == self.sender.group
            if is_full:
                self._add_worker(desk)
            if taken:
                send = self._hand_over(desk, session, send, taken)
            is_broken = bool(taken) and send is None
            if not (is_full or is_broken or self.again):
                return

    def _take(self, desk: Any) -> tuple[list[Parcel], int]:
        take = partial(deliveries.take, channel=self.sender.channel, limit=self.sender.group)
        with self._taking:
            found: tuple[list[Parcel], int] = desk.sweep(take)
        return found

    def _hand_over(
        self, desk: Any, session: ExitStack, send: Send | None, taken: list[Parcel]
    ) -> Send | None:
        """The session for the next group; None when it has to be opened again."""
        outcomes: list[Outcome] = []
        try:
            if send is None:
                send = session.enter_context(self.sender.opened())
            for parcel in taken:
                outcomes += [self._one(send, parcel)]
            self.circuit.answered()
        except (Away, Busy, Doubtful) as error:
            outcomes.append(self._broken(taken[len(outcomes)].id, error))
            session.close()
            send = None
        rest = taken[len(outcomes) :]
        outcomes += [Outcome(id=parcel.id, what="back") for parcel in rest]
        self._note(desk, [discreet(*pair) for pair in zip(outcomes, taken, strict=True)])
        return send

    def _one(self, send: Send, parcel: Parcel) -> Outcome:
        """A message that the provider answered for."""
        try:
            receipt = send(parcel)
        except (Rejected, ValueError, KeyError) as error:  # or an address that cannot be used
            return Outcome(id=parcel.id, what="failed", reason=str(error) or repr(error))
        except Refused as error:
            return Outcome(id=parcel.id, what="again", reason=str(error))
        return Outcome(id=parcel.id, what="sent", reason=receipt or "", receipt=receipt)

    def _broken(self, id: str, error: Exception) -> Outcome:
        """A message that ended the session."""
        if isinstance(error, Busy):
            self.circuit.answered()
            self.paused_until = time.monotonic() + error.retry_after_seconds
            return Outcome(id=id, what="back", wait_seconds=error.retry_after_seconds)
        self.circuit.failed()
        what = "unknown" if isinstance(error, Doubtful) else "again"
        return Outcome(id=id, what=what, reason=str(error))

    def _note(self, desk: Any, outcomes: list[Outcome]) -> None:
        """As long as the lease lasts, so that an outage of the database makes nothing unknown."""
        for outcome in outcomes:
            HANDED_OVER.labels(self.sender.channel, outcome.what).inc()
        until = time.monotonic() + HANDING_OVER_SECONDS / 2
        while True:
            try:
                desk.sweep(partial(deliveries.note, outcomes=outcomes))
            except (Outage, Refusal):
                if time.monotonic() > until:
                    raise
                eventlet.sleep(NOTE_PAUSE_SECONDS)
            else:
                return

    def _is_open(self) -> bool:
        """Whether the provider may be asked: not paused, and its circuit closed or probing."""
        if time.monotonic() < self.paused_until:
            return False
        try:
            self.circuit.enter()
        except Outage:
            return False
        return True


class Posting(DependencyProvider):
    """The lines of this process: they run at a kick."""

    def setup(self) -> None:
        """A line per channel that is set up."""
        senders = senders_of(self.container.config["settings"])
        self.lines = {sender.channel: Line(sender, self._spawn) for sender in senders}
        self.oldest_seconds = 0.0
        self.alarms = {"deliveries_on_time": lambda: self.oldest_seconds < LATE_SECONDS}

    def _spawn(self, work: Callable[[], None]) -> None:
        self.container.spawn_managed_thread(work)

    def get_dependency(self, _: Any) -> "Posting":
        """The posting itself."""
        return self

    def kick(self, desk: Any, channels: Iterable[str] | None = None) -> None:
        """Hand over soon; the caller does not wait. Of all channels unless some are named."""
        for channel in self.lines if channels is None else channels:
            if channel in self.lines:
                self.lines[channel].kick(desk)

    def stop(self) -> None:
        """What is being handed over is noted first; the rest is for the next process."""
        for line in self.lines.values():
            line.stopping = True
        settings = self.container.config["settings"]
        with eventlet.Timeout(settings.drain_seconds, False):
            while any(line.running for line in self.lines.values()):
                eventlet.sleep(0.02)
