"""What waits to be handed to a provider: one row per message, a single notice or a digest."""

from dataclasses import dataclass, replace

from services.notifications.model.rendering import Letter

HANDING_OVER_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Item:
    """A row of the ledger and its notice."""

    delivery_id: str
    notice_id: str


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message; while `handing_over` it may have gone, until its lease ends: then nobody knows."""

    id: str
    channel: str
    member_id: str
    category: str
    due_at: str
    items: tuple[Item, ...]
    urgent: bool = False
    digest: bool = False
    attempts: int = 0
    handing_over: bool = False
    leased_until: str | None = None

    def held(self, until: str) -> "Outgoing":
        """While somebody hands it over."""
        return replace(self, handing_over=True, leased_until=until)

    def waiting(self, due_at: str, attempts: int) -> "Outgoing":
        """Back in line."""
        return replace(
            self, handing_over=False, leased_until=None, due_at=due_at, attempts=attempts
        )


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A message ready to be handed over; `address` never leaves the process but to the provider."""

    id: str
    channel: str
    address: str
    secret: str | None
    letter: Letter
    written_at: str
    unsubscribe: str | None
    link: str | None
    kind: str
    attempts: int = 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a parcel: sent, failed, unknown, again (counted) or back (not tried)."""

    id: str
    what: str
    reason: str = ""
    receipt: str | None = None
    wait_seconds: float | None = None
