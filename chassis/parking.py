"""Parked facts: what could not be heard, with its reason, until an operator replays or drops it.

They are kept in the hearer's own database: listed by page, found by id, safe from queue limits.
"""

from typing import Any

import orjson
from pymongo.database import Database

from chassis import clock
from chassis.broker import Message, Publisher
from chassis.intake import Delivery

Document = dict[str, Any]

MOST_KEPT_BYTES = 8 * 1024 * 1024  # a document holds 16 MiB; no fact of ours comes near


def park(
    database: "Database[Document]", queue: str, delivery: Delivery, reason: str, attempts: int
) -> None:
    """Keep a delivery with its reason."""
    name, subject = _told(delivery)
    database["parked"].insert_one(
        {
            "_id": clock.new_id(),
            "hearer": queue,
            "fact": name,
            "subject": subject,
            "reason": reason[:2000],
            "attempts": attempts,
            "body": delivery.body[:MOST_KEPT_BYTES],
            "at": clock.now(),
        }
    )


def _told(delivery: Delivery) -> tuple[str, str]:
    """What the body says of itself, as far as it can be read."""
    try:
        raw = orjson.loads(delivery.body)
        return str(raw["type"])[:200], str(raw["subject"])[:200]
    except (ValueError, KeyError, TypeError):
        return "unreadable", ""


def parked_page(database: "Database[Document]", after: str = "", limit: int = 50) -> list[Document]:
    """Parked facts in order of arrival, without their bodies."""
    found = database["parked"].find({"_id": {"$gt": after}}, {"body": 0}).sort("_id", 1)
    return list(found.limit(limit))


def replay(database: "Database[Document]", publisher: Publisher, parked_id: str) -> bool:
    """Put a parked fact back into its hearer's queue; False when there is none.

    It leaves the parking only after its queue has it; hearing twice has one effect.
    """
    row = database["parked"].find_one({"_id": parked_id})
    if row is None:
        return False
    publisher.deliver(Message(exchange="", routing_key=row["hearer"], body=bytes(row["body"])))
    drop(database, parked_id)
    return True


def drop(database: "Database[Document]", parked_id: str) -> bool:
    """Forget a parked fact for good; False when there is none."""
    return database["parked"].delete_one({"_id": parked_id}).deleted_count == 1
