"""View `preferences`: how each member wants to be told."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.notifications.states import Preferences
from gateway.views.change import Change

NAME = "preferences"
KINDS = ("preferences",)
INDEXES: list[IndexModel] = []


def fold(preferences: Preferences) -> list[Change]:
    """The member's document."""
    fields = {
        "version": preferences.version,
        "eyes": [f"member:{preferences.id}"],
        "preferences": encode(preferences),
    }
    seq = preferences.version
    return [Change(view=NAME, id=preferences.id, part="preferences", sequence=seq, fields=fields)]
