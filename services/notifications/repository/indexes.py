"""Indexes; no unique one stands for a refusal, for ids are made of what must happen once."""

from pymongo import ASCENDING, IndexModel

from chassis.errors import Refusal
from services.notifications.model.kinds import MESSAGE

UNIQUE: dict[str, type[Refusal]] = {}


def _on(*keys: str) -> IndexModel:
    return IndexModel([(key, ASCENDING) for key in keys])


def _purged() -> IndexModel:
    return IndexModel("purge_at", expireAfterSeconds=0)


INDEXES: dict[str, list[IndexModel]] = {
    "notice": [
        _on("member_id", "created_at"),
        IndexModel(
            [("about_id", ASCENDING), ("created_at", ASCENDING)],
            partialFilterExpression={"kind": MESSAGE},
        ),
    ],
    "delivery": [_on("notice_id")],
    "announcement": [_on("sent_by", "created_at")],
    "telling": [_on("due_at")],
    "outgoing": [
        _on("channel", "handing_over", "due_at"),
        _on("handing_over", "leased_until"),
        _on("member_id"),
    ],
    "reminder": [_on("due_at"), _on("subject")],
    "contact": [_on("member_id")],
    "linking": [_purged()],
    "receipt": [_purged()],
    "mark": [_purged()],
}
