"""Aggregates as they lie in their collections; only `Work.record` writes them."""

from collections.abc import Iterable
from typing import Any

from chassis.shelf import MongoAggregates
from contracts.notifications import states
from services.notifications.model.kinds import MESSAGE
from services.notifications.model.notice import ERASED


class MongoNotices(MongoAggregates[states.Notice]):
    """All notices."""

    cls = states.Notice

    def many(self, ids: Iterable[str]) -> list[states.Notice]:
        """Those with one of the ids; one query."""
        return self.some({"_id": {"$in": list(ids)}})

    def posted(self, ids: Iterable[str]) -> set[str]:
        """Which of the ids are taken; one query that reads no document."""
        found = self.collection.find({"_id": {"$in": list(ids)}}, projection={"_id": 1})
        return {document["_id"] for document in found}

    def of_member(self, member_id: str, limit: int) -> list[states.Notice]:
        """Some of a member's that are not erased."""
        return self.some({"member_id": member_id, "body": {"$ne": ERASED}}, limit=limit)

    def has_written(self, sender_id: str, member_id: str) -> bool:
        """Whether the sender has written a message to the member."""
        return bool(self.some({**_written_by(sender_id), "member_id": member_id}, limit=1))

    def written_since(self, sender_id: str, since: str) -> list[states.Notice]:
        """A sender's messages since the instant, oldest first."""
        wanted = {**_written_by(sender_id), "created_at": {"$gt": since}}
        return self.some(wanted, sort=[("created_at", 1)])


def _written_by(sender_id: str) -> dict[str, Any]:
    return {"kind": MESSAGE, "about_id": sender_id}


class MongoDeliveries(MongoAggregates[states.Delivery]):
    """The ledger."""

    cls = states.Delivery

    def many(self, ids: Iterable[str]) -> list[states.Delivery]:
        """Those with one of the ids; one query."""
        return self.some({"_id": {"$in": list(ids)}})

    def of_notices(self, ids: Iterable[str]) -> list[states.Delivery]:
        """Those of the notices; one query."""
        return self.some({"notice_id": {"$in": list(ids)}})


class MongoPreferences(MongoAggregates[states.Preferences]):
    """The wishes of all members who said any."""

    cls = states.Preferences

    def many(self, ids: Iterable[str]) -> list[states.Preferences]:
        """Those of the members; one query."""
        return self.some({"_id": {"$in": list(ids)}})


class MongoAnnouncements(MongoAggregates[states.Announcement]):
    """All announcements."""

    cls = states.Announcement

    def made_since(self, sender_id: str, since: str) -> list[states.Announcement]:
        """A sender's since the instant, oldest first."""
        wanted = {"sent_by": sender_id, "created_at": {"$gt": since}}
        return self.some(wanted, sort=[("created_at", 1)])
