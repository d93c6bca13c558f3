"""Calendar feeds: a token that opens one calendar and nothing else (source: features D13)."""

import secrets
from hashlib import sha256

from chassis.aggregate import begun, moved
from contracts.events import facts, states

TOKEN_BYTES = 24


def new_token() -> str:
    """192 random bits that a calendar program can keep in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def open_feed(
    id: str, region: str, now: str, token: str, member_id: str, scope: str, area: str | None
) -> facts.CalendarFeedOpened:
    """A calendar that the token opens; of the token only its SHA-256 is kept."""
    state = states.CalendarFeed(
        **begun(id, region, now),
        scope=scope,
        member_id=member_id,
        area=area,
        token_digest=sha256(token.encode()).hexdigest(),
    )
    return facts.CalendarFeedOpened(calendar_feed=state)


def revoke(state: states.CalendarFeed, now: str) -> facts.CalendarFeedRevoked | None:
    """The token opens nothing any more; None when it is so already."""
    if state.revoked:
        return None
    return facts.CalendarFeedRevoked(calendar_feed=moved(state, now, revoked=True))
