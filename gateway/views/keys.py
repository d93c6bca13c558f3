"""View `keys`: public keys of access tokens, and those of tickets, codes and certificates."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import EventKey
from contracts.members.states import SigningKey
from gateway.views.change import Change

NAME = "keys"
KINDS = ("signing_key", "event_key")
INDEXES: list[IndexModel] = []


def fold(key: SigningKey | EventKey) -> list[Change]:
    """The key's document; a ticket's key must never open the house."""
    part = "signing_key" if isinstance(key, SigningKey) else "event_key"
    fields = {"key": encode(key), "opens": part == "signing_key"}
    return [Change(view=NAME, id=key.id, part=part, sequence=key.version, fields=fields)]
