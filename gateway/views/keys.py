"""View `keys`: public keys that access tokens are verified with."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.members.states import SigningKey
from gateway.views.change import Change

NAME = "keys"
KINDS = ("signing_key",)
INDEXES: list[IndexModel] = []


def fold(key: SigningKey) -> list[Change]:
    """The key's document."""
    fields = {"key": encode(key)}
    return [Change(view=NAME, id=key.id, part="signing_key", sequence=key.version, fields=fields)]
