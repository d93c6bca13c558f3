"""View `sessions`: those that ended before their access tokens did; forgotten when these expired.

It is a revocation list, not rebuilt: nobody restates what a token's lifetime made pointless.
"""

from datetime import datetime, timedelta

from pymongo import IndexModel

from contracts.members.states import Session
from gateway.views.change import Change

NAME = "sessions"
KINDS = ("session",)
KEPT = timedelta(hours=2)
INDEXES = [IndexModel("expires_at", expireAfterSeconds=0)]


def fold(session: Session) -> list[Change]:
    """The ended session's document."""
    fields = {
        "ended": session.ended,
        "member_id": session.member_id,
        "expires_at": datetime.fromisoformat(session.updated_at) + KEPT,
    }
    return [
        Change(view=NAME, id=session.id, part="session", sequence=session.version, fields=fields)
    ]
