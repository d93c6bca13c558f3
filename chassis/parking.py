"""Parked facts: what could not be heard, with its reason, until an operator replays or drops it.

They are kept in the hearer's own database: found by id, safe from queue limits. A hearer that
speaks says what it parks, so that one list shows all of them.
"""

from base64 import urlsafe_b64decode
from functools import partial
from typing import Any

import orjson

from chassis import clock
from chassis.answer import Answer
from chassis.broker import Message, Publisher
from chassis.errors import Refusal
from chassis.intake import ORIGIN, Delivery
from contracts.codec import decode, encode
from contracts.envelope import CONTENT_TYPE, seal
from contracts.fact import Fact
from contracts.operations import (
    PARKED_UNKNOWN,
    DropParked,
    FactParked,
    FactUnparked,
    Parked,
    ParkedRestated,
    Unparking,
)

Document = dict[str, Any]

MOST_KEPT_BYTES = 8 * 1024 * 1024  # a document holds 16 MiB; no fact of ours comes near


class ParkedUnknown(Refusal):
    """Nothing is parked under this id."""

    refusal = PARKED_UNKNOWN


def park(desk: Any, queue: str, delivery: Delivery, reason: str, attempts: int) -> None:
    """Keep a delivery with its reason, and say so in the same transaction."""
    hearer, now = queue.rpartition(".")[2], clock.now()
    name, subject = _told(delivery)
    parked = Parked(
        id=f"{clock.new_id()}.{hearer}",
        version=1,
        region=desk.settings.region,
        created_at=now,
        updated_at=now,
        hearer=hearer,
        fact=name,
        subject=subject,
        reason=_storable(reason)[:2000],
        attempts=attempts,
    )
    row = {
        "_id": parked.id,
        "parked": encode(parked),
        "queue": queue,
        "origin": _storable(delivery.origin),
    }
    desk.sweep(partial(_keep, desk, {**row, "body": delivery.body[:MOST_KEPT_BYTES]}, parked))


def _storable(text: str) -> str:
    """The text with lone surrogates written out: no document holds them as they are."""
    return text.encode("utf-8", "backslashreplace").decode()


def _keep(desk: Any, row: Document, parked: Parked, work: Any) -> None:
    work.collection("parked").insert_one(row)
    _say(desk, work, FactParked(parked=parked))


def _say(desk: Any, work: Any, fact: Fact) -> None:
    """Record a fact about what is kept here; who has no relay keeps quiet."""
    if desk.speaks:
        sealed = seal(fact, id=clock.new_id(), region=work.region, time=work.now)
        work.recorded.append(sealed)


def _told(delivery: Delivery) -> tuple[str, str]:
    """What the body says of itself, as far as it can be read."""
    try:
        raw = orjson.loads(_unverified(delivery.body))
        return str(raw["type"])[:200], str(raw["subject"])[:200]
    except (ValueError, KeyError, TypeError):
        return "unreadable", ""


def _unverified(body: bytes) -> bytes:
    """The JSON that a body holds, signed or not; also what was not believed is looked at."""
    parts = body.split(b".")
    if body[:1] == b"{" or len(parts) != 3:
        return body
    return urlsafe_b64decode(parts[1] + b"=" * (-len(parts[1]) % 4))


def unpark(desk: Any, command: Unparking) -> Answer:
    """Replay or drop a parked fact; raises ParkedUnknown.

    For a replay it leaves the parking only after its queue has it; hearing twice has one effect.
    """
    row = desk.database["parked"].find_one({"_id": command.id})
    if row is None:
        raise ParkedUnknown(f"nothing is parked as {command.id}")
    dropped = isinstance(command, DropParked)
    if not dropped:
        _publish(desk.settings.amqp_uri, row)
    after = decode(Parked, row["parked"] | {"state": "dropped" if dropped else "replayed"})
    facts = desk.sweep(partial(_release, desk, after))
    return Answer(result={"accepted": True}, facts=facts)


def _publish(amqp_uri: str, row: Document) -> None:
    publisher = Publisher(amqp_uri)
    try:
        publisher.deliver(
            Message(
                exchange="",
                routing_key=row["queue"],
                body=bytes(row["body"]),
                content_type=CONTENT_TYPE,
                headers={ORIGIN: row["origin"]} if row.get("origin") else {},
            )
        )
    finally:
        publisher.close()


def _release(desk: Any, parked: Parked, work: Any) -> list[Document]:
    """The facts that say that it is no longer kept."""
    work.collection("parked").delete_many({"_id": parked.id})
    moved = encode(parked) | {"version": parked.version + 1, "updated_at": work.now}
    _say(desk, work, FactUnparked(parked=decode(Parked, moved)))
    return [encode(envelope) for envelope in work.recorded]


def restate_parked(desk: Any) -> int:
    """Say again what is still parked here; gives how many."""
    return int(desk.restate("parked", _restated))


def _restated(row: Document) -> Fact:
    return ParkedRestated(parked=decode(Parked, row["parked"]))
