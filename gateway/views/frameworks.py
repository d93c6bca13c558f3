"""View `frameworks`: the published competency frameworks."""

import orjson
from pymongo import IndexModel

from contracts.codec import encode
from contracts.members.states import Framework
from gateway.views.change import Change

NAME = "frameworks"
KINDS = ("framework",)
INDEXES = [IndexModel([("updated_at", 1), ("_id", 1)])]


def fold(framework: Framework) -> list[Change]:
    """The framework's document."""
    fields = {
        "version": framework.version,
        "updated_at": framework.updated_at,
        "body": orjson.dumps(encode(framework)),
    }
    seq = framework.version
    return [Change(view=NAME, id=framework.id, part="framework", sequence=seq, fields=fields)]
