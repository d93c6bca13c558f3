"""View `unheard`: facts that a service could not hear and keeps until an operator decides.

It is not rebuilt: every service says again by itself what it keeps. What was replayed or dropped is
remembered for two days, so that a late word of its parking changes nothing.
"""

from datetime import datetime, timedelta

from pymongo import IndexModel

from contracts.codec import encode
from contracts.operations import Parked
from gateway.views.change import Change

NAME = "unheard"
KINDS = ("parked",)
KEPT = timedelta(days=2)
INDEXES = [
    IndexModel([("waiting", 1), ("_id", 1)]),
    IndexModel("expires_at", expireAfterSeconds=0),
]


def fold(parked: Parked) -> list[Change]:
    """The parked fact's document."""
    waiting = parked.state == "waiting"
    ended = None if waiting else datetime.fromisoformat(parked.updated_at) + KEPT
    fields = {"parked": encode(parked), "waiting": waiting, "expires_at": ended}
    return [Change(view=NAME, id=parked.id, part="parked", sequence=parked.version, fields=fields)]
