"""What the service keeps for itself: what waits, where channels reach people; never said."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import InsertOne, ReplaceOne, UpdateOne

from chassis import clock
from chassis.shelf import MongoRows
from chassis.work import Bound
from contracts.codec import encode
from services.notifications.model.outgoing import Outgoing
from services.notifications.model.reminders import Reminder
from services.notifications.model.stores import Contact, Linking, Receipt
from services.notifications.model.telling import Telling

WEEK = timedelta(days=7)


class MongoTellings(MongoRows[Telling]):
    """People who wait to be told."""

    cls = Telling

    def add(self, telling: Telling) -> None:
        """Keep one."""
        self.keep(telling.id, telling)

    put = add

    def get(self, id: str) -> Telling | None:
        """One by id."""
        return self.one(id)

    def due(self, now: str, limit: int) -> list[Telling]:
        """Some that may be told now, oldest first."""
        return self.some({"due_at": {"$lte": now}}, sort=[("due_at", 1)], limit=limit)

    def remove(self, id: str) -> None:
        """All were told."""
        self.drop([id])


class MongoOutgoing(MongoRows[Outgoing]):
    """Messages that wait for a provider."""

    cls = Outgoing

    def add(self, rows: Sequence[Outgoing]) -> None:
        """Queue some; the items of a digest that waits already join it; one write."""
        if rows:
            self.collection.write([_joined(row) if row.digest else _new(row) for row in rows])

    def many(self, ids: Iterable[str]) -> list[Outgoing]:
        """Those with one of the ids; one query."""
        return self.some({"_id": {"$in": list(ids)}})

    def due(self, channel: str, now: str, limit: int) -> list[Outgoing]:
        """Some that may go now, oldest first."""
        wanted = {"channel": channel, "handing_over": False, "due_at": {"$lte": now}}
        return self.some(wanted, sort=[("due_at", 1)], limit=limit)

    def abandoned(self, now: str, limit: int) -> list[Outgoing]:
        """Some whose lease ended while they were handed over."""
        return self.some({"handing_over": True, "leased_until": {"$lt": now}}, limit=limit)

    def of_member(self, member_id: str) -> list[Outgoing]:
        """A member's."""
        return self.some({"member_id": member_id})

    def put(self, rows: Sequence[Outgoing]) -> None:
        """Keep them as they are now; one write."""
        if rows:
            self.collection.write(
                [
                    ReplaceOne({"_id": row.id}, {"_id": row.id, **encode(row)}, upsert=True)
                    for row in rows
                ]
            )

    def remove(self, ids: Iterable[str]) -> None:
        """Forget some."""
        self.drop(ids)

    def ages(self) -> dict[str, tuple[int, str]]:
        """How many wait per channel, and since when the oldest is due."""
        found: dict[str, tuple[int, str]] = {}
        for row in self.collection.find({}, projection={"channel": 1, "due_at": 1}):
            count, oldest = found.get(row["channel"], (0, row["due_at"]))
            found[row["channel"]] = (count + 1, min(oldest, row["due_at"]))
        return found


def _new(row: Outgoing) -> InsertOne[dict[str, Any]]:
    return InsertOne({"_id": row.id, **encode(row)})


def _joined(row: Outgoing) -> UpdateOne:
    """The digest with the items in it; a digest that is being handed over takes no more."""
    fields = encode(row)
    items = fields.pop("items")
    return UpdateOne(
        {"_id": row.id, "handing_over": fields.pop("handing_over")},
        {"$push": {"items": {"$each": items}}, "$setOnInsert": fields},
        upsert=True,
    )


class MongoReminders(MongoRows[Reminder]):
    """What falls due."""

    cls = Reminder

    def replace(self, subject: str, rows: Sequence[Reminder]) -> None:
        """The subject's reminders are these from now on."""
        self.collection.delete_many({"subject": subject})
        self.collection.insert_many([{"_id": row.id, **encode(row)} for row in rows])

    def due(self, now: str, limit: int) -> list[Reminder]:
        """Some that are due, oldest first."""
        return self.some({"due_at": {"$lte": now}}, sort=[("due_at", 1)], limit=limit)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget some."""
        self.drop(ids)


class MongoContacts(MongoRows[Contact]):
    """Where channels reach people."""

    cls = Contact

    def many(self, ids: Iterable[str]) -> list[Contact]:
        """Those with one of the ids; one query."""
        return self.some({"_id": {"$in": list(ids)}})

    def put(self, contact: Contact) -> None:
        """Keep one as it is now."""
        self.keep(contact.id, contact)

    def remove(self, member_id: str, channel: str) -> None:
        """Forget one."""
        self.drop([f"{member_id}:{channel}"])

    def remove_all(self, member_id: str) -> None:
        """Forget a member's."""
        self.collection.delete_many({"member_id": member_id})


class MongoLinkings(MongoRows[Linking]):
    """Codes that connect a channel."""

    cls = Linking

    def get(self, digest: str) -> Linking | None:
        """One by the digest of its code."""
        return self.one(digest)

    def put(self, linking: Linking) -> None:
        """Keep one until it expires."""
        self.keep(linking.digest, linking, clock.moment(linking.expires_at))

    def remove(self, digest: str) -> None:
        """It was used."""
        self.drop([digest])


class MongoReceipts(MongoRows[Receipt]):
    """Providers' names for messages."""

    cls = Receipt

    def get(self, id: str) -> Receipt | None:
        """One by `<channel>:<name>`."""
        return self.one(id)

    def add(self, receipts: Sequence[Receipt]) -> None:
        """Keep some for a week; one write."""
        until = datetime.now(UTC) + WEEK
        if rows := [{"_id": r.id, **encode(r), "purge_at": until} for r in receipts]:
            self.collection.write(
                [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows]
            )


class MongoAnnounced:
    """Time and place of events as people were told."""

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def get(self, event_id: str) -> dict[str, Any] | None:
        """Of one event."""
        document = self.collection.find_one({"_id": event_id})
        return None if document is None else document["told"]

    def put(self, event_id: str, told: dict[str, Any]) -> None:
        """People were told this."""
        self.collection.replace_one({"_id": event_id}, {"_id": event_id, "told": told}, upsert=True)


class MongoLeaving:
    """Members whose notices are still to be erased."""

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def add(self, member_id: str) -> None:
        """One more."""
        self.collection.replace_one({"_id": member_id}, {"_id": member_id}, upsert=True)

    def some(self, limit: int) -> list[str]:
        """Some of them."""
        return [document["_id"] for document in self.collection.find({}, limit=limit)]

    def remove(self, member_id: str) -> None:
        """All of his are erased."""
        self.collection.delete_many({"_id": member_id})


class MongoMarks:
    """What must happen once, and what must not happen side by side."""

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def first(self, id: str) -> bool:
        """Whether nobody marked this before; kept for a week."""
        if self.collection.find_one({"_id": id}) is not None:
            return False
        self.collection.insert_one({"_id": id, "purge_at": datetime.now(UTC) + WEEK})
        return True

    def one_at_a_time(self, name: str) -> None:
        """Write one document, so that two such transactions conflict and the later one repeats."""
        self.collection.update_one({"_id": name}, {"$inc": {"taken": 1}}, upsert=True)

    def secret(self) -> str:
        """The secret that signs one-tap links; made at the first use."""
        document = self.collection.find_one({"_id": "secret"})
        if document is None:
            document = {"_id": "secret", "value": secrets.token_urlsafe(32)}
            self.collection.insert_one(document)
        return str(document["value"])
