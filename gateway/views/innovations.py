"""View `innovations`: what members made, here and in other regions, as far as it is told."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.federation.states import HiddenItem
from contracts.members.states import Innovation
from gateway.views import eyes
from gateway.views.change import Change, Document, plain, words

NAME = "innovations"
KINDS = ("innovation", "hidden_item")
FILTERS = ("area", "kind", "region", "status", "versions", "words")
INDEXES = [
    IndexModel([("eyes", 1), ("updated_at", 1), ("_id", 1)]),
    IndexModel([("eyes", 1), ("created_at", 1), ("_id", 1)]),
    IndexModel([("eyes", 1), ("order", 1), ("_id", 1)]),
    IndexModel("made_by"),
    *(IndexModel([(name, 1), ("updated_at", 1), ("_id", 1)]) for name in FILTERS),
]


def fold(state: Innovation | HiddenItem) -> list[Change]:
    """The innovation's part of its document, or whether it is hidden."""
    seq = state.version
    if isinstance(state, Innovation):
        part, fields = "innovation", innovation_fields(state)
    elif state.kind == "innovation":
        part, fields = "hidden_item", {"hidden": state.hidden}
    else:
        return []
    return [Change(view=NAME, id=state.id, part=part, sequence=seq, fields=fields)]


def innovation_fields(state: Innovation) -> Document:
    """What lists look for, and the innovation itself."""
    authors = (author.name for author in state.authors)
    return {
        "version": state.version,
        "eyes": eyes.of_innovation(state),
        "area": state.area,
        "kind": state.kind,
        "region": state.region,
        "status": state.status,
        "versions": versions(state.slims_versions),
        "withdrawn": state.withdrawn,
        "made_by": made_by(state),
        "order": plain(state.title),
        "words": words((state.title, state.summary, *authors)),
        "created_at": state.created_at,
        "updated_at": state.updated_at,
        "innovation": encode(state),
    }


def made_by(state: Innovation) -> list[str]:
    """The members who entered it, or are named as its authors."""
    ids = {state.created_by, *(author.member_id for author in state.authors)}
    return sorted(one for one in ids if one)


def versions(told: tuple[str, ...]) -> list[str]:
    """What it is found by: 9.6.1 is one of 9.6 and of 9 too."""
    parts = (version.split(".") for version in told)
    return sorted({".".join(p[:length]) for p in parts for length in range(1, len(p) + 1)})
