"""Two hearers: one by one with an inbox in the transaction, and in batches with one dedupe each."""

# mypy: disallow-untyped-decorators=False

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pymongo.errors import BulkWriteError

from bench.own.words import Said, Told
from chassis.desk import Desk
from chassis.hearing import hears
from chassis.work import Work
from contracts.envelope import Envelope
from contracts.fact import Fact

DATABASE = "bench_hearer"
NOTES = Path(os.environ.get("HEARD_FILE") or os.devnull)


def note(*numbers: float) -> None:
    """One line for the measurement."""
    with NOTES.open("a") as file:
        file.write(" ".join(f"{number:.6f}" for number in numbers) + "\n")


def keep(work: Work, fact: Any) -> None:
    """The effect of one fact."""
    work.collection("effects").insert_one({"_id": fact.note.id, "at": time.time()})


class OneByOne:
    """Hears each fact in a transaction with its inbox mark."""

    name = "bench_one_by_one"
    desk = Desk(database=DATABASE, speaks=False)

    @hears(Said, workers=4)
    def hear(self, envelope: Envelope, fact: Fact) -> None:
        """Keep it; line: when it was said, when hearing began, when the effect was committed."""
        began = time.time()
        self.desk.hear(keep, envelope, fact)
        note(fact.note.said_at, began, time.time())  # type: ignore[attr-defined]


class InBatches:
    """Hears up to 200 facts at once."""

    name = "bench_in_batches"
    desk = Desk(database=DATABASE, speaks=False)

    @hears(Told, batch=200)
    def hear(self, said: Sequence[tuple[Envelope, Fact]]) -> None:
        """Mark the inbox for all; line: how many, and when they were kept."""
        marks = [{"_id": envelope.id} for envelope, _ in said]
        with suppress(BulkWriteError):
            self.desk.database["inbox"].insert_many(marks, ordered=False)
        note(len(marks), time.time())
