"""The delivery ledger: one row per notice and channel; sent, failed, or nobody knows (H6)."""

from typing import Any

from chassis.aggregate import begun, moved
from contracts.notifications import facts, states
from services.notifications.errors import DeliveryStateForbids
from services.notifications.model.telling import delivery_id

BACKOFF_SECONDS = (30.0, 120.0, 600.0, 3600.0)
MOST_ATTEMPTS = 6
LONGEST_REASON = 300
LEFT = "the member left"
NO_ADDRESS = "no address any more"
NO_ANSWER = "handed over, but nobody answered"


def backoff_seconds(attempts: int) -> float:
    """How long to wait after that many attempts."""
    return BACKOFF_SECONDS[min(attempts, len(BACKOFF_SECONDS)) - 1]


def queue(
    notice: states.Notice, channel: str, now: str, *, due_at: str, **more: Any
) -> facts.DeliveryQueued:
    """A notice waits to go over a channel."""
    return facts.DeliveryQueued(
        delivery=states.Delivery(
            **begun(delivery_id(notice.id, channel), notice.region, now),
            notice_id=notice.id,
            kind=notice.kind,
            member_id=notice.member_id,
            channel=channel,
            state="queued",
            fact_id=notice.fact_id,
            due_at=due_at,
            **more,
        )
    )


class Delivery:
    """One row and what may become of it."""

    def __init__(self, state: states.Delivery) -> None:
        self.state = state

    def sent(self, now: str, reason: str | None) -> facts.DeliveryChanged:
        """The provider has taken it."""
        return self._tried(now, state="sent", sent_at=now, due_at=None, reason=_line(reason))

    def failed(self, now: str, reason: str) -> facts.DeliveryChanged:
        """It does not go over this channel."""
        return self._tried(now, state="failed", due_at=None, reason=_line(reason))

    def refused_later(self, now: str, reason: str) -> facts.DeliveryChanged:
        """The provider had taken it and says now that it did not arrive."""
        return self._moved(now, state="failed", sent_at=None, reason=_line(reason))

    def unknown(self, now: str, reason: str) -> facts.DeliveryChanged:
        """It was handed over and nobody knows whether it arrived: only a person sends it again."""
        return self._tried(now, state="unknown", due_at=None, reason=_line(reason))

    def again(self, now: str, due_at: str, reason: str) -> facts.DeliveryChanged:
        """It surely did not go and is tried again."""
        return self._tried(now, due_at=due_at, reason=_line(reason))

    def given_up(self, now: str, reason: str) -> facts.DeliveryChanged:
        """It was not tried, and will not be."""
        return self._moved(now, state="failed", due_at=None, reason=_line(reason))

    def requeue(self, now: str) -> facts.DeliveryChanged:
        """A person wants it sent again; raises DeliveryStateForbids."""
        if self.state.state not in ("failed", "unknown"):
            raise DeliveryStateForbids(f"the delivery is {self.state.state}", allowed=())
        return self._moved(now, state="queued", due_at=now, reason=None, digest=False)

    def _tried(self, now: str, **changes: Any) -> facts.DeliveryChanged:
        return self._moved(now, attempts=self.state.attempts + 1, **changes)

    def _moved(self, now: str, **changes: Any) -> facts.DeliveryChanged:
        return facts.DeliveryChanged(delivery=moved(self.state, now, **changes))


def _line(reason: str | None) -> str | None:
    return " ".join(reason.split())[:LONGEST_REASON] if reason else None
