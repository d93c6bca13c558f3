"""View `sessions`: those that ended before their access tokens did; forgotten when these expired.

It is a revocation list, not rebuilt: nobody restates what a token's lifetime made pointless.
"""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta

from pymongo import IndexModel

from contracts.members.states import Session
from gateway.views.change import Change

NAME = "sessions"
KINDS = ("session",)
INDEXES = [IndexModel("expires_at", expireAfterSeconds=0)]
LEAST_KEPT = timedelta(hours=2)
LEEWAY = timedelta(minutes=5)


def kept(environ: Mapping[str, str]) -> timedelta:
    """How long a revocation is kept: two hours, or longer where access tokens live longer.

    What is no number is refused by the settings, not here.
    """
    told = environ.get("ACCESS_TOKEN_SECONDS", "")
    seconds = int(told) if told.isdecimal() else 0
    return max(LEAST_KEPT, timedelta(seconds=seconds) + LEEWAY)


KEPT = kept(os.environ)


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
