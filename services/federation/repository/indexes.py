"""Indexes."""

from pymongo import ASCENDING, IndexModel


def _on(*keys: str, only: dict[str, object] | None = None) -> IndexModel:
    narrowed = {"partialFilterExpression": only} if only else {}
    return IndexModel([(key, ASCENDING) for key in keys], **narrowed)


INDEXES: dict[str, list[IndexModel]] = {
    "said": [_on("to", "_id", only={"told": True})],
    "abroad": [_on("kind", "_id"), _on("peer", "hidden")],
    "hidden_item": [_on("peer", "hidden")],
}
